import { expect, test } from 'vitest';
import { toProblemJson } from '../../../src/http/problem-json.ts';
import { toProblem } from '../../../src/model/problem.ts';

const service = { source: 'prod', kind: 'Service', namespace: 'rds', name: 'orders' };
const problem = toProblem('annotation-invalid', service, {
  field: 'metadata.annotations[fairlead.dev/weights]',
  message: 'The weight is "x"',
  hint: 'write a number',
});

test('a problem names its object as users write it', () => {
  expect(toProblemJson(problem)).toEqual({
    severity: 'error',
    code: 'annotation-invalid',
    object: 'Service/rds/orders',
    source: 'prod',
    field: 'metadata.annotations[fairlead.dev/weights]',
    message: 'The weight is "x"',
    hint: 'write a number',
  });
});

test('the location that a source has found goes before the one that the problem brought along', () => {
  const own = { file: 'a.yaml', line: 1, column: 2 };
  const found = { file: 'b.yaml', line: 3, column: 4 };
  expect(toProblemJson({ ...problem, location: own }).location).toEqual(own);
  expect(toProblemJson({ ...problem, location: own }, found).location).toEqual(found);
});
