import { describe, expect, it } from 'vitest';
import { readUsers } from '../../../src/annotations/users.ts';
import type { Secret } from '../../../src/model/objects.ts';

const toSecret = (data: Secret['data']): Secret => ({
  kind: 'Secret',
  meta: { ref: { source: 's', kind: 'Secret', namespace: 'n', name: 'o' }, annotations: {} },
  type: 'Opaque',
  data,
});

const bcrypt = (cost: string): string => `$2y$${cost}$c4WoMPo3SXsafkva.HHa6uXQZWr7oboPiC2bT/r7q1BB8I2s0BRqC`;
const sha = '{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=';
const apr1 = '$apr1$lZL6V/ci$eIMz/iKDkbtys/uU7LEK00';

describe('the users of a Secret', () => {
  it.each([bcrypt('05'), bcrypt('12'), sha, apr1])('can have the hash %s', (hash) => {
    expect(readUsers(toSecret({ auth: `ann:${hash}` }), 'auth-file', 'basic')).toEqual({
      lines: [`ann:${hash}`],
      leftOut: [],
    });
  });

  it.each([
    // 2^31 rounds of bcrypt would take one processor of Traefik hours, for each request that anyone makes.
    `ann:${bcrypt('31')}`,
    `ann:${bcrypt('13')}`,
    'ann:secret',
    'ann:$6$salt$hash',
    'ann',
    `:${sha}`,
    `ann:x:${sha}`,
    `a\u2551n:${sha}`,
    `ann:${sha}${'='.repeat(600)}`,
  ])('cannot be %s', (line) => {
    const { lines, leftOut, why } = readUsers(toSecret({ auth: `# all\n${line}\r\n` }), 'auth-file', 'basic');
    expect([lines, leftOut]).toEqual([[], ['line 2']]);
    expect(why).toBeTypeOf('string');
    expect(why).not.toContain('ann');
  });

  it('are in the order of their lines, or of their names where each has a key', () => {
    const inLines = readUsers(toSecret({ auth: `b:${sha}\n\na:${apr1}\n` }), 'auth-file', 'basic');
    expect(inLines.lines).toEqual([`b:${sha}`, `a:${apr1}`]);
    const byKey = readUsers(toSecret({ b: sha, a: apr1, 'tls.key': sha }), 'auth-map', 'basic');
    expect(byKey.lines).toEqual([`a:${apr1}`, `b:${sha}`]);
  });

  it('have a realm and MD5 for digest', () => {
    const line = 'ann:Staff:939e7578ed9e3c518a452acee763bce9';
    expect(readUsers(toSecret({ auth: line }), 'auth-file', 'digest').lines).toEqual([line]);
    expect(readUsers(toSecret({ auth: `ann:${sha}` }), 'auth-file', 'digest').lines).toEqual([]);
  });

  it('are a thousand at most', () => {
    const auth = Array.from({ length: 100_000 }, (_, index) => `u${index}:${sha}`).join('\n');
    const { lines, leftOut } = readUsers(toSecret({ auth }), 'auth-file', 'basic');
    expect([lines.length, leftOut.length]).toEqual([1_000, 1_000]);
  });
});
