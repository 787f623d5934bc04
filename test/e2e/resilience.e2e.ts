import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { httpEcho, tcpGreeter } from './support/backends.ts';
import { certificates, type CertificatePair } from './support/certificates.ts';
import { Cleanup, makeTempFolder } from './support/cleanup.ts';
import { httpGet, tcpConnect } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import {
  runFairlead,
  startFairlead,
  type Fairlead,
  type FairleadOptions,
  type ListenOn,
} from './support/fairlead.ts';
import { findFreePort } from './support/local-address.ts';
import { toManifests } from './support/manifests.ts';
import { startTraefik, type Traefik } from './support/traefik.ts';
import { readStaticConfig } from './support/world.ts';

const TOKEN = 'a-token-of-thirty-two-characters';

let cleanup = new Cleanup();
let root = '';
let folder = '';

beforeEach(async () => {
  cleanup = new Cleanup();
  const temp = makeTempFolder();
  cleanup.add(() => temp.remove());
  root = temp.path;
  folder = join(root, 'manifests');
  cleanup.keep(await httpEcho('10.244.1.1', 8080));
  cleanup.keep(await tcpGreeter('10.244.1.1', 3306));
});
afterEach(() => cleanup.run());

async function start(config: object = {}, options: Partial<FairleadOptions> = {}): Promise<Fairlead> {
  const whole = {
    sources: [{ name: 'vms', directory: { path: './manifests' } }],
    ledger: { file: './ports.json' },
    ...config,
  };
  return cleanup.keep(await startFairlead({ cwd: root, config: whole, ...options }));
}

async function startEdge(
  fairlead: Fairlead,
  mend: (text: string) => string = (text) => text,
): Promise<Traefik> {
  const staticConfig = mend(await readStaticConfig(fairlead, root));
  return cleanup.keep(await startTraefik({ staticConfig }));
}

function writeWeb(host = 'web.test.com', tls = false): void {
  mkdirSync(folder, { recursive: true });
  const { cert, key } = certificates.wildcardTestCom;
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'web-tls', namespace: 'shop' },
    type: 'kubernetes.io/tls',
    stringData: { 'tls.crt': cert, 'tls.key': key },
  };
  const annotations = { 'fairlead.dev/host': host, 'fairlead.dev/expose': 'mysql' };
  const service = toManifests({
    namespace: 'shop',
    name: 'web',
    annotations: tls ? { ...annotations, 'fairlead.dev/tls': 'web-tls' } : annotations,
    ports: [
      { name: 'http', port: 8080 },
      { name: 'mysql', port: 3306 },
    ],
    addresses: ['10.244.1.1'],
  });
  writeFileSync(join(folder, 'web.yaml'), tls ? `${service}---\n${stringify(secret)}` : service);
}

async function askStatus(host = 'web.test.com'): Promise<number> {
  return (await httpGet({ port: 80, host })).status;
}

function waitForStatus(status: number, host?: string, ms = 10_000): Promise<boolean> {
  return eventually(`${host ?? 'web'} answers ${status}`, ms, async () => (await askStatus(host)) === status);
}

async function listProblems({ adminUrl }: Fairlead): Promise<readonly string[]> {
  const answer: unknown = await (await fetch(`${adminUrl}/api/problems`)).json();
  const rows = z.array(z.looseObject({ code: z.string() }));
  return z
    .union([rows, z.object({ problems: rows }).transform(({ problems }) => problems)])
    .parse(answer)
    .map(({ code }) => code);
}

describe('a source', () => {
  it('that is not there keeps Traefik waiting; one that vanishes goes on being served', async () => {
    const fairlead = await start({}, { ready: false });
    const url = `${fairlead.providerUrl}/traefik/default`;
    const early = await eventually('the reason', 10_000, async () => {
      const answer = await fetch(url);
      return /source vms .*does not exist/.test(await answer.text()) && answer;
    });
    expect([early.status, early.headers.get('retry-after')]).toEqual([503, '1']);
    expect((await fetch(`${fairlead.adminUrl}/readyz`)).status).toBe(503);
    expect((await fetch(`${fairlead.adminUrl}/healthz`)).status).toBe(200);
    const traefik = await startEdge(fairlead);
    expect(await askStatus()).toBe(404);

    writeWeb();
    await waitForStatus(200);
    const readBody = async (): Promise<string> =>
      // What says that it has another revision is not held.
      (await fetch(url, { headers: { 'if-none-match': '"none"' } })).text();
    const body = await readBody();

    renameSync(folder, `${folder}.away`);
    await eventually('the loss is reported', 5_000, async () =>
      (await listProblems(fairlead)).includes('source-unreadable'),
    );
    expect(await readBody()).toBe(body);
    expect(await askStatus()).toBe(200);

    // A Traefik that starts now gets everything at once all the same.
    await traefik.stop();
    const before = performance.now();
    const restarted = await startEdge(fairlead);
    await restarted.waitFor(({ routers }) =>
      Object.keys(routers).some((name) => name.startsWith('shop_web')),
    );
    expect(await askStatus()).toBe(200);
    const connection = cleanup.keep(await tcpConnect('127.0.0.1', 20_000));
    expect(await connection.readLine()).toContain('10.244.1.1:3306');
    console.log(`Traefik started again: all routes after ${(performance.now() - before).toFixed(0)} ms`);

    renameSync(`${folder}.away`, folder);
    writeWeb('moved.test.com');
    await waitForStatus(200, 'moved.test.com');
    expect(await askStatus()).toBe(404);
    expect(await listProblems(fairlead)).toEqual([]);
  });

  it('that is not required is added when it answers', async () => {
    writeWeb();
    const late = { name: 'late', directory: { path: './late' }, required: false };
    const fairlead = await start({ sources: [{ name: 'vms', directory: { path: './manifests' } }, late] });
    await startEdge(fairlead);
    await waitForStatus(200);
    mkdirSync(join(root, 'late'));
    const text = readFileSync(join(folder, 'web.yaml'), 'utf8').replaceAll('web.test.com', 'late.test.com');
    writeFileSync(join(root, 'late/web.yaml'), text);
    await waitForStatus(200, 'late.test.com');
    expect(await askStatus()).toBe(200);
  });
});

describe('a damaged ledger', () => {
  it('is refused in one line, and left as it is', async () => {
    writeWeb();
    const fairlead = await start();
    await fairlead.stop();
    const ledger = join(root, 'ports.json');
    const whole = readFileSync(ledger, 'utf8');
    expect(whole).toContain('"port":20000');
    for (const damaged of [whole.slice(0, whole.length / 2), whole.replace('20000', '20001'), '']) {
      writeFileSync(ledger, damaged);
      const { status, stdout, stderr } = await runFairlead(['serve', ...fairlead.configArgs], { cwd: root });
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(
        /^fairlead: \S*ports\.json.*: the port ledger cannot be used: .*Restore a backup.*\n$/m,
      );
      expect(readFileSync(ledger, 'utf8')).toBe(damaged);
    }
    // The way out that the line names.
    renameSync(ledger, `${ledger}.damaged`);
    await start();
    expect(existsSync(ledger)).toBe(true);
  });
});

async function listenAt(ip: string): Promise<ListenOn> {
  return { provider: `${ip}:${await findFreePort()}`, admin: `127.0.0.1:${await findFreePort()}` };
}

describe('a provider that others can reach', () => {
  it('serves keys to those with a token only', async () => {
    writeWeb('web.test.com', true);
    const fairlead = await start(
      { provider: { tokens: ['another-token-for-the-other-edge', TOKEN] } },
      { listen: await listenAt('10.9.0.1') },
    );
    const url = `${fairlead.providerUrl}/traefik`;
    for (const headers of [{}, { authorization: 'Bearer wrong' }, { authorization: TOKEN }]) {
      const answer = await fetch(url, { headers });
      expect(answer.status).toBe(401);
      expect(await answer.text()).not.toContain('web.test.com');
    }
    const traefik = await startEdge(fairlead, (text) => {
      expect(text).toContain('Bearer ${FAIRLEAD_TOKEN}');
      expect(text).not.toContain(TOKEN);
      return text.replace('${FAIRLEAD_TOKEN}', TOKEN);
    });
    await waitForStatus(200);
    const { certificate } = await httpGet({ port: 443, host: 'web.test.com', tls: true });
    expect(certificate?.subject.CN).toBe('*.test.com');
    expect(await traefik.routerErrors()).toEqual([]);
    expect(fairlead.logs()).not.toContain(TOKEN);
  });

  it('sends no keys at all where nothing protects them', async () => {
    writeWeb('web.test.com', true);
    const fairlead = await start({}, { listen: await listenAt('10.9.0.1') });
    const body = await (await fetch(`${fairlead.providerUrl}/traefik`)).text();
    expect(body).toContain('web.test.com');
    expect(body).not.toContain('PRIVATE KEY');
    expect(await listProblems(fairlead)).toEqual(['certificate-withheld']);
    await startEdge(fairlead);
    await waitForStatus(200);
    const { status, certificate } = await httpGet({ port: 443, host: 'web.test.com', tls: true });
    expect([status, certificate?.subject.CN]).toEqual([200, 'TRAEFIK DEFAULT CERT']);
  });

  it('speaks TLS, and only to clients with a certificate when it is set so', async () => {
    writeWeb('web.test.com', true);
    const { wildcardTestCom: server, edgeClient: client, unrelated: stranger } = certificates;
    const files = { 'server.crt': server.cert, 'server.key': server.key, 'client.crt': client.cert };
    for (const [name, text] of Object.entries({ ...files, 'client.key': client.key })) {
      writeFileSync(join(root, name), text);
    }
    const tls = { cert: './server.crt', key: './server.key', clientCA: './client.crt' };
    const listen = await listenAt('10.9.0.1');
    const fairlead = await start({ provider: { tls } }, { listen });
    const port = Number(listen.provider.split(':')[1]);
    expect(await pollWith(port, client)).toBe(200);
    await expect(pollWith(port, undefined)).rejects.toThrow();
    await expect(pollWith(port, stranger)).rejects.toThrow();
    await expect(fetch(`${fairlead.providerUrl}/traefik`)).rejects.toThrow();

    await startEdge(fairlead, (text) => {
      expect(text).toContain(`endpoint: https://10.9.0.1:${port}/traefik/default`);
      // The name that the certificate has.
      const { providers, ...rest } = staticSchema.parse(parse(text.replace('10.9.0.1', 'fairlead.test.com')));
      const trust = {
        ca: join(root, 'server.crt'),
        cert: join(root, 'client.crt'),
        key: join(root, 'client.key'),
      };
      return stringify({ ...rest, providers: { ...providers, http: { ...providers.http, tls: trust } } });
    });
    await waitForStatus(200);
    const { certificate } = await httpGet({ port: 443, host: 'web.test.com', tls: true });
    expect(certificate?.subject.CN).toBe('*.test.com');
    writeWeb('changed.test.com', true);
    await waitForStatus(200, 'changed.test.com');
  });
});

const staticSchema = z.looseObject({
  providers: z.looseObject({ http: z.looseObject({ endpoint: z.string() }) }),
});

/** The status of one poll with a client certificate, or without. */
function pollWith(port: number, pair: CertificatePair | undefined): Promise<number | undefined> {
  const options = { ca: certificates.wildcardTestCom.cert, servername: 'fairlead.test.com', agent: false };
  return new Promise((resolve, reject) => {
    httpsRequest({ host: '10.9.0.1', port, path: '/traefik', ...options, ...pair }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .once('error', reject)
      .end();
  });
}
