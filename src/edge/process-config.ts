import { createHash } from 'node:crypto';
import { sumDuration } from '../lib/units.ts';
import { ownEntryPoint, type ProviderTlsFiles, toHttpProvider } from '../traefik/static/static-config.ts';
import { toYaml } from '../traefik/static/yaml.ts';
import type { EdgeBank, ProcessConfig } from './edge-answer.ts';

/** What the Traefiks of this host have in common. */
export interface HostOptions {
  /** The URL of the provider listener, without `/` at its end. */
  readonly server: string;
  readonly fleet: string;
  readonly holdMs: number;
  /** Sent as `X-Fairlead-Host`: by it Fairlead tells the hosts of a fleet apart. */
  readonly host: string;
  readonly token?: string | undefined;
  readonly tls?: ProviderTlsFiles | undefined;
  /** For entryPoints that name no address of their own. Absent: all addresses of the host. */
  readonly bind?: string | undefined;
  /** How long connections may go on when a Traefik is told to end; absent: as the fleet says. */
  readonly graceMs?: number | undefined;
  /** Whether a second process may listen on the same ports beside the first. */
  readonly shared: boolean;
}

/**
 * The static configuration of the Traefik of one bank on this host. It holds the token.
 * @param api Where its API answers, for nobody but `fairlead edge` and who looks for a mistake on the host.
 */
export function toProcessConfig(
  { bank, config }: EdgeBank,
  options: HostOptions,
  api: string,
): ProcessConfig {
  const entryPoints = { ...config.entryPoints, [ownEntryPoint]: { address: api } };
  return {
    ...config,
    entryPoints: Object.fromEntries(
      Object.entries(entryPoints).map(([name, entryPoint]) => [name, toEntryPoint(entryPoint, options)]),
    ),
    providers: { ...config.providers, http: toProvider(bank, options) },
    api: { insecure: true, dashboard: false },
    // `fairlead edge` puts each line into its own log, with its level.
    log: { format: 'json' },
  };
}

function toProvider(bank: number, { server, fleet, holdMs, token, tls, host }: HostOptions) {
  const path = bank === 0 ? fleet : `${fleet}/${bank}`;
  const providerUrl = `${server}/traefik/${path}`;
  const provider = toHttpProvider({ providerUrl, holdMs, token: token !== undefined, tls }, token ?? '');
  return { ...provider, headers: { ...provider.headers, 'X-Fairlead-Host': host } };
}

type EntryPoint = ProcessConfig['entryPoints'][string];

function toEntryPoint(entryPoint: EntryPoint, { bind, graceMs, shared }: HostOptions): EntryPoint {
  const { address, transport } = entryPoint;
  const { lifeCycle } = transport ?? {};
  const isIPv6 = bind?.includes(':') === true;
  return {
    ...entryPoint,
    ...(bind !== undefined &&
      address.startsWith(':') && { address: `${isIPv6 ? `[${bind}]` : bind}${address}` }),
    ...(shared && { reusePort: true }),
    ...(graceMs !== undefined &&
      lifeCycle !== undefined && {
        transport: { ...transport, lifeCycle: { ...lifeCycle, graceTimeOut: `${graceMs}ms` } },
      }),
  };
}

/** Equal for configurations that differ at most in where the API of the process answers. */
export function toFingerprint(config: ProcessConfig): string {
  const { [ownEntryPoint]: _, ...entryPoints } = config.entryPoints;
  return createHash('sha256')
    .update(toYaml({ ...config, entryPoints }))
    .digest('hex');
}

/** Whether another process may listen on the same ports beside one that was started with this. */
export function isShared({ entryPoints }: ProcessConfig): boolean {
  return Object.values(entryPoints).every(({ reusePort }) => reusePort === true);
}

/** How long a Traefik with this configuration may take to end when it is told to, in milliseconds. */
export function toEndMs({ entryPoints }: ProcessConfig): number {
  const times = Object.values(entryPoints).map(({ transport }) => {
    const { requestAcceptGraceTimeout = '', graceTimeOut = '' } = transport?.lifeCycle ?? {};
    return (sumDuration(requestAcceptGraceTimeout) ?? 0) + (sumDuration(graceTimeOut) ?? defaultGraceMs);
  });
  return Math.max(0, ...times);
}

/** That of Traefik. */
const defaultGraceMs = 10_000;

/** Where the API of a process answers. */
export function toApiAddress({ entryPoints }: ProcessConfig): string {
  return entryPoints[ownEntryPoint]?.address ?? '';
}
