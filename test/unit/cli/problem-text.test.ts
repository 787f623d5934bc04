import { expect, test } from 'vitest';
import { toProblemLine } from '../../../src/cli/problem-text.ts';
import { toTable } from '../../../src/cli/table.ts';
import { toProblemJson } from '../../../src/http/problem-json.ts';
import { toProblem } from '../../../src/model/problem.ts';

test('columns are as wide as their widest cell, and no line ends in blanks', () => {
  const table = toTable([
    ['port', 'holder', ''],
    ['20000', 'a', 'x'],
    ['7', 'longer-name', ''],
  ]);
  expect(table).toBe('port   holder\n20000  a            x\n7      longer-name\n');
});

test('a table without rows is nothing', () => {
  expect(toTable([])).toBe('');
});

const subject = { source: 'vms', kind: 'Service', namespace: 'rds', name: 'orders-db' };
const details = { message: '"x" is no number', hint: 'write a number' };
const location = { file: 'a.yaml', line: 3, column: 5 };

test('a problem is one line, as compilers write theirs', () => {
  const problem = toProblem('annotation-invalid', subject, { ...details, field: 'metadata.annotations[k]' });
  expect(toProblemLine(toProblemJson(problem, location), false)).toBe(
    'a.yaml:3:5: error annotation-invalid Service/rds/orders-db metadata.annotations[k]: "x" is no number (write a number)',
  );
});

test('a problem of the whole object, in no file, has neither field nor place', () => {
  const problem = toProblem('no-endpoints', subject, details);
  expect(toProblemLine(toProblemJson(problem, undefined), false)).toBe(
    'info no-endpoints Service/rds/orders-db: "x" is no number (write a number)',
  );
});

test('the source is reported where it is asked for, no file says it, and the object does not', () => {
  const problem = toProblem('no-endpoints', subject, details);
  const line = (each: typeof problem, at?: typeof location) =>
    toProblemLine(toProblemJson(each, at), false, true);
  expect(line(problem)).toContain(' Service/rds/orders-db (source vms): ');
  expect(line(problem, location)).not.toContain('(source');
  const own = toProblem(
    'source-unreadable',
    { source: 'vms', kind: 'Source', namespace: '', name: 'vms' },
    details,
  );
  expect(line(own)).toContain(' Source/vms: ');
});

test('only the severity is coloured, and only when asked', () => {
  const problem = toProblemJson(toProblem('annotation-unknown', subject, details), location);
  const coloured = toProblemLine(problem, true);
  expect(coloured).toContain('\u001B[33mwarning\u001B[0m annotation-unknown');
  expect(coloured.replaceAll(/\u001B\[\d+m/g, '')).toBe(toProblemLine(problem, false));
});
