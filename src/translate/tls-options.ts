import { createHash } from 'node:crypto';
import type { HostMatch } from '../routes/match.ts';
import type { HostTlsOptions } from '../routes/tls-options.ts';
import type { FleetSettings } from '../settings/settings.ts';
import { joinName } from '../traefik/names.ts';
import { toStableJson } from '../traefik/stable-json.ts';
import type { TlsOptions } from '../traefik/tls.ts';
import { knowsWildcardHosts } from '../traefik/versions.ts';

/**
 * TLS options of our own, such as client certificates: the same for all who ask for the same.
 * @param names Keep them from the same ones of others. Traefik answers 421 where a connection was made with other options than those of
 * the host that it is asked for, so that hosts with options of their own share no connection.
 */
export function toOwnOptions(value: TlsOptions, ...names: readonly string[]): HostTlsOptions {
  const hash = createHash('sha256').update(toStableJson(value)).digest('hex').slice(0, 40);
  return { kind: 'own', key: joinName('~tls-options', ...names, hash), value };
}

/** Whether routes for a host can have TLS options: Traefik finds them by the names in `Host`, and takes the default ones for a rule that has none. */
export function mayHaveOptions(host: HostMatch, { traefik }: Pick<FleetSettings, 'traefik'>): boolean {
  if (host.kind === 'wildcard') return host.labels === 'one' && knowsWildcardHosts(traefik);
  return host.kind === 'exact';
}
