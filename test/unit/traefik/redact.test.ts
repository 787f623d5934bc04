import { expect, test } from 'vitest';
import { redact } from '../../../src/traefik/redact.ts';

const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

test('private keys, password hashes and headers with credentials are not shown', () => {
  const shown = redact({
    certFile: pem,
    keyFile: 'anything',
    nested: [{ keyFile: pem }, { tls: { key: '-----BEGIN PRIVATE KEY-----\nMC4\n' } }],
    basicAuth: { users: ['ann:$2y$05$abc', 'bob'] },
    headers: {
      customRequestHeaders: {
        Authorization: 'Bearer abc',
        'X-Api-Key': 'abc',
        'X-Script-Name': '/app',
        Cookie: '',
      },
    },
  });
  expect(shown).toEqual({
    certFile: expect.stringMatching(/^\(PEM [0-9a-f]{16}\)$/),
    keyFile: '(secret)',
    nested: [{ keyFile: '(secret)' }, { tls: { key: '(secret)' } }],
    basicAuth: { users: ['ann:(secret)', ':(secret)'] },
    headers: {
      customRequestHeaders: {
        Authorization: '(secret)',
        'X-Api-Key': '(secret)',
        'X-Script-Name': '/app',
        Cookie: '',
      },
    },
  });
});
