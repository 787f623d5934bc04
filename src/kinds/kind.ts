import type { Kind, Meta, ObjectOf, SourceObject } from '../model/objects.ts';
import type { Report } from '../model/problem.ts';
import type { RawObject } from '../lib/raw-object.ts';

/** What objects can be looked up by besides their names, as one string; made by `index-keys.ts`. */
export type IndexKey = string;

/** How a kind is read from a cluster. */
export interface ClusterReading {
  /** Leaves out, at the server, what no route can use. */
  readonly fieldSelector?: string;
  /** The one object that is read of it: a role need not let others be read. */
  readonly name?: string;
  /** Objects in one answer, for kinds whose objects may be as large as a megabyte; the usual number when not given. */
  readonly pageSize?: number;
  /** A custom resource, which a cluster may do without: where it is not installed, there are no objects of it. */
  readonly optional?: true;
}

/** What one file of this folder declares of its kind. */
export interface KindDeclaration<K extends Kind, Routed extends boolean> {
  readonly kind: K;
  /**
   * Every `apiVersion` that is read in manifests. A cluster is asked for the first; for a custom resource, for the first of them that it
   * has (`kubernetes/discovery.ts`).
   */
  readonly apiVersions: readonly [string, ...string[]];
  /** As in the paths of the API and in roles. */
  readonly plural: string;
  /** What `fairlead explain` takes besides kind and plural; the same as kubectl's. */
  readonly shortNames: readonly string[];
  readonly namespaced: boolean;
  /** Whether routes are made of it (`translate/`); other kinds are only looked up by those that are. */
  readonly routed: Routed;
  /** Undefined: it is read from folders only. */
  readonly cluster: ClusterReading | undefined;
  /** One and the same object may stand in several places of a folder, as people do with it. Of other kinds that is a problem. */
  readonly repeatable?: true;
  /** Narrows one object. Undefined when too much of it is malformed; each fault has been reported. */
  readonly read: (raw: RawObject, meta: Meta, report: Report) => ObjectOf<K> | undefined;
  /** What it can be looked up by besides its name. */
  readonly index?: (object: ObjectOf<K>) => readonly IndexKey[];
}

/** All that is to be known of a kind of object. */
export interface KindDefinition<K extends Kind = Kind, Routed extends boolean = boolean> extends Omit<
  KindDeclaration<K, Routed>,
  'index'
> {
  /** The first of `apiVersions`. */
  readonly apiVersion: string;
  /** The group of that, as roles name it; empty for the core. */
  readonly group: string;
  /** What an object can be looked up by besides its name; nothing for an object of another kind. */
  readonly toIndexKeys: (object: SourceObject) => readonly IndexKey[];
}

/** A kind that is read from clusters. */
export type WatchedKind = KindDefinition & { readonly cluster: ClusterReading };

const noKeys: readonly IndexKey[] = [];

/** Completes what a file declares. */
export function defineKind<const K extends Kind, const Routed extends boolean>(
  declaration: KindDeclaration<K, Routed>,
): KindDefinition<K, Routed> {
  const { index, ...rest } = declaration;
  const [apiVersion] = declaration.apiVersions;
  const toIndexKeys = (object: SourceObject): readonly IndexKey[] =>
    index !== undefined && isOfKind(object, declaration.kind) ? index(object) : noKeys;
  return { ...rest, apiVersion, group: toGroup(apiVersion), toIndexKeys };
}

/** Whether an object is of a kind. */
export function isOfKind<K extends Kind>(object: SourceObject | undefined, kind: K): object is ObjectOf<K> {
  return object?.kind === kind;
}

/** The group of an API version; empty for the core. */
export function toGroup(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.lastIndexOf('/')) : '';
}

/** The path of the collection; `namespace` is empty for all namespaces. */
export function toCollectionPath(
  { apiVersion, plural }: Pick<KindDefinition, 'apiVersion' | 'plural'>,
  namespace: string,
): string {
  const root = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
  return namespace === '' ? `${root}/${plural}` : `${root}/namespaces/${namespace}/${plural}`;
}
