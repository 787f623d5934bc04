import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { runHere, type Outcome } from './run-here.ts';

const fixtures = join(import.meta.dirname, '../../e2e/fixtures');
const tls = {
  cert: join(fixtures, 'wildcard-test-com.crt'),
  key: join(fixtures, 'wildcard-test-com.key'),
};

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fairlead-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs `fairlead traefik` with this section `provider`. */
function runTraefik(provider: object, ...args: readonly string[]): Promise<Outcome> {
  const sources = [{ name: 'vms', directory: { path: './vms' } }];
  const fleets = [{ ports: { tcp: null, udp: null } }];
  writeFileSync(join(folder, 'fairlead.yaml'), JSON.stringify({ sources, fleets, provider }));
  return runHere(folder, 'traefik', ...args);
}

const files = ['--provider-ca', '/etc/my ca.crt', '--provider-cert', '/c.crt', '--provider-key', '/c.key'];
const flags = ['ca=/etc/my ca.crt', 'cert=/c.crt', 'key=/c.key'].map(
  (each) => `--providers.http.tls.${each}`,
);

describe('the files for TLS towards the provider', () => {
  test('are in traefik.yml', async () => {
    const { out, err } = await runTraefik({ tls }, ...files);
    expect(parse(out).providers.http.tls).toEqual({ ca: '/etc/my ca.crt', cert: '/c.crt', key: '/c.key' });
    expect(err).toBe('');
  });

  test('are in the arguments, quoted for a shell', async () => {
    const { out } = await runTraefik({ tls }, ...files, '--format', 'args');
    const quoted = [`'${flags[0]}'`, flags[1], flags[2]];
    expect(out.split('\n').filter((line) => line.includes('.tls.'))).toEqual(quoted);
  });

  test.each(['helm', 'manifest'])('are in %s, with the advice to add a volume', async (format) => {
    const { out, err } = await runTraefik({ tls }, ...files, '--format', format);
    const values: unknown = format === 'helm' ? parse(out) : parseAllDocuments(out).at(-1)?.toJS();
    const args =
      format === 'helm'
        ? { additionalArguments: expect.arrayContaining(flags) }
        : { spec: { template: { spec: { containers: [{ args: expect.arrayContaining(flags) }] } } } };
    expect(values).toMatchObject(args);
    expect(err).toBe(
      'fairlead: add a volume that holds /etc/my ca.crt, /c.crt, /c.key in the container of Traefik\n',
    );
  });

  test('are for any https URL, as TLS may end before Fairlead', async () => {
    const { out } = await runTraefik(
      {},
      '--provider-ca',
      '/ca',
      '--provider-url',
      'https://edge.example.com',
    );
    expect(parse(out).providers.http.tls).toEqual({ ca: '/ca' });
  });

  test('are not there by themselves', async () => {
    const { out, err } = await runTraefik({});
    expect(parse(out).providers.http).not.toHaveProperty('tls');
    expect(err).toBe('');
  });

  test.each([
    [
      { tls },
      [],
      ['provider.tls is set: unless the host of Traefik trusts its authority, give --provider-ca PATH'],
    ],
    [
      { tls: { ...tls, clientCA: tls.cert } },
      ['--provider-ca', '/ca'],
      ['provider.tls.clientCA is set: give --provider-cert PATH and --provider-key PATH'],
    ],
  ])('are asked for when %o needs more than %j', async (provider, args, lines) => {
    const { status, err } = await runTraefik(provider, ...args);
    expect([status, err]).toEqual([0, lines.map((line) => `fairlead: ${line}\n`).join('')]);
  });

  test.each([
    [['--provider-cert', '/c'], '--provider-cert and --provider-key go together; give both'],
    [
      ['--provider-ca', '/ca'],
      '--provider-ca is of no use with http://127.0.0.1:9080/traefik/default; give an https URL by --provider-url, or set provider.tls',
    ],
  ])('are refused as %j when they are of no use', async (args, line) => {
    expect(await runTraefik({}, ...args)).toEqual({ status: 2, out: '', err: `fairlead: ${line}\n` });
  });
});
