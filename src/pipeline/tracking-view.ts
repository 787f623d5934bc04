import { toObjectKey, type ObjectKey } from '../model/object-ref.ts';
import type { HeldPort } from '../model/ports.ts';
import type { View } from '../model/snapshot.ts';
import { slicesOf, type Dependency, type ObjectStore } from '../source/object-store.ts';

/** The dependency on what the ledger holds for a holder. */
export function portsOf(holder: ObjectKey): Dependency {
  return `ports of ${holder}`;
}

/** A view of the store and the ledger that notes everything it was asked for, found or not, in `seen`. */
export function trackView(
  store: ObjectStore,
  held: ReadonlyMap<ObjectKey, readonly HeldPort[]>,
  seen: Set<Dependency>,
): View {
  return {
    service(source, namespace, name) {
      seen.add(toObjectKey({ source, kind: 'Service', namespace, name }));
      return store.service(source, namespace, name);
    },
    secret(source, namespace, name) {
      seen.add(toObjectKey({ source, kind: 'Secret', namespace, name }));
      return store.secret(source, namespace, name);
    },
    ingressClass(source, name) {
      seen.add(toObjectKey({ source, kind: 'IngressClass', namespace: '', name }));
      return store.ingressClass(source, name);
    },
    slicesOf(service) {
      seen.add(slicesOf(service));
      return store.slicesOf(service);
    },
    heldPorts(holder) {
      const key = toObjectKey(holder);
      seen.add(portsOf(key));
      return held.get(key) ?? [];
    },
  };
}
