import { describe, expect, it } from 'vitest';
import {
  certificatePem,
  duration,
  isNetwork,
  isWellFormed,
  keyPem,
  reference,
} from '../../../src/traefik/values.ts';

it.each(['10.0.0.0/8', '::/0', '1.2.3.4', 'fd00::1/128'])('takes the network %s', (text) =>
  expect(isNetwork(text)).toBe(true),
);
it.each(['10.0.0.0/33', '10.0.0/8', '::/129', '1.2.3.4/', '1.2.3.4/08', 'fe80::1%eth0', '', '0.0.0.0/0/0'])(
  'refuses the network %s',
  (text) => expect(isNetwork(text)).toBe(false),
);

it.each(['0s', '1h30m', '100ms', '1.5s', '90m'])('takes the duration %s', (text) =>
  expect(duration.safeParse(text).success).toBe(true),
);
it.each(['30', '-1s', '1d', '', 's', '1 s', '99999999h', '1.s'])('refuses the duration %s', (text) =>
  expect(duration.safeParse(text).success).toBe(false),
);

it.each(['a_b', 'mw@file', 'noop@internal', 'a b'])('takes the reference %s', (text) =>
  expect(reference.safeParse(text).success).toBe(true),
);
it.each(['', '@file', 'api@internal', 'API@INTERNAL', 'a@b@c', ' a', 'a\n', 'a\u2551b'])(
  'refuses the reference %j',
  (text) => expect(reference.safeParse(text).success).toBe(false),
);

describe('PEM', () => {
  it('is distinguished from the path of a file', () => {
    expect(certificatePem.safeParse('/etc/ssl/cert.pem').success).toBe(false);
    expect(keyPem.safeParse('-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n').success).toBe(
      false,
    );
    expect(
      keyPem.safeParse('-----BEGIN EC PRIVATE KEY-----\nAA==\n-----END EC PRIVATE KEY-----\n').success,
    ).toBe(true);
  });
});

it('finds half a surrogate pair', () => {
  expect(['a', '😀', '\ud83d', '\ude00a', '\ude00\ud83d'].map(isWellFormed)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});
