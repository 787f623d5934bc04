import type { Facts, TraefikFacts } from '../../../src/doctor/facts.ts';
import { readStaticText } from '../../../src/doctor/gather/read-static.ts';
import { toDocument } from '../../../src/settings/config-file.ts';
import { resolveSettings } from '../../../src/settings/resolve-settings.ts';
import type { FleetSettings, Settings } from '../../../src/settings/settings.ts';
import { toStaticConfig } from '../../../src/traefik/static/static-config.ts';
import { toYaml } from '../../../src/traefik/static/yaml.ts';

export function toSettings(value: object = {}): Settings {
  return resolveSettings({
    document: toDocument(value),
    env: {},
    folder: '/',
    sources: [{ name: 'prod', directory: { path: '/manifests' } }],
  });
}

export const revision = '0123456789abcdef';
const providerUrl = 'http://127.0.0.1:9080/traefik/default';

/** What `fairlead traefik` prints for the first fleet. */
export function toStatic(settings: Settings, change = (text: string) => text): string {
  const [fleet] = settings.fleets;
  if (fleet === undefined) throw new Error('no fleet');
  const { holdMs, tokens } = settings.provider;
  return change(toYaml(toStaticConfig(fleet, { providerUrl, holdMs, token: tokens.length > 0 })));
}

/** A Traefik that was started with it, and is well; with what is otherwise. */
export function toTraefik(
  settings: Settings,
  more: Partial<TraefikFacts> = {},
  change?: (text: string) => string,
): TraefikFacts {
  const facts = readStaticText(toStatic(settings, change));
  if (typeof facts === 'string') throw new Error(facts);
  return {
    name: 'http://127.0.0.1:8080',
    fleet: settings.fleets[0] as FleetSettings,
    bank: 0,
    isFile: false,
    error: null,
    version: '3.7.2',
    revision,
    clockAheadMs: 300,
    faults: [],
    ...facts,
    ...more,
  };
}

/** A set-up in which all is well. */
export function toFacts(settings: Settings = toSettings(), more: Partial<Facts> = {}): Facts {
  return {
    settings,
    traefiks: [toTraefik(settings)],
    host: {
      ephemeral: toRange(32_768, 60_999),
      reserved: [],
      listeners: [
        { protocol: 'tcp', port: 20_000, program: 'traefik' },
        { protocol: 'tcp', port: 20_001, program: null },
        { protocol: 'tcp', port: 22, program: 'sshd' },
      ],
    },
    clusters: [
      {
        source: 'prod',
        error: null,
        clockAheadMs: -400,
        lacking: [],
        leases: [{ lease: 'a/b', ledger: 'a/c' }],
      },
    ],
    ingresses: [],
    routes: [],
    problems: [],
    server: {
      url: 'http://127.0.0.1:9080',
      error: null,
      clockAheadMs: 0,
      revisions: new Map([['default', revision]]),
    },
    ...more,
  };
}

export function toRange(from: number, to: number): NonNullable<Facts['host']['ephemeral']> {
  return { from, to } as NonNullable<Facts['host']['ephemeral']>;
}
