import type { EndpointSlice, Service } from '../../model/objects.ts';
import type { ObjectStore } from '../../source/object-store.ts';

/**
 * Endpoints for the Services that have none that is ready: what becomes of an Ingress is to be told whether or not its pods are up, and
 * whether or not their endpoints were handed over. The address is one for documentation (RFC 5737).
 */
export function imagineEndpoints(store: ObjectStore): readonly EndpointSlice[] {
  return [...store.values()].flatMap((object) =>
    object.kind === 'Service' && object.type !== 'ExternalName' && !hasReady(store, object)
      ? [toSlice(object)]
      : [],
  );
}

function hasReady(store: ObjectStore, { meta }: Service): boolean {
  return store.slicesOf(meta.ref).some(({ endpoints }) => endpoints.some(({ ready }) => ready));
}

function toSlice({ meta, ports }: Service): EndpointSlice {
  const { source, namespace, name } = meta.ref;
  // No object of a cluster is called so: an underscore is in no name.
  const ref = { source, kind: 'EndpointSlice', namespace, name: `${name}_imagined` } as const;
  const endpoint = { addresses: ['192.0.2.1'], ready: true, serving: true, terminating: false };
  return {
    kind: 'EndpointSlice',
    meta: { ref, annotations: {} },
    addressType: 'IPv4',
    service: name,
    ports: ports.map((port) => ({ name: port.name, port: port.port, protocol: port.protocol })),
    endpoints: [endpoint],
  };
}
