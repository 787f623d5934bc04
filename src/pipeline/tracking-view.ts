import { toObjectKey, type ObjectKey } from '../model/object-ref.ts';
import { noneFailing, type FailingEndpoints } from '../model/health.ts';
import type { HeldPort } from '../model/ports.ts';
import type { View } from '../model/snapshot.ts';
import { defaultClassOf, grantsIn, slicesOf } from '../kinds/index-keys.ts';
import type { Dependency, ObjectStore } from '../source/object-store.ts';

/** The dependency on what the ledger holds for a holder. */
export function portsOf(holder: ObjectKey): Dependency {
  return `ports of ${holder}`;
}

/** The dependency on which endpoints of a Service fail their checks. */
export function healthOf(service: ObjectKey): Dependency {
  return `health of ${service}`;
}

/** A view of the store, the ledger and what fails its checks, that notes everything it was asked for, found or not, in `seen`. */
export function trackView(
  store: ObjectStore,
  held: ReadonlyMap<ObjectKey, readonly HeldPort[]>,
  seen: Set<Dependency>,
  failing: FailingEndpoints = noneFailing,
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
    slicesOf(service) {
      seen.add(slicesOf(service));
      return store.slicesOf(service);
    },
    grantsIn(source, namespace) {
      seen.add(grantsIn(source, namespace));
      return store.grantsIn(source, namespace);
    },
    heldPorts(holder) {
      const key = toObjectKey(holder);
      seen.add(portsOf(key));
      return held.get(key) ?? [];
    },
    failingEndpoints(service) {
      const key = toObjectKey(service);
      seen.add(healthOf(key));
      return failing.get(key) ?? [];
    },
  };
}
