import { expect, it } from 'vitest';
import type { ProblemCode } from '../../../../src/model/problem-codes.ts';
import { toProblem, type Problem } from '../../../../src/model/problem.ts';
import { toListenerKey, type ParentStatus } from '../../../../src/routes/status.ts';
import { toObjectKey, type ObjectRef } from '../../../../src/model/object-ref.ts';
import { ClosedHosts } from '../../../../src/write-back/plan/closed-hosts.ts';

const gateway = { source: 'prod', kind: 'Gateway', namespace: 'ns', name: 'gw' } as const;
const route = { ...gateway, kind: 'HTTPRoute', name: 'web' } as const;
const other = { ...gateway, kind: 'HTTPRoute', name: 'other' } as const;

const parent: ParentStatus = {
  parentRef: { group: 'g', kind: 'Gateway', name: 'gw', field: 'spec.parentRefs[0]' },
  conditions: [{ type: 'Accepted', status: 'True', reason: 'Accepted', message: '' }],
  attached: [toListenerKey(toObjectKey(gateway), 'https')],
};

const toClosed = (subject: ObjectRef, host: string, code: ProblemCode): Problem =>
  toProblem(code, subject, { message: `${host} is closed`, hint: 'Name each host.' });

const closed = new ClosedHosts(() => [
  toClosed(route, '*.a.test', 'ingress-tls-options-conflict'),
  toClosed(route, '*.a.test', 'ingress-tls-options-conflict'),
  toClosed(route, '*.b.test', 'ingress-tls-options-conflict'),
  toClosed(other, '*.c.test', 'route-conflict'),
]);

it('a route says which of its hosts are closed, where it is attached', () => {
  expect(closed.ofParent(route, parent).conditions).toEqual([
    ...parent.conditions,
    {
      type: 'PartiallyInvalid',
      status: 'True',
      reason: 'UnsupportedValue',
      message:
        'Dropped Rule for some hosts. *.a.test is closed. Name each host. *.b.test is closed. Name each host.',
    },
  ]);
  expect(closed.ofParent(other, parent)).toBe(parent);
  expect(closed.ofParent(route, { ...parent, attached: [] }).conditions).toEqual(parent.conditions);
});

it('keeps what is said of its rules', () => {
  const dropped = {
    type: 'PartiallyInvalid',
    status: 'True',
    reason: 'UnsupportedValue',
    message: 'Dropped Rule 1.',
  } as const;
  const { conditions } = closed.ofParent(route, { ...parent, conditions: [...parent.conditions, dropped] });
  expect(conditions[1]?.message).toMatch(/^Dropped Rule 1\. \*\.a\.test is closed\. Name each host\. \*\.b/);
  expect(conditions).toHaveLength(2);
});
