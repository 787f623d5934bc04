import { expect, it } from 'vitest';

import { toObjectKey } from '../../../../src/model/object-ref.ts';
import { toProblem, type Problem } from '../../../../src/model/problem.ts';
import { HolderProblems } from '../../../../src/write-back/plan/holder-problems.ts';

const gateway = { source: 'prod', kind: 'Gateway', namespace: 'ns', name: 'gw' };
const service = { ...gateway, kind: 'Service' };

const toRefusal = (subject: typeof gateway, message: string): Problem =>
  toProblem('pool-exhausted', subject, { message, hint: 'Wait.' });

it('names the Gateways whose ports are refused for another reason than before, and no others', () => {
  const problems = new HolderProblems();
  const key = toObjectKey(gateway);
  expect(problems.update([toRefusal(gateway, 'a'), toRefusal(service, 'a')])).toEqual([key]);
  expect(problems.update([toRefusal(gateway, 'a'), toRefusal(service, 'b')])).toEqual([]);
  expect(problems.update([toRefusal(gateway, 'b')])).toEqual([key]);
  expect(problems.update([])).toEqual([key]);
  expect(problems.update([])).toEqual([]);
});

it('names the routes of which other hosts are closed than before', () => {
  const problems = new HolderProblems();
  const route = { ...gateway, kind: 'HTTPRoute' };
  const closed = toProblem('ingress-tls-options-conflict', route, { message: 'a', hint: 'b' });
  const ofIngress = { ...closed, subject: { ...route, kind: 'Ingress' } };
  expect(problems.update([closed, ofIngress])).toEqual([toObjectKey(route)]);
  expect(problems.update([closed])).toEqual([]);
  expect(problems.update([])).toEqual([toObjectKey(route)]);
});
