import { beforeEach, expect, it } from 'vitest';

import { KubeError } from '../../../src/kubernetes/kube-error.ts';
import { isLackOfRight, MissingRights, type Right } from '../../../src/write-back/missing-rights.ts';

const services: Right = { verb: 'patch', group: '', resource: 'services' };
const statuses: Right = { verb: 'patch', group: 'networking.k8s.io', resource: 'ingresses/status' };

let reported = 0;
let rights: MissingRights;

beforeEach(() => {
  reported = 0;
  rights = new MissingRights('prod', () => (reported += 1), {
    firstMs: 5_000,
    mostMs: 60_000,
    healthyMs: 60_000,
  });
});

const toMessages = (): readonly string[] => rights.problems.map(({ message }) => message);

it.each([
  [
    'a role',
    'services "db" is forbidden: User "system:serviceaccount:a:b" cannot patch resource "services" in API group "" in the namespace "shop"',
    true,
  ],
  ['a list', 'events.events.k8s.io is forbidden: User "x" cannot list resource "events"', true],
  ['an admission plugin', 'admission webhook "a.b" denied the request: no', false],
  [
    'a namespace that goes',
    'events.events.k8s.io "a" is forbidden: unable to create new content in namespace a because it is being terminated',
    false,
  ],
])('whether %s refuses is reported by the words', (_who, message, lacks) => {
  expect(isLackOfRight(new KubeError(403, 'Forbidden', message))).toBe(lacks);
  expect(isLackOfRight(new KubeError(401, 'Unauthorized', message))).toBe(false);
});

it('a right that is missing is one problem, in however many namespaces and however often', () => {
  rights.refused(services, 'shop', 0);
  rights.refused(services, 'bank', 0);
  rights.refused(services, 'shop', 9_000);
  rights.refused(statuses, 'shop', 9_000);
  expect(toMessages()).toEqual([
    'The role lacks the verb patch on services of the core API group, in the namespace shop for one',
    'The role lacks the verb patch on ingresses/status of the API group networking.k8s.io, in the namespace shop for one',
  ]);
  expect(rights.problems[0]).toMatchObject({
    code: 'write-back-refused',
    subject: { source: 'prod', kind: 'Source', namespace: '', name: 'prod' },
  });
  expect(reported).toBe(2);
});

it('where it is missing it is tried ever more rarely, by one at a time; elsewhere it is used as ever', () => {
  const waits: number[] = [];
  let now = 0;
  for (let turn = 0; turn < 8; turn += 1) {
    rights.refused(services, 'shop', now);
    const ms = rights.waitMs(services, 'shop', now);
    waits.push(ms);
    now += ms;
    expect(rights.waitMs(services, 'shop', now)).toBe(0);
    rights.trying(services, 'shop', now);
    expect(rights.waitMs(services, 'shop', now)).toBeGreaterThan(0);
  }
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(5_000);
  expect(waits.at(-1)).toBeGreaterThanOrEqual(30_000);
  expect(Math.max(...waits)).toBeLessThanOrEqual(60_000);
  expect(rights.waitMs(services, 'bank', now)).toBe(0);
});

it('of requests that are refused together one counts', () => {
  for (let index = 0; index < 10; index += 1) rights.refused(services, 'shop', index);
  expect(rights.waitMs(services, 'shop', 10)).toBeLessThanOrEqual(5_000);
});

it('the more namespaces wait, the sooner one of them has its turn, but not more than one a second', () => {
  for (let index = 0; index < 4; index += 1) rights.refused(services, `ns-${index}`, 0);
  rights.trying(services, 'ns-0', 0);
  rights.refused(services, 'ns-0', 0);
  expect(rights.waitMs(services, 'ns-0', 0)).toBeLessThanOrEqual(10_000 / 4);
  for (let index = 0; index < 500; index += 1) rights.refused(services, `ns-${index}`, 0);
  rights.trying(services, 'ns-0', 0);
  rights.refused(services, 'ns-0', 0);
  expect(rights.waitMs(services, 'ns-0', 0)).toBe(1_000);
});

it('what works somewhere is tried everywhere at once, and other rights, too', () => {
  let restored = 0;
  rights.onRestored(() => (restored += 1));
  rights.refused(services, 'shop', 0);
  rights.refused(services, 'bank', 0);
  rights.refused(statuses, 'shop', 0);
  rights.worked(services, 'elsewhere', 1);
  expect([restored, rights.problems.length]).toEqual([0, 2]);
  rights.worked(services, 'bank', 1);
  expect([restored, toMessages().length]).toEqual([1, 1]);
  expect(rights.waitMs(services, 'shop', 1)).toBe(0);
  expect(rights.waitMs(statuses, 'shop', 1)).toBe(0);
  rights.worked(statuses, 'shop', 2);
  expect([restored, rights.isEmpty, reported]).toEqual([2, true, 4]);
});

it('what nobody needs any more is forgotten, by namespace', () => {
  rights.refused(services, 'shop', 0);
  rights.refused(services, 'bank', 0);
  rights.keep((_right, namespace) => namespace === 'bank');
  expect(toMessages()).toEqual([expect.stringContaining('in the namespace bank for one')]);
  rights.keep(() => false);
  expect(rights.problems).toEqual([]);
});
