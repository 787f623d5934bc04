import { describe, expect, test } from 'vitest';
import { hashPassword, matchesPassword, parsePasswordHash } from '../../../src/lib/password-hash.ts';

/** Of `correct horse`, made by `hashlib.scrypt` of Python, as passlib writes it. */
const foreign = '$scrypt$ln=12,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$/jx4uMnBLEcnyBJyK5rKAfmnFbwMBoBPE5YY+OEpHOo';

test('a password matches its own hash, and no other does', async () => {
  const hash = await hashPassword('geheim ü');
  expect(hash).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$[\w+/]{22}\$[\w+/]{43}$/);
  expect(parsePasswordHash(hash)).toMatchObject({ ok: true });
  expect(await matchesPassword('geheim ü', hash)).toBe(true);
  // The letter as u and a combining diaeresis.
  expect(await matchesPassword('geheim u\u0308', hash)).toBe(true);
  expect(await matchesPassword('geheim u', hash)).toBe(false);
  expect(await matchesPassword('', hash)).toBe(false);
  expect(await hashPassword('geheim ü')).not.toBe(hash);
});

test('a hash that another program made is taken', async () => {
  expect(await matchesPassword('correct horse', foreign)).toBe(true);
  expect(await matchesPassword('wrong horse', foreign)).toBe(false);
});

describe('a text', () => {
  const rest = 'c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNo';
  test.each([
    ['', 'is not a hash of scrypt'],
    ['hunter2', 'is not a hash of scrypt'],
    ['$2y$10$abcdefghijklmnopqrstuv', 'is not a hash of scrypt'],
    [`$scrypt$ln=15,r=8,p=3$${rest}\n`, 'is not a hash of scrypt'],
    [`$scrypt$ln=4,r=8,p=1$${rest}`, 'is too cheap to protect a password'],
    [`$scrypt$ln=15,r=0,p=1$${rest}`, 'is too cheap to protect a password'],
    [`$scrypt$ln=15,r=8,p=0$${rest}`, 'is too cheap to protect a password'],
    [`$scrypt$ln=18,r=8,p=1$${rest}`, 'costs too much to compare'],
    [`$scrypt$ln=63,r=99,p=1$${rest}`, 'costs too much to compare'],
    [`$scrypt$ln=12,r=8,p=99$${rest}`, 'costs too much to compare'],
  ])('%j is refused', async (text, message) => {
    expect(parsePasswordHash(text)).toMatchObject({ ok: false, message });
    await expect(matchesPassword('x', text)).rejects.toThrow('none');
  });
});
