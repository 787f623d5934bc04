import type { ImportedPort } from '../model/imported-port.ts';
import { toObjectKey, type ObjectKey } from '../model/object-ref.ts';
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
import type { Dependency, ObjectStore } from '../source/object-store.ts';

/** The dependency on what the ledger holds for a holder. */
export function portsOf(holder: ObjectKey): Dependency {
  return `ports of ${holder}`;
}

/** The dependency on which endpoints of a Service fail their checks. */
export function healthOf(service: ObjectKey): Dependency {
  return `health of ${service}`;
}

/** The dependency on what imports give to a Service. */
export function importsOf(service: ObjectKey): Dependency {
  return `imports of ${service}`;
}

/** The dependency on what became of the listeners of a Gateway or a ListenerSet. */
export function listenersOf(parent: ObjectKey): Dependency {
  return `listeners of ${parent}`;
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
  const find: View['find'] = (kind, source, namespace, name) => {
    seen.add(toObjectKey({ source, kind, namespace, name }));
    return store.find(kind, source, namespace, name);
  };
  return {
    find,
    service: (source, namespace, name) => find('Service', source, namespace, name),
    configMap: (source, namespace, name) => find('ConfigMap', source, namespace, name),
    secret: (source, namespace, name) => find('Secret', source, namespace, name),
    ingressClass: (source, name) => find('IngressClass', source, '', name),
    defaultIngressClass(source) {
      seen.add(defaultClassOf(source));
      return store.defaultIngressClass(source);
    },
    namespace: (source, name) => find('Namespace', source, '', name),
    canariesAt(source, namespace, host) {
      seen.add(canariesAt(source, namespace, host));
      return store.canariesAt(source, namespace, host);
    },
    slicesOf(service) {
      seen.add(slicesOf(service));
      return store.slicesOf(service);
    },
    grantsIn(source, namespace) {
      seen.add(grantsIn(source, namespace));
      return store.grantsIn(source, namespace);
    },
    listenerSetsOf(gateway) {
      const key = listenerSetsOf(gateway);
      seen.add(key);
      return store.findEldest(key, 'ListenerSet');
    },
    policiesFor(service) {
      const key = policiesFor(service);
      seen.add(key);
      return store.findEldest(key, 'BackendTLSPolicy');
    },
    routesTo(service) {
      const key = routesTo(service);
      seen.add(key);
      return store.findEldest(key, 'GRPCRoute', 'HTTPRoute', 'TCPRoute', 'TLSRoute');
    },
    routesAt(kind, parent, hostname) {
      const key = routesAt(kind, parent, hostname);
      seen.add(key);
      return store.findEldest(key, kind);
    },
    importsOf(service) {
      const key = toObjectKey(service);
      seen.add(importsOf(key));
      return imports.get(key) ?? [];
    },
    heldPorts(holder) {
      const key = toObjectKey(holder);
      seen.add(portsOf(key));
      return held.get(key) ?? [];
    },
    isUnread(source, kind) {
      seen.add(unreadOf(source));
      return unread.get(source)?.includes(kind) === true;
    },
    failingEndpoints(service) {
      const key = toObjectKey(service);
      seen.add(healthOf(key));
      return failing.get(key) ?? [];
    },
  };
}
