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
