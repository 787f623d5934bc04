import { toFlatText } from '../lib/flat-text.ts';
import type { ImportedPort } from '../model/imported-port.ts';
import { toObjectKey, type Kind, type ObjectKey, type ObjectRef } from '../model/object-ref.ts';
import type { ObjectOf } from '../model/objects.ts';
import { noneFailing, type FailingEndpoints } from '../model/health.ts';
import type { HeldPort } from '../model/ports.ts';
import type { View } from '../model/snapshot.ts';
import { noneUnread, type UnreadBySource } from '../model/unread-kinds.ts';
import {
  canariesAt,
  defaultClassOf,
  grantsIn,
  listenerSetsOf,
  policiesFor,
  routesAt,
  routesTo,
  slicesOf,
} from '../kinds/index-keys.ts';
import { isOfKind, type IndexKey } from '../kinds/kind.ts';
import type { Dependency, ObjectStore } from '../source/object-store.ts';

/** The dependency on what the ledger holds for a holder. */
export function portsOf(holder: ObjectKey): Dependency {
  return toFlatText('ports of ', holder);
}

/** The dependency on which endpoints of a Service fail their checks. */
export function healthOf(service: ObjectKey): Dependency {
  return toFlatText('health of ', service);
}

/** The dependency on what imports give to a Service. */
export function importsOf(service: ObjectKey): Dependency {
  return toFlatText('imports of ', service);
}

/** The dependency on what became of the listeners of a Gateway or a ListenerSet. */
export function listenersOf(parent: ObjectKey): Dependency {
  return toFlatText('listeners of ', parent);
}

/** The dependency on which kinds of a source may not be read. */
export function unreadOf(source: string): Dependency {
  return `unread kinds of ${source}`;
}

const noImports: ReadonlyMap<ObjectKey, readonly ImportedPort[]> = new Map();

/** What is known besides objects and ledger; default nothing. */
interface AlsoSeen {
  readonly failing?: FailingEndpoints;
  readonly imports?: ReadonlyMap<ObjectKey, readonly ImportedPort[]>;
  readonly unread?: UnreadBySource;
}

/** A view of the store, the ledger and of `also`, that notes everything it was asked for, found or not, in `seen`. */
export function trackView(
  store: ObjectStore,
  held: ReadonlyMap<ObjectKey, readonly HeldPort[]>,
  seen: Set<Dependency>,
  { failing = noneFailing, imports = noImports, unread = noneUnread }: AlsoSeen = {},
): View {
  return new TrackedView(store, held, seen, { failing, imports, unread });
}

/** A class, since there is one for each translation: its functions are there once. */
class TrackedView implements View {
  readonly #store: ObjectStore;
  readonly #held: ReadonlyMap<ObjectKey, readonly HeldPort[]>;
  readonly #seen: Set<Dependency>;
  readonly #also: Required<AlsoSeen>;

  constructor(
    store: ObjectStore,
    held: ReadonlyMap<ObjectKey, readonly HeldPort[]>,
    seen: Set<Dependency>,
    also: Required<AlsoSeen>,
  ) {
    this.#store = store;
    this.#held = held;
    this.#seen = seen;
    this.#also = also;
  }

  find<K extends Kind>(kind: K, source: string, namespace: string, name: string): ObjectOf<K> | undefined {
    const key = toObjectKey({ source, kind, namespace, name });
    this.#seen.add(key);
    const found = this.#store.get(key);
    return isOfKind(found, kind) ? found : undefined;
  }

  service(source: string, namespace: string, name: string): ReturnType<View['service']> {
    return this.find('Service', source, namespace, name);
  }

  configMap(source: string, namespace: string, name: string): ReturnType<View['configMap']> {
    return this.find('ConfigMap', source, namespace, name);
  }

  secret(source: string, namespace: string, name: string): ReturnType<View['secret']> {
    return this.find('Secret', source, namespace, name);
  }

  ingressClass(source: string, name: string): ReturnType<View['ingressClass']> {
    return this.find('IngressClass', source, '', name);
  }

  defaultIngressClass(source: string): ReturnType<View['defaultIngressClass']> {
    this.#seen.add(defaultClassOf(source));
    return this.#store.defaultIngressClass(source);
  }

  namespace(source: string, name: string): ReturnType<View['namespace']> {
    return this.find('Namespace', source, '', name);
  }

  canariesAt(source: string, namespace: string, host: string): ReturnType<View['canariesAt']> {
    this.#seen.add(canariesAt(source, namespace, host));
    return this.#store.canariesAt(source, namespace, host);
  }

  slicesOf(service: ObjectRef): ReturnType<View['slicesOf']> {
    this.#seen.add(slicesOf(service));
    return this.#store.slicesOf(service);
  }

  grantsIn(source: string, namespace: string): ReturnType<View['grantsIn']> {
    this.#seen.add(grantsIn(source, namespace));
    return this.#store.grantsIn(source, namespace);
  }

  listenerSetsOf(gateway: ObjectRef): ReturnType<View['listenerSetsOf']> {
    return this.#findEldest(listenerSetsOf(gateway), 'ListenerSet');
  }

  policiesFor(service: ObjectRef): ReturnType<View['policiesFor']> {
    return this.#findEldest(policiesFor(service), 'BackendTLSPolicy');
  }

  routesTo(service: ObjectRef): ReturnType<View['routesTo']> {
    return this.#findEldest(routesTo(service), 'GRPCRoute', 'HTTPRoute', 'TCPRoute', 'TLSRoute');
  }

  routesAt<K extends 'GRPCRoute' | 'HTTPRoute'>(
    kind: K,
    parent: ObjectRef,
    hostname: string,
  ): readonly ObjectOf<K>[] {
    return this.#findEldest(routesAt(kind, parent, hostname), kind);
  }

  importsOf(service: ObjectRef): ReturnType<View['importsOf']> {
    const key = toObjectKey(service);
    this.#seen.add(importsOf(key));
    return this.#also.imports.get(key) ?? [];
  }

  heldPorts(holder: Parameters<View['heldPorts']>[0]): ReturnType<View['heldPorts']> {
    const key = toObjectKey(holder);
    this.#seen.add(portsOf(key));
    return this.#held.get(key) ?? [];
  }

  isUnread(...[source, kind]: Parameters<View['isUnread']>): boolean {
    this.#seen.add(unreadOf(source));
    return this.#also.unread.get(source)?.includes(kind) === true;
  }

  failingEndpoints(service: ObjectRef): ReturnType<View['failingEndpoints']> {
    const key = toObjectKey(service);
    this.#seen.add(healthOf(key));
    return this.#also.failing.get(key) ?? [];
  }

  #findEldest<const K extends Kind>(key: IndexKey, ...among: readonly K[]): readonly ObjectOf<K>[] {
    this.#seen.add(key);
    return this.#store.findEldest(key, ...among);
  }
}
