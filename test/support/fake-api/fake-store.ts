import { isDeepStrictEqual } from 'node:util';
import { ApiError, expired, notFound } from './api-error.ts';
import { applyPatch, mergePatch, textAt, toJson, type Json } from './json.ts';
import type { ResourceType, Target } from './resource-types.ts';
import { toCreated, toManagedFields, toWritten } from './stored-object.ts';

/** One change, as watches report it. */
export interface StoreEvent {
  readonly type: ResourceType;
  readonly namespace: string;
  readonly version: number;
  readonly before: Json | undefined;
  /** Of a deleted object its last state, under the version of the deletion. */
  readonly after: Json;
  readonly isDeleted: boolean;
}

/** The objects of a cluster and their history, with the rules of the API for writing them. */
export class FakeStore {
  readonly #objects = new Map<string, Json>();
  /** What each manager applied last, by object. */
  readonly #applied = new Map<string, Json>();
  readonly #changed: (event: StoreEvent) => void;
  #history: StoreEvent[] = [];
  #version = 1;
  #oldest = 1;

  constructor(changed: (event: StoreEvent) => void) {
    this.#changed = changed;
  }

  get version(): number {
    return this.#version;
  }

  get(target: Target): Json {
    return this.#objects.get(toKey(target)) ?? fail(notFound(toWhat(target)));
  }

  /** Those of a collection, by namespace and name. */
  list({ type, namespace }: Target): readonly Json[] {
    const prefix = namespace === '' ? `${type.plural}|` : `${type.plural}|${namespace}/`;
    const found = [...this.#objects].filter(([key]) => key.startsWith(prefix));
    return found.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
  }

  /** The objects of a collection as if each had just been created. */
  present(target: Target): readonly StoreEvent[] {
    return this.list(target).map((after) => {
      const namespace = textAt(after, 'metadata.namespace');
      const version = Number(textAt(after, 'metadata.resourceVersion'));
      return { type: target.type, namespace, version, before: undefined, after, isDeleted: false };
    });
  }

  /** What has happened since a version. @throws ApiError 410 when that is forgotten. */
  since(version: number): readonly StoreEvent[] {
    if (version < this.#oldest) throw expired();
    return this.#history.filter((event) => event.version > version);
  }

  create(target: Target, object: Json, manager: string): Json {
    const named = { ...target, name: textAt(object, 'metadata.name') };
    if (this.#objects.has(toKey(named)))
      throw new ApiError(409, 'AlreadyExists', `${toWhat(named)} already exists`);
    if (!/^[a-z0-9]([-.:a-z0-9]*[a-z0-9])?$/.test(named.name))
      throw new ApiError(422, 'Invalid', `${target.type.kind} "${named.name}" is invalid: metadata.name`);
    return this.#put(named, toCreated(target.type, target.namespace, object), undefined, manager);
  }

  replace(target: Target, object: Json, manager: string): Json {
    return this.#write(target, manager, () => object);
  }

  merge(target: Target, patch: Json, manager: string): Json {
    return this.#write(target, manager, (before) => toJson(mergePatch(before, patch)));
  }

  apply(target: Target, object: Json, manager: string): Json {
    const key = `${manager} ${toKey(target)}`;
    const former = this.#applied.get(key);
    this.#applied.set(key, structuredClone(object));
    if (!this.#objects.has(toKey(target))) return this.create(target, object, manager);
    return this.#write(target, manager, (before) => toJson(applyPatch(before, object, former)));
  }

  delete(target: Target): Json {
    const before = this.get(target);
    const after = withMetadata(before, { resourceVersion: String((this.#version += 1)) });
    this.#objects.delete(toKey(target));
    for (const key of this.#applied.keys()) if (key.endsWith(` ${toKey(target)}`)) this.#applied.delete(key);
    this.#record(target, before, after, true);
    return after;
  }

  /** Forgets the history. */
  compact(): void {
    this.#history = [];
    this.#oldest = this.#version;
  }

  #write(target: Target, manager: string, change: (before: Json) => Json): Json {
    const before = this.get(target);
    const next = change(before);
    const [was, is] = [toJson(before['metadata']), toJson(next['metadata'])];
    if (is['resourceVersion'] !== undefined && is['resourceVersion'] !== was['resourceVersion']) {
      const why =
        'the object has been modified; please apply your changes to the latest version and try again';
      throw new ApiError(409, 'Conflict', `Operation cannot be fulfilled on ${toWhat(target)}: ${why}`);
    }
    return this.#put(target, toWritten(target.type, before, next, target.subresource), before, manager);
  }

  #put(target: Target, next: Json, before: Json | undefined, manager: string): Json {
    const { resourceVersion } = toJson(before?.['metadata']);
    const managedFields = toManagedFields(before ?? {}, next, manager);
    const same = withMetadata(next, { resourceVersion, managedFields });
    // A write that changes nothing makes no version.
    if (before !== undefined && isDeepStrictEqual(strip(before), strip(same))) return before;
    const after = structuredClone(withMetadata(same, { resourceVersion: String((this.#version += 1)) }));
    this.#objects.set(toKey(target), after);
    this.#record(target, before, after, false);
    return after;
  }

  #record({ type, namespace }: Target, before: Json | undefined, after: Json, isDeleted: boolean): void {
    const event = { type, namespace, version: this.#version, before, after, isDeleted };
    this.#history.push(event);
    this.#changed(event);
  }
}

function toKey({ type, namespace, name }: Target): string {
  return `${type.plural}|${namespace}/${name}`;
}

function toWhat({ type, name }: Target): string {
  const group = type.apiVersion.includes('/') ? `.${type.apiVersion.replace(/\/.*$/, '')}` : '';
  return `${type.plural}${group} "${name}"`;
}

function withMetadata(object: Json, changes: Json): Json {
  return { ...object, metadata: { ...toJson(object['metadata']), ...changes } };
}

/** What makes two states of an object different. */
function strip(object: Json): unknown {
  const { managedFields: _, ...metadata } = toJson(object['metadata']);
  return JSON.parse(JSON.stringify({ ...object, metadata }));
}

function fail(error: Error): never {
  throw error;
}
