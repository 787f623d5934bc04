import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

/** A configuration with imports from a ConfigMap and from a file. */
function writeImports(fleet: object = {}): void {
  const sources = [{ name: 'vms', directory: { path: './vms' } }];
  const fleets = [{ name: 'default', ports: { tcp: { range: '20000-20001' }, udp: null }, ...fleet }];
  const imports = [
    { fleet: 'default', protocol: 'tcp', configMap: 'ingress-nginx/tcp-services' },
    { fleet: 'default', protocol: 'udp', file: 'values.yaml' },
  ];
  writeFileSync(join(folder, 'fairlead.yaml'), JSON.stringify({ sources, fleets, imports }));
  writeFileSync(join(folder, 'values.yaml'), 'controller: {}\nudp:\n  53: kube-system/kube-dns:53\n');
  mkdirSync(join(folder, 'vms'));
  const data = { 9000: 'db/orders:3306:PROXY', 9001: 'db/nobody:1', 20000: 'db/orders:3306', 443: 'a/b:1' };
  const metadata = { name: 'tcp-services', namespace: 'ingress-nginx' };
  const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data };
  writeFileSync(join(folder, 'vms', 'tcp-services.yaml'), JSON.stringify(configMap));
}

describe('the numbers of imports', () => {
  const proxyProtocol = { trustedIPs: ['10.0.0.0/8'], entryPoints: 'http' };

  test('have entryPoints, those of no Service among them; clients may say who they are where it stands so', async () => {
    writeImports({ proxyProtocol });
    const { out, err, status } = await runHere(folder, 'traefik');
    expect([status, err]).toEqual([0, '']);
    const { entryPoints } = parse(out);
    expect(Object.keys(entryPoints)).toEqual([
      'web',
      'websecure',
      'ready',
      'traefik',
      'tcp-20000',
      'tcp-20001',
      'imported-tcp-9000',
      'imported-tcp-9001',
      'imported-udp-53',
    ]);
    expect(entryPoints['imported-tcp-9000']).toMatchObject({
      address: ':9000/tcp',
      proxyProtocol: { trustedIPs: ['10.0.0.0/8'] },
    });
    expect(entryPoints['imported-tcp-9001']).not.toHaveProperty('proxyProtocol');
    expect(entryPoints['imported-udp-53']).toEqual({ address: ':53/udp' });
  });

  test('are among the ports of a DaemonSet', async () => {
    writeImports();
    const { out } = await runHere(folder, 'traefik', '--format', 'manifest');
    expect(out).toContain('hostPort: 9000');
  });

  test('cannot be told while the source of their ConfigMap cannot be read', async () => {
    writeImports();
    rmSync(join(folder, 'vms'), { recursive: true });
    const { status, out, err } = await runHere(folder, 'traefik');
    expect([status, out]).toEqual([2, '']);
    expect(err).toContain('source vms could not be read, so that the ports of imports are not known');
  });
});

test('a pool with a port of HTTP in the container is refused for clusters, and taken for a host', async () => {
  const sources = [{ name: 'vms', directory: { path: './vms' } }];
  const fleets = [{ ports: { tcp: { range: '8400-8499' }, udp: null, requestable: null } }];
  writeFileSync(join(folder, 'fairlead.yaml'), JSON.stringify({ sources, fleets }));
  for (const format of ['helm', 'manifest'])
    expect(await runHere(folder, 'traefik', '--format', format, '--provider-url', 'http://f:9080')).toEqual({
      status: 2,
      out: '',
      err: 'fairlead: a pool of fleet default contains 8443, where HTTP or HTTPS listens in the container; move the pool: two cannot listen on one port\n',
    });
  expect((await runHere(folder, 'traefik')).status).toBe(0);
});
