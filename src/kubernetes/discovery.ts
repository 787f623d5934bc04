import { toCollectionPath, type KindDefinition } from '../kinds/kind.ts';
import { isObject, type RawObject } from '../lib/raw-object.ts';
import { isNotFound, KubeError } from './kube-error.ts';
import { pickFrom, type Span } from './timings.ts';

/** What answers; a `KubeClient`. */
interface Asking {
  getJson(
    path: string,
    options: { readonly signal: AbortSignal; readonly timeoutMs: number },
  ): Promise<RawObject>;
}

/** What was found out of one group of the API at one time. */
interface Look {
  /** When the answer came; undefined while it is under way. */
  at?: number;
  /** When it is time for the next one. */
  dueAt?: number;
  /** The API versions of the group; none where the group is not there. */
  readonly versions: Promise<ReadonlySet<string>>;
  /** The plurals of each API version, asked for when the first kind needs them. */
  readonly plurals: Map<string, Promise<ReadonlySet<string>>>;
}

export interface DiscoveryOptions {
  /** The time for one answer. */
  readonly timeoutMs: number;
  /** How old what was found out may be. Kinds that ask within this time share one look at their group. */
  readonly freshMs: number;
}

type Asked = Pick<KindDefinition, 'apiVersion' | 'apiVersions' | 'group' | 'plural'>;

/**
 * In which API version a server has a custom resource, if it has it at all. Every account may ask for that. A list of the objects would
 * not tell: who lacks the right gets 403 for what is not installed, too.
 */
export class Discovery {
  readonly #client: Asking;
  readonly #looks = new Map<string, Look>();
  /** The version in which a kind was found, by plural and group. */
  readonly #found = new Map<string, string>();
  readonly #stop = new AbortController();

  constructor(client: Asking) {
    this.#client = client;
  }

  /**
   * The first of the API versions of a kind that the server has; undefined when it has none of them. Rejects with a `KubeError` when
   * there is no answer. A server that starts answers 503, not 404, until it knows its custom resources (Kubernetes 1.23 and later).
   */
  async find(kind: Asked, options: DiscoveryOptions): Promise<string | undefined> {
    const look = this.#lookAt(kind.group, options);
    try {
      const versions = await look.versions;
      for (const apiVersion of kind.apiVersions) {
        if (!versions.has(apiVersion)) continue;
        const plurals = await this.#pluralsOf(look, apiVersion, options);
        if (!plurals.has(kind.plural)) continue;
        this.#found.set(toKey(kind), apiVersion);
        return apiVersion;
      }
      return undefined;
    } catch (error) {
      if (this.#looks.get(kind.group) === look) this.#looks.delete(kind.group);
      // Who may not ask learns it from the list.
      if (error instanceof KubeError && error.status === 403) return this.versionOf(kind);
      throw error;
    }
  }

  /** The API version in which a kind was last found; the first of its own where it has not been looked for. For reading and for writing. */
  versionOf(kind: Asked): string {
    return this.#found.get(toKey(kind)) ?? kind.apiVersion;
  }

  /** The path of the collection of a kind, in the version of `versionOf`; `namespace` is empty for all namespaces. */
  collectionOf(kind: Asked, namespace: string): string {
    return toCollectionPath({ apiVersion: this.versionOf(kind), plural: kind.plural }, namespace);
  }

  /** How long to wait until the next look for a kind that is not there: all kinds of a group wait for the same moment, and so for one look. */
  pauseMs({ group }: Asked, span: Span): number {
    const look = this.#looks.get(group);
    if (look === undefined) return pickFrom(span);
    const now = performance.now();
    look.dueAt ??= (look.at ?? now) + pickFrom(span);
    return Math.max(0, look.dueAt - now);
  }

  /** Cuts what is under way: whoever waits for it gets a `KubeError`. */
  stop(): void {
    this.#stop.abort();
  }

  #lookAt(group: string, options: DiscoveryOptions): Look {
    const last = this.#looks.get(group);
    if (last !== undefined && (last.at === undefined || performance.now() - last.at < options.freshMs))
      return last;
    const versions = this.#ask(`/apis/${group}`, 'versions', 'groupVersion', options);
    const look: Look = {
      versions: versions.finally(() => (look.at = performance.now())),
      plurals: new Map(),
    };
    this.#looks.set(group, look);
    return look;
  }

  #pluralsOf(look: Look, apiVersion: string, options: DiscoveryOptions): Promise<ReadonlySet<string>> {
    const known = look.plurals.get(apiVersion);
    if (known !== undefined) return known;
    const asked = this.#ask(`/apis/${apiVersion}`, 'resources', 'name', options);
    look.plurals.set(apiVersion, asked);
    return asked;
  }

  /** A field of the entries of a list. None where there is no such path. */
  async #ask(
    path: string,
    list: string,
    field: string,
    { timeoutMs }: DiscoveryOptions,
  ): Promise<ReadonlySet<string>> {
    try {
      const entries = (await this.#client.getJson(path, { signal: this.#stop.signal, timeoutMs }))[list];
      const found = Array.isArray(entries) ? entries.filter(isObject).map((each) => each[field]) : [];
      return new Set(found.filter((each) => typeof each === 'string'));
    } catch (error) {
      if (isNotFound(error)) return new Set();
      throw error;
    }
  }
}

function toKey({ group, plural }: Asked): string {
  return `${plural}.${group}`;
}
