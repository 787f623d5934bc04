import { createHash } from 'node:crypto';
import { isObject } from '../lib/raw-object.ts';
import { sumDuration } from '../lib/units.ts';
import { ownEntryPoint, type ProviderTlsFiles, toHttpProvider } from '../traefik/static/static-config.ts';
import type { EdgeBank, ProcessConfig } from './edge-answer.ts';
import { layOver } from './lay-over.ts';

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
  /**
   * The IP address of the ports of the pool, of HTTP, and of the checks of a load balancer. Absent: all addresses of the host, and
   * loopback for the checks.
   */
  readonly bind?: string | undefined;
  /** How long connections may go on when a Traefik is told to end; absent: as the fleet says. */
  readonly graceMs?: number | undefined;
  /** More static configuration, as Traefik writes it; checked by `layOver`. */
  readonly more?: Readonly<Record<string, unknown>> | undefined;
  /** Whether a second process may listen on the same ports beside the first. */
  readonly shared: boolean;
}

/**
 * The static configuration of the Traefik of one bank on this host. It holds the token.
 * @param api Where its API answers, for nobody but `fairlead edge` and who looks for a mistake on the host.
 */
export function toProcessConfig(
  { bank, config: served }: EdgeBank,
  options: HostOptions,
  api: string,
): ProcessConfig {
  const config = layOver(served, options.more ?? {}, bank);
  const entryPoints = Object.fromEntries(
    Object.entries(config.entryPoints).map(([name, entryPoint]) => [name, toEntryPoint(entryPoint, options)]),
  );
  return {
    ...config,
    // Of two processes that share a port nobody could tell which one answers.
    entryPoints: { ...entryPoints, [ownEntryPoint]: { ...entryPoints[ownEntryPoint], address: api } },
    providers: { ...config.providers, http: toProvider(bank, options) },
    api: { dashboard: false, ...(isObject(config['api']) && config['api']), insecure: true },
    // `fairlead edge` puts each line into its own log, with its level.
    log: { ...(isObject(config['log']) && config['log']), format: 'json' },
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
  return {
    ...entryPoint,
    ...(bind !== undefined && { address: bindTo(bind, address) }),
    ...(shared && { reusePort: true }),
    ...(graceMs !== undefined &&
      lifeCycle !== undefined && {
        transport: { ...transport, lifeCycle: { ...lifeCycle, graceTimeOut: `${graceMs}ms` } },
      }),
  };
}

/** The address with another IP address, but for one that says itself which of the host's it means. */
function bindTo(ip: string, address: string): string {
  const [, port] = /^(?:127\.0\.0\.1)?(:.*)$/.exec(address) ?? [];
  if (port === undefined) return address;
  return `${ip.includes(':') ? `[${ip}]` : ip}${port}`;
}

/** Equal for configurations that differ at most in where the API of the process answers. */
export function toFingerprint(config: ProcessConfig): string {
  const { [ownEntryPoint]: _, ...entryPoints } = config.entryPoints;
  return createHash('sha256')
    .update(JSON.stringify({ ...config, entryPoints }))
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
