import type { EchoInstructions } from '../echo-instructions.ts';

/** Where a probe goes in: an entryPoint that both arms have. */
export type Entrance = 'web' | 'websecure' | 'ep1' | 'ep2';

/** One question to both arms: some equal requests, one after the other, from a client of its own. */
export interface Probe {
  readonly host: string;
  /** Default `/`. */
  readonly path?: string;
  /** Default `web`. */
  readonly entrance?: Entrance;
  /** Default: on `websecure`. */
  readonly tls?: boolean;
  /** The name for SNI, where it is not the host. */
  readonly sni?: string;
  /** Default GET. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** How many bytes of body. */
  readonly bodyBytes?: number;
  /** The client's address; default one that no other probe has. */
  readonly from?: string;
  /** What is asked of the servers behind, see `EchoInstructions`. */
  readonly echo?: EchoInstructions;
  /** How many requests; default 4, or 1 where no server behind answers. */
  readonly times?: number;
  /** All at once. */
  readonly together?: boolean;
  /** Cookies of an answer are sent with the next request. */
  readonly keepCookies?: boolean;
  /** A certificate of the client: `edge-client` is from the authority of the cases, `unrelated` from nobody. */
  readonly certificate?: 'edge-client' | 'unrelated';
}

/** A probe in one line, as reports name it. */
export function toProbeText(probe: Probe): string {
  const { host, path = '/', entrance = 'web', method = 'GET', headers = {}, tls } = probe;
  const scheme = (tls ?? entrance === 'websecure') ? 'https' : 'http';
  const at = entrance === 'web' || entrance === 'websecure' ? '' : ` at ${entrance}`;
  const rest = Object.entries(headers).map(([name, value]) => ` ${name}: ${value}`);
  const more = (['sni', 'from', 'bodyBytes', 'times', 'certificate'] as const)
    .filter((name) => probe[name] !== undefined)
    .map((name) => ` ${name}=${probe[name]}`);
  const echo = probe.echo === undefined ? '' : ` echo=${JSON.stringify(probe.echo)}`;
  return `${method} ${scheme}://${host}${path}${at}${rest.join(',')}${more.join('')}${echo}`;
}
