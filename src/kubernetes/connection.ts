import { statSync } from 'node:fs';
import type { RequestOptions } from 'node:https';
import type { ConnectionOptions } from 'node:tls';
import type { KubeConfig } from '@kubernetes/client-node';
import { AccessError } from './access-error.ts';
import { readKubeConfig, toShownPaths, type ClusterPlace } from './kube-config.ts';

type TlsField = 'ca' | 'cert' | 'key' | 'passphrase' | 'pfx' | 'rejectUnauthorized' | 'servername';
/** What a kubeconfig says about TLS. */
export type TlsOptions = Pick<ConnectionOptions, TlsField>;

/** How one request reaches the API server: its address, the headers that authenticate it, and what TLS needs. */
export interface Connection {
  readonly server: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TlsOptions;
  readonly proxy: string | undefined;
  /** Which reading of the credentials it comes from, for `renew`. */
  readonly config: KubeConfig;
}

/** The address and credentials of a cluster, read when first needed and again when they are refused. */
export class Connections {
  readonly #place: ClusterPlace;
  #config: KubeConfig | undefined;
  #stamp: string | undefined;
  #pending: Promise<Connection> | undefined;

  constructor(place: ClusterPlace) {
    this.#place = place;
  }

  /** Rejects with an `AccessError` when the files cannot be read or the credential plugin fails. */
  current(): Promise<Connection> {
    // Shared while it runs: five kinds that start together must not start a credential plugin five times.
    this.#pending ??= this.#read().finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  /** Forgets the credentials that were refused, unless they have been replaced already. */
  renew(refused: Connection): void {
    if (this.#config === refused.config) this.#config = undefined;
  }

  async #read(): Promise<Connection> {
    try {
      const stamp = readStamp(this.#place.kubeconfig);
      // Tools that log in rewrite the file, and so does who makes a cluster again, with another authority.
      if (stamp !== undefined && stamp !== this.#stamp) this.#config = undefined;
      this.#stamp = stamp ?? this.#stamp;
      this.#config ??= readKubeConfig(this.#place);
      return await toConnection(this.#config);
    } catch (error) {
      throw toAccessError(error, this.#place);
    }
  }
}

/** What is left is about what the kubeconfig names: files of tokens and certificates, a credential plugin. */
function toAccessError(error: unknown, { kubeconfig }: ClusterPlace): AccessError {
  if (error instanceof AccessError) return error;
  const why = error instanceof Error && error.message !== '' ? error.message : String(error);
  return kubeconfig === null
    ? new AccessError(
        `the service account of the pod cannot be used: ${why}`,
        'give the pod a serviceAccountName, and do not set automountServiceAccountToken: false',
      )
    : new AccessError(
        `the credentials that the kubeconfig ${toShownPaths(kubeconfig)} names cannot be used: ${why}`,
        'check the files and the credential plugin of its user',
      );
}

/** Changes when one of the files does; undefined when there is none, or none can be looked at. */
function readStamp(kubeconfig: ClusterPlace['kubeconfig']): string | undefined {
  const stamps = [kubeconfig ?? []].flat().flatMap((path) => {
    try {
      const stats = statSync(path);
      return `${stats.mtimeMs} ${stats.size} ${stats.ino}`;
    } catch {
      return [];
    }
  });
  return stamps.length === 0 ? undefined : stamps.join();
}

async function toConnection(config: KubeConfig): Promise<Connection> {
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new Error('The kubeconfig names no cluster.');
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const { ca, cert, key, pfx, passphrase, servername, rejectUnauthorized } = options;
  const tls = { ca, cert, key, pfx, passphrase, servername, rejectUnauthorized };
  return {
    server: cluster.server.replace(/\/+$/, ''),
    headers: toHeaders(options),
    tls: Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined && value !== null)),
    proxy: cluster.proxyUrl,
    config,
  };
}

function toHeaders(options: RequestOptions): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  if (typeof options.auth === 'string') {
    headers['authorization'] = `Basic ${Buffer.from(options.auth).toString('base64')}`;
  }
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    // Token files often end with a newline, which no header may hold.
    if (typeof value === 'string') headers[name.toLowerCase()] = value.trim();
  }
  return headers;
}
