import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { z } from 'zod';
import { hashPassword } from '../../src/lib/password-hash.ts';
import { makeCertificate } from '../support/certificates/make-certificate.ts';
import { findApiServer } from './support/apiserver.ts';
import { certificates } from './support/certificates.ts';
import { Cleanup, makeTempFolder } from './support/cleanup.ts';
import { startCluster, type Cluster } from './support/cluster.ts';
import { eventually } from './support/eventually.ts';
import { runFairlead, startFairlead, type Fairlead } from './support/fairlead.ts';
import { toCertificateSecret, toManifests } from './support/manifests.ts';
import { startTraefik, type Traefik } from './support/traefik.ts';
import { readStaticConfig } from './support/world.ts';

// Secrets of every kind are in use, right ones and broken ones; then all that Fairlead says is searched for each of them.

const program = findApiServer('a search for secrets');

const providerToken = 'provider-token-4f2a8c91d7';
const adminToken = 'admin-token-88c1e07b3f';
const shopToken = 'shop-token-19d2f6a0c4';
const password = 'correct-horse-battery-staple';
const guesses = {
  token: 'guessed-token-b7710e',
  password: 'guessed-password-5c3d',
  provider: 'guessed-provider-0a9e',
};
const site = makeCertificate({ dns: ['web.test.com'] });
/** The key is that of another certificate. */
const mixed = { cert: certificates.bbsTestCom.cert, key: makeCertificate({ dns: ['x.test'] }).key };
const half = { cert: certificates.unrelated.cert, key: certificates.unrelated.key.slice(0, 120) };
const client = certificates.edgeClient;
const user = { line: 'alice:{SHA}VBPuJHI7uixaa6LQGWx4s+5GKNE=', broken: 'mallory:plain-text-of-mallory' };

const secret = (name: string, stringData: Readonly<Record<string, string>>): string =>
  stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'shop' }, stringData });

function toIngress(name: string, annotations: object, secretName: string): string {
  const backend = { service: { name: 'web', port: { number: 8080 } } };
  const host = `${name}.test.com`;
  return stringify({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, namespace: 'shop', annotations },
    spec: {
      ingressClassName: 'fairlead',
      tls: [{ hosts: [host], secretName }],
      rules: [{ host, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }],
    },
  });
}

const auth = (secretName: string): object => ({
  'nginx.ingress.kubernetes.io/auth-type': 'basic',
  'nginx.ingress.kubernetes.io/auth-secret': secretName,
});

const service = (name: string, annotations: Readonly<Record<string, string>>): string =>
  toManifests({
    namespace: 'shop',
    name,
    annotations,
    ports: [{ name: 'http', port: 8080 }],
    addresses: ['10.244.1.1'],
  });

const body = (pem: string): string =>
  pem
    .split('\n')
    .filter((line) => !line.startsWith('-----'))
    .join('')
    .slice(20, 60);
const basic = (text: string): string => `Basic ${Buffer.from(`ops:${text}`).toString('base64')}`;

describe.skipIf(program === undefined)('of the secrets that are in use', () => {
  const cleanup = new Cleanup();
  let cluster: Cluster;
  let fairlead: Fairlead;
  let traefik: Traefik;
  let folder = '';
  let passwordHash = '';

  beforeAll(async () => {
    const temp = makeTempFolder();
    cleanup.add(() => temp.remove());
    folder = temp.path;
    cluster = await startCluster(program ?? '');
    cleanup.add(() => cluster.stop());
    passwordHash = await hashPassword(password);
    writeFileSync(join(folder, 'ops.hash'), passwordHash);
    writeFileSync(join(folder, 'shop-token'), shopToken);
    fairlead = await startFairlead({
      cwd: folder,
      config: {
        sources: [{ name: 'prod', kubernetes: { kubeconfig: cluster.kubeconfig } }],
        ledger: { configMap: 'fairlead-system/fairlead-ports' },
        fleets: [{ name: 'default', ports: { tcp: { range: '20000-20003' }, udp: null, requestable: null } }],
        provider: { tokens: [providerToken] },
        admin: {
          users: [{ name: 'ops', passwordHashFile: './ops.hash' }],
          tokens: [{ token: adminToken }, { tokenFile: './shop-token', namespaces: ['shop'] }],
        },
        log: { level: 'trace' },
      },
    });
    cleanup.keep(fairlead);
    const printed = await readStaticConfig(fairlead, folder);
    const staticConfig = printed.replace('${FAIRLEAD_TOKEN}', providerToken);
    traefik = cleanup.keep(await startTraefik({ staticConfig, bind: '127.0.0.1' }));
    await cluster.apply(
      [
        toCertificateSecret('shop', 'site', site),
        toCertificateSecret('shop', 'client', client),
        secret('mixed', { 'tls.crt': mixed.cert, 'tls.key': mixed.key }),
        secret('half', { 'tls.crt': half.cert, 'tls.key': half.key }),
        secret('users', { auth: user.line }),
        secret('broken-users', { auth: user.broken }),
        service('web', {}),
        service('db', { 'fairlead.dev/expose': 'true' }),
        service('back', {
          'fairlead.dev/host': 'back.test.com',
          'fairlead.dev/scheme': 'https',
          'fairlead.dev/client-cert': 'client',
        }),
        toIngress('web', auth('users'), 'site'),
        toIngress('mixed', auth('broken-users'), 'mixed'),
        toIngress('half', {}, 'half'),
      ].join('---\n'),
    );
    await traefik.waitFor((data) => JSON.stringify(data.routers).includes('half.test.com'), 30_000);
    await eventually('a port is held', 20_000, async () =>
      (await cluster.kubectl('get', 'service', 'db', '-n', 'shop', '-o', 'json')).includes(
        'tcp.fairlead.dev/8080',
      ),
    );
  });
  afterAll(() => cleanup.run());

  /** What to look for, by what it is; of a PEM text its middle, of a line what is behind the name. */
  function listSecrets(): Readonly<Record<string, string>> {
    const kubeconfig = readFileSync(cluster.kubeconfig, 'utf8');
    const credentials = [...kubeconfig.matchAll(/(?:token|client-key-data|password): *["']?([^"'\s]{8,})/g)];
    expect(credentials.length).toBeGreaterThan(0);
    const own = Object.fromEntries(
      credentials.map(([, text = ''], index) => [`kubeconfig ${index}`, text.slice(0, 60)]),
    );
    return {
      ...own,
      'the provider token': providerToken,
      'an admin token': adminToken,
      'an admin token of a file': shopToken,
      'a password': password,
      'a password as browsers send it': Buffer.from(`ops:${password}`).toString('base64').slice(0, 30),
      'the hash of a password': passwordHash.split('$').at(-1) ?? '',
      'the key of a certificate': body(site.key),
      'the key of a client certificate': body(client.key),
      'a key that belongs to another certificate': body(mixed.key),
      'half a key': body(half.key),
      'the hash of a user': user.line.split('}')[1] ?? '',
      'a user in plain text': user.broken.split(':')[1] ?? '',
      'a guessed token': guesses.token,
      'a guessed password': guesses.password,
      'a guessed provider token': guesses.provider,
    };
  }

  const look = async (path: string, authorization: string): Promise<string> => {
    const response = await fetch(`${fairlead.adminUrl}${path}`, { headers: { authorization } });
    return `${path} ${response.status} ${await response.text()}`;
  };
  const admin = `Bearer ${adminToken}`;

  it('all reach where they belong: Traefik has the keys and users, and the password opens the page', async () => {
    const headers = { authorization: `Bearer ${providerToken}` };
    const answer = await (await fetch(`${fairlead.providerUrl}/traefik`, { headers })).text();
    for (const text of [site.key, client.key])
      expect(answer).toContain(JSON.stringify(text.trim()).slice(60, 120));
    expect(answer).toContain(user.line.split('}')[1]);
    expect(await look('/api/sources', basic(password))).toContain(' 200 ');
    const { status } = await runFairlead(
      ['ports', '--server', fairlead.adminUrl, '--token-file', 'shop-token'],
      { cwd: folder },
    );
    expect(status).toBe(0);
  });

  it('none is in what Fairlead says, however it is asked and whatever goes wrong', async () => {
    const said = new Map<string, string>();
    // What is refused and what is broken is spoken of, too.
    await look('/', `Bearer ${guesses.token}`);
    await look('/', basic(guesses.password));
    await fetch(`${fairlead.providerUrl}/traefik`, {
      headers: { authorization: `Bearer ${guesses.provider}` },
    });
    await fetch(`${fairlead.providerUrl}/traefik?token=${guesses.provider}`);
    writeFileSync(join(folder, 'ops.hash'), password);
    const problems = async (): Promise<string> => look('/api/problems', admin);
    await eventually('the broken file is a problem', 20_000, async () =>
      (await problems()).includes('configuration-broken'),
    );
    for (const code of ['certificate-invalid', 'access-limit-unusable'])
      await eventually(`${code} is reported`, 20_000, async () => (await problems()).includes(code));
    await eventually('Events are written', 20_000, async () =>
      (await readEvents()).includes('CertificateInvalid'),
    );

    const index = await look('/', admin);
    const names = ['web', 'mixed', 'half'].map((name) => `/api/explain/Ingress/shop/${name}`);
    const others = [
      'Service/shop/back',
      'Service/shop/db',
      'Secret/shop/site',
      'Secret/shop/half',
      'Secret/shop/users',
      'Namespace/shop',
    ];
    const paths = [...index.matchAll(/^(\/\S*)/gm)].map(([, path = '']) => path);
    const asked = [
      ...paths.filter((path) => !/[{]|events/.test(path)),
      ...names,
      ...others.map((each) => `/api/explain/${each}`),
    ];
    expect(asked.length).toBeGreaterThan(12);
    for (const path of ['/', ...asked])
      for (const authorization of [admin, `Bearer ${shopToken}`])
        said.set(path, `${said.get(path) ?? ''}${await look(path, authorization)}`);
    expect(said.get('/api/explain/Ingress/shop/web')).toContain('auth-secret');
    said.set('the stream of events', await listenToEvents());
    said.set('Events in the cluster', await readEvents());
    said.set(
      'what is written back',
      await cluster.kubectl('get', 'services,ingresses,configmaps,leases', '-A', '-o', 'json'),
    );
    for (const args of [
      ['explain', 'ing/shop/web'],
      ['ports'],
      ['explain', 'ing/shop/mixed', '--output', 'json'],
    ]) {
      const { stdout, stderr } = await runFairlead(
        [...args, '--server', fairlead.adminUrl, '--token-file', 'shop-token'],
        { cwd: folder },
      );
      said.set(`fairlead ${args.join(' ')}`, stdout + stderr);
    }
    const log = fairlead.logs();
    expect(log).toContain('poll without a valid token refused');
    expect(log).toContain('request to the admin listener refused');
    said.set('the log', log);

    const found = [...said].flatMap(([where, text]) =>
      Object.entries(listSecrets()).flatMap(([what, value]) =>
        text.includes(value) ? [`${what} is in ${where}`] : [],
      ),
    );
    expect(found).toEqual([]);
  }, 180_000);

  it('polls have lines at debug only', async () => {
    const levels = fairlead
      .logs()
      .split('\n')
      .filter((line) => line.includes('"msg":"poll"'))
      .map((line) => z.object({ level: z.string() }).parse(JSON.parse(line)).level);
    expect(levels.length).toBeGreaterThan(0);
    expect(new Set(levels)).toEqual(new Set(['debug']));
  });

  async function readEvents(): Promise<string> {
    return cluster.kubectl('get', 'events', '-A', '-o', 'json');
  }

  /** All that comes while a problem goes and comes back. */
  async function listenToEvents(): Promise<string> {
    const { hostname, port } = new URL(fairlead.adminUrl);
    let text = '';
    const stream = request(
      { hostname, port, path: '/api/events', headers: { authorization: admin } },
      (response) => response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk)),
    );
    stream.on('error', () => undefined).end();
    await eventually('the stream has begun', 10_000, () => text.includes('event:'));
    const before = text.length;
    await cluster.delete(secret('half', {}));
    await eventually('something has changed', 20_000, () => text.length > before);
    await cluster.apply(secret('half', { 'tls.crt': half.cert, 'tls.key': half.key }));
    await sleep(2_000);
    stream.destroy();
    return text;
  }
});
