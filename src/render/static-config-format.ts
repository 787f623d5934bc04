import type { FleetSettings } from '../settings/settings.ts';
import { toStaticArgs } from './static-config-args.ts';
import { toHelmValues } from './static-config-helm.ts';
import { toDaemonSetManifest } from './static-config-manifest.ts';
import { type StaticConfigOptions, toStaticConfig } from './static-config.ts';
import { toStaticYaml } from './static-config-yaml.ts';

export const staticConfigFormats = ['yaml', 'args', 'helm', 'manifest'] as const;
export type StaticConfigFormat = (typeof staticConfigFormats)[number];

/** The static configuration of Traefik for a fleet, as the text of a file that ends with a line break. */
export function toStaticConfigText(
  format: StaticConfigFormat,
  fleet: FleetSettings,
  options: StaticConfigOptions,
): string {
  switch (format) {
    case 'yaml':
      return toStaticYaml(toStaticConfig(fleet, options));
    case 'args':
      return toStaticArgs(toStaticConfig(fleet, options));
    case 'helm':
      return toHelmValues(fleet, options);
    case 'manifest':
      return toDaemonSetManifest(fleet, options);
  }
}
