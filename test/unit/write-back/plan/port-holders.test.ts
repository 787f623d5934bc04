import { beforeEach, expect, it } from 'vitest';

import { toObjectKey } from '../../../../src/model/object-ref.ts';
import type { Service } from '../../../../src/model/objects.ts';
import type { LedgerState } from '../../../../src/model/ports.ts';
import { PortHolders } from '../../../../src/write-back/plan/port-holders.ts';
import { toState } from '../../ports/allocation/notation.ts';

const ref = { source: 'vms', kind: 'Service', namespace: 'ns', name: 'a' } as const;
const key = toObjectKey(ref);
const settings = {
  expose: [{ key: 'fairlead.dev/expose', allocated: '{protocol}.fairlead.dev/{port}' }],
};
const held = toState(['100 tcp a:80 held@1']);
const cooling = toState(['100 tcp a:80 cooling@2']);

let holders: PortHolders;

beforeEach(() => {
  holders = new PortHolders(settings);
});

function toService(uid: string, expose = 'true'): Service {
  return {
    kind: 'Service',
    meta: { ref, uid, annotations: { 'fairlead.dev/expose': expose } },
    type: 'ClusterIP',
    headless: false,
    hasSelector: true,
    ports: [],
  };
}

function update(service: Service | undefined, ledger: LedgerState = held): readonly string[] {
  return [...holders.update({ ledger, object: () => service, portClaimsOf: () => [] }, [key])];
}

it('a Service that is made again is another holder, once', () => {
  expect(update(toService('1'))).toEqual([]);
  expect(update(toService('1'))).toEqual([]);
  expect(update(toService('2'))).toEqual([key]);
  expect(update(toService('2'))).toEqual([]);
});

it('one that is gone for a moment, too, while its port is held', () => {
  update(toService('1'));
  update(undefined);
  expect(update(toService('2'))).toEqual([key]);
});

it('one whose port was released meanwhile is not: the ledger tells that it gets one', () => {
  update(toService('1'));
  update(undefined);
  update(undefined, cooling);
  expect(update(toService('2'), cooling)).toEqual([]);
});

it('one that asks for no port is none', () => {
  update(toService('1'));
  expect(update(toService('2', 'false'))).toEqual([]);
});

it('who waited in vain and is gone is forgotten, though the ledger is the same', () => {
  const others = toState(['100 tcp b:80 held@1']);
  update(toService('1'), others);
  expect(holders.size).toBe(1);
  update(undefined, others);
  expect(holders.size).toBe(0);
});
