import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { matchesPassword } from '../../../src/lib/password-hash.ts';
import { runWithInput } from './run-here.ts';

test('prints a hash that the password matches, without the end of the line that a file has', async () => {
  const { status, out, err } = await runWithInput('correct horse\n', tmpdir(), 'hash-password');
  expect([status, err]).toEqual([0, '']);
  expect(out).toMatch(/^\$scrypt\$\S+\n$/);
  expect(await matchesPassword('correct horse', out.trim())).toBe(true);
});

test.each([
  ['', 'there is no password on standard input'],
  ['\n', 'there is no password on standard input'],
  ['one\ntwo\n', 'a password is one line'],
  ['blank \n', 'a password is one line'],
  ['x'.repeat(2_000), 'a password has at most 1000 bytes'],
])('of %j it says what is wrong, and does not repeat it', async (input, line) => {
  const { status, out, err } = await runWithInput(input, tmpdir(), 'hash-password');
  expect([status, out]).toEqual([2, '']);
  expect(err).toContain(line);
  expect(err).not.toMatch(/two|xxxx/);
});
