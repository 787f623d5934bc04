import { expect, test } from 'vitest';
import { PasswordChecks } from '../../../../src/http/admin/password-checks.ts';
import { cheapHash } from './cheap-hash.ts';

const hash = cheapHash('right');
const never = { burst: 1, perSecond: 0.001 };

test('what was right is known for a while, and costs nothing meanwhile', async () => {
  let now = 0;
  const checks = new PasswordChecks({ perClient: never, knownMs: 1_000, now: () => now });
  const check = { password: 'right', hash, client: 'a' };
  expect(await checks.check(check)).toEqual({ kind: 'right' });
  now = 999;
  expect(await checks.check(check)).toEqual({ kind: 'right' });
  expect(await checks.check({ ...check, client: 'b' })).toEqual({ kind: 'right' });
  now = 1_001;
  expect((await checks.check(check)).kind).toBe('later');
});

test('a password is not known for another hash, and what was wrong is compared again', async () => {
  const checks = new PasswordChecks();
  expect(await checks.check({ password: 'right', hash, client: 'a' })).toEqual({ kind: 'right' });
  const other = { password: 'right', hash: cheapHash('other'), client: 'a' };
  expect(await checks.check(other)).toEqual({ kind: 'wrong' });
  expect(await checks.check(other)).toEqual({ kind: 'wrong' });
});

test('a client that guesses has to wait, and says for how long; others do not', async () => {
  let now = 0;
  const checks = new PasswordChecks({ perClient: { burst: 2, perSecond: 0.5 }, now: () => now });
  const guess = (client: string) => checks.check({ password: 'guess', hash, client });
  expect([(await guess('a')).kind, (await guess('a')).kind]).toEqual(['wrong', 'wrong']);
  expect(await guess('a')).toEqual({ kind: 'later', seconds: 2 });
  expect((await guess('b')).kind).toBe('wrong');
  now = 2_000;
  expect((await guess('a')).kind).toBe('wrong');
});

test('however many clients guess, all together have a bound', async () => {
  const checks = new PasswordChecks({ inAll: { burst: 3, perSecond: 0.001 } });
  const kinds: string[] = [];
  for (let client = 0; client < 5; client += 1)
    kinds.push((await checks.check({ password: 'guess', hash, client: String(client) })).kind);
  expect(kinds).toEqual(['wrong', 'wrong', 'wrong', 'later', 'later']);
});

test('many requests with one password at a time are one comparison', async () => {
  const checks = new PasswordChecks({ perClient: never });
  const check = { password: 'right', hash, client: 'a' };
  const verdicts = await Promise.all(Array.from({ length: 50 }, () => checks.check(check)));
  expect(new Set(verdicts.map(({ kind }) => kind))).toEqual(new Set(['right']));
});

test('only a few wait for their turn', async () => {
  const checks = new PasswordChecks({
    perClient: { burst: 100, perSecond: 1 },
    inAll: { burst: 100, perSecond: 1 },
  });
  const verdicts = await Promise.all(
    Array.from({ length: 20 }, (_, n) => checks.check({ password: `guess ${n}`, hash, client: 'a' })),
  );
  expect(verdicts.filter(({ kind }) => kind === 'later')).toHaveLength(4);
});
