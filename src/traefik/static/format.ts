import type { FleetSettings } from '../../settings/settings.ts';
import { toStaticArgs } from './args.ts';
import { toHelmValues } from './helm.ts';
import { toDaemonSetManifest } from './manifest.ts';
import { type StaticConfigOptions, toStaticConfig } from './static-config.ts';
import { toStaticYaml } from './yaml.ts';

export const staticConfigFormats = ['yaml', 'args', 'helm', 'manifest'] as const;
export type StaticConfigFormat = (typeof staticConfigFormats)[number];

type ToText = (fleet: FleetSettings, options: StaticConfigOptions) => string;

const formats: Readonly<Record<StaticConfigFormat, ToText>> = {
  yaml: (fleet, options) => toStaticYaml(toStaticConfig(fleet, options)),
  args: (fleet, options) => toStaticArgs(toStaticConfig(fleet, options)),
  helm: toHelmValues,
  manifest: toDaemonSetManifest,
};

/** The static configuration of Traefik for a fleet, as the text of a file that ends with a line break. */
export function toStaticConfigText(
  format: StaticConfigFormat,
  fleet: FleetSettings,
  options: StaticConfigOptions,
): string {
  return formats[format](fleet, options);
}
