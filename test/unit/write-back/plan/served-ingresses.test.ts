import { expect, it } from 'vitest';

import { toObjectKey } from '../../../../src/model/object-ref.ts';
import type { Ingress, IngressAddress } from '../../../../src/model/objects.ts';
import { ServedIngresses } from '../../../../src/write-back/plan/served-ingresses.ts';
import { toFleetSettings } from '../../pipeline/addresses.ts';

const ref = { source: 'prod', kind: 'Ingress', namespace: 'ns', name: 'web' } as const;
const key = toObjectKey(ref);
const fleet = {
  ...toFleetSettings('found', ['10.0.0.2']),
  lookedUp: { isComplete: true, fixed: [], former: ['10.0.0.1', '10.0.0.2'] },
};

function toIngress(addresses: readonly IngressAddress[]): Ingress {
  return { kind: 'Ingress', meta: { ref, annotations: {} }, rules: [], tls: [], addresses };
}

function keep(served: ServedIngresses, serving: readonly string[], ingress: Ingress | undefined): boolean {
  served.update({ fleets: [fleet], fleetsOf: () => serving, object: () => ingress }, [key]);
  return served.has(key);
}

it('an Ingress counts as served until no address of ours stands there', () => {
  const served = new ServedIngresses();
  expect(keep(served, ['found'], toIngress([]))).toBe(true);
  expect(keep(served, [], toIngress([{ ip: '10.0.0.1' }, { ip: '192.0.2.1' }]))).toBe(true);
  expect(keep(served, [], toIngress([{ ip: '192.0.2.1' }]))).toBe(false);
  // Now it is another controller's, perhaps on the same nodes.
  expect(keep(served, [], toIngress([{ ip: '10.0.0.2' }]))).toBe(false);
});

it('an Ingress that is gone is forgotten', () => {
  const served = new ServedIngresses();
  keep(served, ['found'], toIngress([{ ip: '10.0.0.2' }]));
  expect(keep(served, [], undefined)).toBe(false);
});

it('an Ingress that was never served does not count, whatever stands there', () => {
  expect(keep(new ServedIngresses(), [], toIngress([{ ip: '10.0.0.2' }]))).toBe(false);
});
