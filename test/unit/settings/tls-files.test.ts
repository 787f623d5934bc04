import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseConfig } from '../../../src/settings/config-file.ts';
import { resolveSettings } from '../../../src/settings/resolve-settings.ts';
import { mayServePrivateKeys } from '../../../src/settings/settings.ts';

const toPem = (what: string, body: string) => `-----BEGIN ${what}-----\n${body}\n-----END ${what}-----\n`;

/** A certificate for nobody, and the key that was made for it. */
const cert = toPem(
  'CERTIFICATE',
  `MIIBbzCCARWgAwIBAgIULeMCv2+bY9NQUtmbAqajim9aa2MwCgYIKoZIzj0EAwIw
DDEKMAgGA1UEAwwBYTAgFw0yNjExMjEwNDM4MDBaGA8yMTI2MTAyODA0MzgwMFow
DDEKMAgGA1UEAwwBYTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABL18/KlhseJs
Yo/0kIV5kj61XOHi5X8waiAjTCJZdTrVsFsWAr5W5gXa7Mw6FD11/G0IFhReGbCQ
ARNRYrPxGEqjUzBRMB0GA1UdDgQWBBSlOrmA1FQF6K3+O3eW25HNiRMdMjAfBgNV
HSMEGDAWgBSlOrmA1FQF6K3+O3eW25HNiRMdMjAPBgNVHRMBAf8EBTADAQH/MAoG
CCqGSM49BAMCA0gAMEUCIBHChKdwhLOdmtNMDJqA+QfLbakzuHIDAgliEedJrjJX
AiEA4rY9/m05YDjIj9Vz9wKDbEp9ej+rg6Wp8HPCzHks+I8=`,
);
const key = toPem(
  'PRIVATE KEY',
  `MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgpvHZYDnz4Y9uzd9D
+p8ZongJ1TMpDSqeqK52dNd/OcKhRANCAAS9fPypYbHibGKP9JCFeZI+tVzh4uV/
MGogI0wiWXU61bBbFgK+VuYF2uzMOhQ9dfxtCBYUXhmwkAETUWKz8RhK`,
);

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fairlead-tls-'));
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  writeFileSync(join(folder, 'a.crt'), cert);
  writeFileSync(join(folder, 'a.key'), key);
  writeFileSync(join(folder, 'other.key'), other.export({ type: 'pkcs8', format: 'pem' }));
});
afterAll(() => rmSync(folder, { recursive: true }));

const load = (tls: string) => {
  const text = `sources: [{name: a, directory: {path: x}}]\nlisten: {provider: ":9080"}\nprovider: {tls: ${tls}}`;
  return resolveSettings({ document: parseConfig(text, 'f.yaml'), env: {}, folder });
};

const linesOf = (tls: string): readonly string[] => {
  try {
    load(tls);
    return [];
  } catch (error) {
    return error instanceof Error ? error.message.split('\n') : [];
  }
};

test('the files are read at load, from the folder of the configuration', () => {
  expect(load('{cert: a.crt, key: a.key}').provider.tls).toEqual({
    cert,
    key,
    files: [join(folder, 'a.crt'), join(folder, 'a.key')],
  });
});

test('only a client authority makes TLS an authentication', () => {
  expect(mayServePrivateKeys(load('{cert: a.crt, key: a.key}'))).toBe(false);
  expect(mayServePrivateKeys(load('{cert: a.crt, key: a.key, clientCA: a.crt}'))).toBe(true);
});

const mayServe = (more: string) =>
  mayServePrivateKeys(
    resolveSettings({
      document: parseConfig(`sources: [{name: a, directory: {path: x}}]\nprovider: {${more}}`, 'f.yaml'),
      env: {},
      folder,
    }),
  );

test('on loopback keys need no authentication, unless that is asked for', () => {
  expect(mayServe('')).toBe(true);
  expect(mayServe('keysWithoutToken: never')).toBe(false);
  expect(mayServe('keysWithoutToken: never, tokens: [a-secret-token-of-16]')).toBe(true);
});

const hint = 'give the path of the right file, relative to the configuration file';

test.each([
  ['{cert: a.crt}', 'f.yaml:3:12: provider.tls.key: is missing; add it, such as key: ./tls.key'],
  [
    '{cert: gone, key: a.key}',
    `f.yaml:3:18: provider.tls.cert: names a file that cannot be read: ENOENT (got "gone"); ${hint}`,
  ],
  [
    '{cert: a.key, key: a.key}',
    `f.yaml:3:18: provider.tls.cert: holds no certificate in PEM (got "a.key"); ${hint}`,
  ],
  [
    '{cert: a.crt, key: a.crt}',
    `f.yaml:3:31: provider.tls.key: holds no private key without a passphrase in PEM (got "a.crt"); ${hint}`,
  ],
  [
    '{cert: a.crt, key: other.key}',
    `f.yaml:3:31: provider.tls.key: does not belong to the certificate in provider.tls.cert; ${hint}`,
  ],
])('%s is reported in one line', (tls, line) => expect(linesOf(tls)).toEqual([line]));
