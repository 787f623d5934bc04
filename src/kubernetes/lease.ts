import type { KubeClient } from './kube-client.ts';
import { isNotFound } from './kube-error.ts';
import { isObject, type RawObject } from '../lib/raw-object.ts';

/** On a Lease, the ledger that its holder writes, as `namespace/name`: by it two installations on one ledger are found. */
export const ledgerAnnotation = 'fairlead.dev/ledger';

/** A Lease of coordination.k8s.io/v1 as it was read or written. */
export interface Lease {
  /** Changes with every write. */
  readonly version: string;
  /** Empty: nobody. */
  readonly holder: string;
  /** For how long the holder counts as alive after its last write; undefined when the Lease does not say. */
  readonly durationMs: number | undefined;
  readonly transitions: number;
  /** The whole object: what others wrote into it stays in it. */
  readonly raw: RawObject;
}

/** Who is to hold the Lease from now on. */
export interface Tenure {
  /** Empty: nobody. */
  readonly holder: string;
  readonly durationMs: number;
  /** For people who look at it; nothing is decided by it. */
  readonly now: Date;
}

interface LeaseRequest {
  readonly signal?: AbortSignal;
  readonly timeoutMs: number;
}

/** The requests for one Lease. Everything rejects with a `KubeError`. */
export class LeaseStore {
  readonly #client: KubeClient;
  readonly #collection: string;
  readonly #name: string;
  readonly #annotations: Readonly<Record<string, string>>;

  /** @param ledger The ledger that the holder writes; absent: none in the cluster. */
  constructor(client: KubeClient, namespace: string, name: string, ledger?: string) {
    this.#annotations = ledger === undefined ? {} : { [ledgerAnnotation]: ledger };
    this.#client = client;
    this.#collection = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
    this.#name = name;
  }

  /** Undefined when there is none yet. */
  async read(request: LeaseRequest): Promise<Lease | undefined> {
    try {
      return toLease(await this.#client.getJson(`${this.#collection}/${this.#name}`, request));
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** Writes a tenure over the Lease that was read, or makes one. Rejects with 409 when it has changed since. */
  async write(previous: Lease | undefined, tenure: Tenure, request: LeaseRequest): Promise<Lease> {
    const spec = toSpec(previous, tenure);
    if (previous === undefined) {
      const metadata = { name: this.#name, annotations: this.#annotations };
      const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec };
      return toLease(await this.#client.create(this.#collection, lease, request));
    }
    const former = isObject(previous.raw['metadata']) ? previous.raw['metadata'] : {};
    const annotations = {
      ...(isObject(former['annotations']) && former['annotations']),
      ...this.#annotations,
    };
    const lease = { ...previous.raw, metadata: { ...former, annotations }, spec };
    return toLease(await this.#client.replace(`${this.#collection}/${this.#name}`, lease, request));
  }
}

function toSpec(previous: Lease | undefined, { holder, durationMs, now }: Tenure): RawObject {
  // Kubernetes wants microseconds.
  const time = now.toISOString().replace('Z', '000Z');
  const specOf = previous?.raw['spec'];
  const isNew = previous === undefined || previous.holder !== holder;
  return {
    ...(isObject(specOf) && specOf),
    holderIdentity: holder,
    leaseDurationSeconds: Math.max(1, Math.ceil(durationMs / 1000)),
    renewTime: time,
    ...(isNew && { acquireTime: time }),
    leaseTransitions:
      (previous?.transitions ?? 0) + (isNew && holder !== '' && previous !== undefined ? 1 : 0),
  };
}

function toLease(raw: RawObject): Lease {
  const metadata = isObject(raw['metadata']) ? raw['metadata'] : {};
  const spec = isObject(raw['spec']) ? raw['spec'] : {};
  const { holderIdentity, leaseDurationSeconds, leaseTransitions } = spec;
  return {
    version: typeof metadata['resourceVersion'] === 'string' ? metadata['resourceVersion'] : '',
    holder: typeof holderIdentity === 'string' ? holderIdentity : '',
    durationMs: typeof leaseDurationSeconds === 'number' ? leaseDurationSeconds * 1000 : undefined,
    transitions: typeof leaseTransitions === 'number' ? leaseTransitions : 0,
    raw,
  };
}
