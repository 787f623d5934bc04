import { stringify } from 'yaml';
import type { StaticConfig } from './static-config.ts';

/** Plain YAML that a reader of YAML 1.1 takes alike, in the order of the fields. */
export function toYaml(value: unknown): string {
  return stringify(value, { compat: 'yaml-1.1', lineWidth: 0, aliasDuplicateObjects: false });
}

/** `traefik.yml`. Traefik puts no environment variables into this file: a placeholder for a token is for `envsubst`. */
export function toStaticYaml(config: StaticConfig): string {
  return `# Static configuration of Traefik, made by \`fairlead traefik\`. Traefik reads it at its start only.
# readTimeout: time for a client to send a request with its body; answers may take as long as they like. graceTimeOut: time for open
# connections to end when Traefik is asked to end, so give it that (systemd: TimeoutStopSec).
${toYaml(config)}`;
}
