import { expect, test } from 'vitest';
import { toTextLine } from '../../../src/app/text-line.ts';

const time = '2026-11-30T06:12:31.123Z';

test('a line for people has time, level, message and fields', () => {
  const line = JSON.stringify({
    level: 'warn',
    time,
    source: 'west',
    code: 'x-y',
    field: '',
    msg: 'problem',
  });
  expect(toTextLine(line, false)).toBe('06:12:31 WARN  problem source=west code=x-y field=""\n');
});

test('an error has its stack, indented', () => {
  const err = { type: 'Error', message: 'no', stack: 'Error: no\n    at x' };
  const line = JSON.stringify({ level: 'error', time, err, msg: 'failed' });
  expect(toTextLine(line, false)).toBe('06:12:31 ERROR failed\n    Error: no\n    at x\n');
});

test('no text of a tenant steers the terminal or begins a line', () => {
  const evil = 'a\n12:00:00 INFO fine \u001b[2J\u009b2J\u202e';
  const text = toTextLine(JSON.stringify({ level: 'info', time, evil, msg: evil }), true);
  expect(text.trimEnd()).not.toContain('\n');
  expect(text.replaceAll(/\u001b\[\d+m/g, '')).not.toMatch(/[\u001b\u009b\u202e]/);
});

test('what is no JSON stays as it is', () => expect(toTextLine('plain\n', false)).toBe('plain\n'));
