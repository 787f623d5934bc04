import { parseIpAddress } from '../../lib/ip-address.ts';
import { NetworkSet } from '../../lib/network-set.ts';
import type { View } from '../../model/snapshot.ts';
import type { Settings } from '../../settings/settings.ts';

type OwnSettings = Pick<Settings, 'fleets' | 'leaderElection' | 'listen'>;

/**
 * The addresses that are no tenant's to write down: those of the listeners and the fleets, as configured, and of the Services of the
 * API server and of Fairlead itself in the source, with the machines and pods behind them.
 */
export function toOwnAddresses(settings: OwnSettings, view: View, source: string): NetworkSet {
  const addresses = [...listConfigured(settings)];
  const services = [
    { namespace: 'default', name: 'kubernetes' },
    { namespace: settings.leaderElection.lease.namespace, name: 'fairlead' },
  ];
  for (const { namespace, name } of services) {
    const clusterIP = view.service(source, namespace, name)?.clusterIP;
    if (clusterIP !== undefined) addresses.push(clusterIP);
    for (const slice of view.slicesOf({ source, kind: 'Service', namespace, name })) {
      // One by one: as arguments they would all be on the stack, and there may be a hundred thousand.
      for (const endpoint of slice.endpoints) for (const each of endpoint.addresses) addresses.push(each);
    }
  }
  return new NetworkSet(addresses.filter((address) => parseIpAddress(address) !== undefined));
}

function* listConfigured({ fleets, listen }: OwnSettings): Generator<string> {
  yield listen.provider.host;
  yield listen.admin.host;
  for (const { addresses } of fleets) yield* addresses;
}
