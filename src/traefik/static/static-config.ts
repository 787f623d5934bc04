import type { FleetSettings } from '../../settings/settings.ts';
import { lifeCycle, toProxyProtocol, type EntryPoint } from './entry-point.ts';
import { toExperimental, type Experimental, type PluginFiles } from './local-plugins.ts';
import { listListenerEntryPoints } from './listener-entry-points.ts';
import { listPoolEntryPoints } from './pool-entry-points.ts';

export interface StaticConfigOptions {
  /** Which bank of the fleet the Traefik is; default 0, which has all that is no pool port as well. */
  readonly bank?: number;
  /** The URL that Traefik polls, such as `http://127.0.0.1:9080/traefik/default`. */
  readonly providerUrl: string;
  /** How long the provider holds a request that has nothing new, in milliseconds. */
  readonly holdMs: number;
  /**
   * Whether the provider asks for a bearer token. Then the header holds `${FAIRLEAD_TOKEN}`, or what the format has for an
   * environment variable, and never a token itself.
   */
  readonly token: boolean;
  /** For an `https` URL; absent: the host of Traefik trusts the authority, and no certificate is asked for. */
  readonly tls?: ProviderTlsFiles | undefined;
  /** What the formats hold that make what runs Traefik as well, of a fleet with the plugin. */
  readonly pluginFiles?: PluginFiles;
}

/** Paths where Traefik runs: of the authority of the provider, and of its own certificate and key. */
export interface ProviderTlsFiles {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** Traefik's static configuration as it stands in `traefik.yml`. */
export interface StaticConfig {
  readonly entryPoints: Readonly<Record<string, EntryPoint>>;
  readonly providers: {
    readonly providersThrottleDuration: string;
    readonly http: HttpProvider;
  };
  readonly ping: { readonly entryPoint?: string };
  readonly api?: { readonly insecure: true; readonly dashboard: false };
  readonly experimental?: Experimental;
}

export interface HttpProvider {
  readonly endpoint: string;
  readonly pollInterval: string;
  readonly pollTimeout: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly tls?: ProviderTlsFiles;
}

/** The variable that holds the bearer token where Traefik runs. */
export const tokenVariable = 'FAIRLEAD_TOKEN';

/**
 * How long a client may take to send a request with its body: Traefik's 60 s cut uploads of 200 MB below 27 Mbit/s, and no limit
 * at all lets slow clients hold connections for ever. It does not limit the answer: `writeTimeout` does, which is off by default.
 * Behind TLS a request may be a stream of gRPC, whose client goes on sending for hours.
 */
export const readTimeouts = { http: '600s', https: '12h' } as const;

/** What the two entryPoints of HTTP have in common in every format. */
export function toWebTransport(readTimeout: string) {
  return { respondingTimeouts: { readTimeout }, lifeCycle };
}

/** The name of the entryPoint for the API on a host, which shows what Traefik made of its configuration. */
export const ownEntryPoint = 'traefik';

/**
 * The port for `/ready`, and `/ping`. Each bank has one of its own, since several may run on one host network; and none that a listener
 * of Gateways may have.
 */
export function toReadyPort({ listeners }: Pick<FleetSettings, 'listeners'>, bank: number): number {
  return bank === 0 && !listeners.has(8082) ? 8082 : 17_000 + bank;
}

/** The port for the API on a host, or for `/ping` where the fleet has no entryPoint for `/ready`. */
export function toApiPort({ listeners }: Pick<FleetSettings, 'listeners'>, bank: number): number {
  return bank === 0 && !listeners.has(8080) ? 8080 : 18_000 + bank;
}

/** The static configuration of a Traefik on a host that serves a bank of this fleet. The same fleet and bank give the same one. */
export function toStaticConfig(fleet: FleetSettings, options: StaticConfigOptions): StaticConfig {
  const { bank = 0 } = options;
  const experimental = toExperimental(fleet, bank);
  return {
    entryPoints: {
      ...(bank === 0 ? toWebEntryPoints(fleet) : {}),
      ...toOwnEntryPoints(fleet, bank),
      ...Object.fromEntries(
        listPoolEntryPoints(fleet, bank).map(({ name, port, protocol, options: more }) => [
          name,
          { address: `:${port}/${protocol}`, ...more },
        ]),
      ),
    },
    providers: {
      // The provider debounces by itself: the default of 2 s would only delay.
      providersThrottleDuration: '100ms',
      http: toHttpProvider(options, `\${${tokenVariable}}`),
    },
    ping: toPing(fleet),
    api: { insecure: true, dashboard: false },
    ...(experimental && { experimental }),
  };
}

function toWebEntryPoints(fleet: FleetSettings): StaticConfig['entryPoints'] {
  const { http, https } = fleet.entryPoints;
  const proxied = toProxyProtocol(fleet, 'http');
  return {
    // Without a default, a router that names no entryPoint attaches to all, the whole pool included.
    [http]: { address: ':80', asDefault: true, ...proxied, transport: toWebTransport(readTimeouts.http) },
    [https]: { address: ':443', asDefault: true, ...proxied, transport: toWebTransport(readTimeouts.https) },
    // Either may be on them: the time of what may be a stream.
    ...Object.fromEntries(
      listListenerEntryPoints(fleet).map(({ name, port }) => [
        name,
        { address: `:${port}`, ...proxied, transport: toWebTransport(readTimeouts.https) },
      ]),
    ),
  };
}

function toOwnEntryPoints(fleet: FleetSettings, bank: number): StaticConfig['entryPoints'] {
  const { ready } = fleet.entryPoints;
  // The default of a bank without web ports, for the same reason.
  const asDefault = bank === 0 ? {} : ({ asDefault: true } as const);
  return {
    ...(ready !== undefined && {
      [ready]: { address: `127.0.0.1:${toReadyPort(fleet, bank)}`, ...asDefault },
    }),
    [ownEntryPoint]: {
      address: `127.0.0.1:${toApiPort(fleet, bank)}`,
      ...(ready === undefined && asDefault),
    },
  };
}

/** `/ping` tells that Traefik runs. It is beside `/ready`, since the API and a dashboard would answer in its place. */
export function toPing({ entryPoints: { ready } }: Pick<FleetSettings, 'entryPoints'>): StaticConfig['ping'] {
  return ready === undefined ? {} : { entryPoint: ready };
}

/** The provider block, with the text that stands for the token in the format at hand. */
export function toHttpProvider(options: StaticConfigOptions, token: string): HttpProvider {
  return {
    endpoint: options.providerUrl,
    // A request that is held longer than this is followed by the next at once: that makes the poll a push. Changes that
    // come faster wait for the next tick, so it is short; where nothing is held it would only cost bodies.
    pollInterval: options.holdMs >= 1000 ? '200ms' : '1s',
    pollTimeout: `${Math.max(5, Math.ceil(options.holdMs / 1000) + 1)}s`,
    ...(options.token && { headers: { Authorization: `Bearer ${token}` } }),
    ...(options.tls && { tls: options.tls }),
  };
}
