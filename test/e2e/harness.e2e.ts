import { existsSync } from 'node:fs';
import { lookup } from 'node:dns/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { h2cEcho, httpEcho, httpsEcho, tcpGreeter, toEcho, udpEcho, type Echo } from './support/backends.ts';
import { certificates } from './support/certificates.ts';
import { startChild } from './support/child.ts';
import { Cleanup, makeTempFolder } from './support/cleanup.ts';
import { httpGet, tcpConnect, udpAsk } from './support/client.ts';
import { startFixedProvider } from './support/fixed-provider.ts';
import { requirePrivateNetwork } from './support/local-address.ts';
import { startTraefik, type Traefik } from './support/traefik.ts';

const ENTRY_POINTS = { web: ':80', websecure: ':443', 'tcp-20000': ':20000/tcp', 'udp-20000': ':20000/udp' };

const loadBalancer = (...urls: string[]): object => ({
  loadBalancer: { servers: urls.map((url) => ({ url })) },
});
const router = (host: string, service: string, more: object = {}): object => ({
  entryPoints: ['web'],
  rule: `Host(\`${host}\`)`,
  service,
  ...more,
});

let cleanup = new Cleanup();

beforeEach(() => {
  requirePrivateNetwork();
  cleanup = new Cleanup();
});
afterEach(() => cleanup.run());

async function startWith(document: object): Promise<Traefik> {
  const provider = cleanup.keep(await startFixedProvider(document));
  const traefik = cleanup.keep(await startTraefik({ staticConfig: provider.toStaticConfig(ENTRY_POINTS) }));
  await traefik.waitFor((data) =>
    [data.routers, data.tcpRouters, data.udpRouters].some((map) =>
      Object.keys(map).some((name) => name.endsWith('@http')),
    ),
  );
  return traefik;
}

async function see(host: string): Promise<Echo> {
  return toEcho((await httpGet({ port: 80, host })).body);
}

async function askStatus(host: string): Promise<number> {
  return (await httpGet({ port: 80, host })).status;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('http', () => {
  it('goes by host to the address that the configuration names', async () => {
    const shop = cleanup.keep(await httpEcho('10.244.1.17', 8080));
    cleanup.keep(await httpEcho('192.168.7.57', 8001));
    const traefik = await startWith({
      http: {
        routers: { shop: router('shop.test.com', 'shop'), bbs: router('bbs.test.com', 'bbs') },
        services: {
          shop: loadBalancer('http://10.244.1.17:8080'),
          bbs: loadBalancer('http://192.168.7.57:8001'),
        },
      },
    });
    expect(await traefik.routerErrors()).toEqual([]);

    const answer = await httpGet({
      port: 80,
      host: 'shop.test.com',
      path: '/basket?a=1',
      method: 'POST',
      body: 'x'.repeat(100_000),
      from: '203.0.113.9',
    });
    expect(answer.status).toBe(200);
    expect(toEcho(answer.body)).toMatchObject({
      backend: '10.244.1.17:8080',
      version: '1.1',
      method: 'POST',
      path: '/basket?a=1',
      host: 'shop.test.com',
      headers: { 'x-forwarded-for': '203.0.113.9', 'x-real-ip': '203.0.113.9', 'x-forwarded-proto': 'http' },
      bodyBytes: 100_000,
    });
    expect(shop.hits).toBe(1);
    const other = await httpGet({ port: 80, host: 'bbs.test.com' });
    expect(toEcho(other.body).backend).toBe('192.168.7.57:8001');
    expect((await httpGet({ port: 80, host: 'nobody.test.com' })).status).toBe(404);
  });

  it('takes the certificate by name, and reports it', async () => {
    cleanup.keep(await httpEcho('10.244.1.17', 8080));
    const { cert, key } = certificates.bbsTestCom;
    await startWith({
      http: {
        routers: { bbs: router('bbs.test.com', 'bbs', { entryPoints: ['websecure'], tls: {} }) },
        services: { bbs: loadBalancer('http://10.244.1.17:8080') },
      },
      tls: { certificates: [{ certFile: cert, keyFile: key }] },
    });
    const named = await httpGet({ port: 443, host: 'bbs.test.com', tls: true });
    expect(named.certificate?.subject.CN).toBe('bbs.test.com');
  });

  it('reaches backends over https and h2c, and one by its name', async () => {
    cleanup.keep(await httpsEcho('192.168.7.40', 443));
    cleanup.keep(await h2cEcho('10.244.1.18', 8080));
    cleanup.keep(await httpEcho('10.0.100.1', 9091));
    const name = 'thrift-c-app.thrift-demo.svc.cluster.local';
    await startWith({
      http: {
        routers: {
          edge: router('edge.test.com', 'edge'),
          grpc: router('grpc.test.com', 'grpc'),
          named: router('test.k8s.io', 'named'),
        },
        services: {
          edge: {
            loadBalancer: { servers: [{ url: 'https://192.168.7.40' }], serversTransport: 'trusting' },
          },
          grpc: loadBalancer('h2c://10.244.1.18:8080'),
          named: loadBalancer(`http://${name}:9091`),
        },
        serversTransports: { trusting: { insecureSkipVerify: true } },
      },
    });
    expect(await see('edge.test.com')).toMatchObject({ backend: '192.168.7.40:443', version: '2.0' });
    expect(await see('grpc.test.com')).toMatchObject({ backend: '10.244.1.18:8080', version: '2.0' });
    expect(await see('test.k8s.io')).toMatchObject({ backend: '10.0.100.1:9091', host: 'test.k8s.io' });
    expect((await lookup(name)).address).toBe('10.0.100.1');
  });

  it('can be made to fail, to be slow, to refuse and to answer again', async () => {
    const echo = cleanup.keep(await httpEcho('10.244.1.17', 8080));
    await startWith({
      http: {
        routers: { shop: router('shop.test.com', 'shop') },
        services: { shop: loadBalancer('http://10.244.1.17:8080') },
      },
    });
    expect(await askStatus('shop.test.com')).toBe(200);
    await echo.behave({ kind: 'fail', status: 503 });
    expect(await askStatus('shop.test.com')).toBe(503);
    await echo.behave({ kind: 'slow', ms: 300 });
    const before = performance.now();
    expect(await askStatus('shop.test.com')).toBe(200);
    expect(performance.now() - before).toBeGreaterThan(290);
    await echo.behave({ kind: 'refuse' });
    expect(await askStatus('shop.test.com')).toBe(502);
    await echo.behave({ kind: 'answer' });
    expect(await askStatus('shop.test.com')).toBe(200);
    expect(echo.hits).toBe(4);
  });
});

describe('tcp and udp', () => {
  const document = {
    tcp: {
      routers: { db: { entryPoints: ['tcp-20000'], rule: 'HostSNI(`*`)', service: 'db' } },
      services: { db: { loadBalancer: { servers: [{ address: '10.244.1.17:3306' }] } } },
    },
    udp: {
      routers: { dns: { entryPoints: ['udp-20000'], service: 'dns' } },
      services: { dns: { loadBalancer: { servers: [{ address: '10.244.1.17:53' }] } } },
    },
  };

  it('lets a TCP server speak first, and keeps the connection', async () => {
    const db = cleanup.keep(await tcpGreeter('10.244.1.17', 3306));
    await startWith(document);
    const connection = cleanup.keep(await tcpConnect('127.0.0.1', 20000));
    expect(await connection.readLine()).toBe('5.7.44-fairlead 10.244.1.17:3306');
    expect(await connection.ask('select 1')).toBe('select 1');
    expect([db.hits, db.connections]).toEqual([1, 1]);
    expect(db.received().toString()).toBe('select 1\n');
    expect(connection.closed).toBe(false);
    db.dropConnections();
    await expect(connection.readLine()).rejects.toThrow('the connection ended');
    expect(connection.closed).toBe(true);
  });

  it('carries UDP both ways, on the same port number', async () => {
    const dns = cleanup.keep(await udpEcho('10.244.1.17', 53));
    await startWith(document);
    expect(await udpAsk('127.0.0.1', 20000, 'who?')).toBe('10.244.1.17:53 who?');
    expect(dns.hits).toBe(1);
    await dns.stop();
    await expect(udpAsk('127.0.0.1', 20000, 'who?', 200)).rejects.toThrow('no answer');
  });

  it('passes TLS through to a server with its own certificate', async () => {
    cleanup.keep(await tcpGreeter('10.244.1.17', 3306, { tls: certificates.unrelated }));
    await startWith({
      tcp: {
        routers: {
          db: {
            entryPoints: ['websecure'],
            rule: 'HostSNI(`db.test.com`)',
            service: 'db',
            tls: { passthrough: true },
          },
        },
        services: document.tcp.services,
      },
    });
    const connection = cleanup.keep(await tcpConnect('127.0.0.1', 443, { sni: 'db.test.com' }));
    expect(await connection.readLine()).toBe('5.7.44-fairlead 10.244.1.17:3306');
    expect(connection.certificate?.subject.CN).toBe('unrelated.example.org');
  });
});

describe('traefik', () => {
  it('names the routers that it refuses', async () => {
    const traefik = await startWith({
      http: {
        routers: {
          bad: router('a.test.com', 'shop', { rule: 'Hose(`a`)' }),
          good: router('b.test.com', 'shop'),
        },
        services: { shop: loadBalancer('http://10.244.1.17:8080') },
      },
    });
    expect(await traefik.routerErrors()).toEqual([
      expect.objectContaining({ kind: 'routers', name: 'bad@http', status: 'disabled' }),
    ]);
  });

  it('takes the next document of its provider', async () => {
    const service = loadBalancer('http://10.244.1.17:8080');
    const provider = cleanup.keep(
      await startFixedProvider({
        http: { routers: { a: router('a.test.com', 's') }, services: { s: service } },
      }),
    );
    const traefik = cleanup.keep(await startTraefik({ staticConfig: provider.toStaticConfig(ENTRY_POINTS) }));
    await traefik.waitFor((data) => data.routers['a@http'] !== undefined);
    provider.serve({ http: { routers: { b: router('b.test.com', 's') }, services: { s: service } } });
    const data = await traefik.waitFor(({ routers }) => routers['b@http'] !== undefined);
    expect(Object.keys(data.routers).filter((name) => name.endsWith('@http'))).toEqual(['b@http']);
    await expect(traefik.waitFor(() => false, 100)).rejects.toThrow(/waited \d+ ms/);
  });

  it('starts from arguments, and side by side on other addresses', async () => {
    const fromArguments = await startTraefik({
      staticConfig: ['--entryPoints.web.address=:80'],
      bind: '10.1.0.1',
    });
    cleanup.keep(fromArguments);
    const bound = { staticConfig: 'entryPoints: {web: {address: ":80"}, pool: {address: ":20000"}}' };
    cleanup.keep(await startTraefik({ ...bound, bind: '10.1.0.2' }));
    cleanup.keep(await startTraefik({ ...bound, bind: '10.1.0.3', entryPoints: { pool: '10.1.0.3:20001' } }));
    for (const ip of ['10.1.0.1', '10.1.0.2', '10.1.0.3']) {
      expect((await httpGet({ ip, port: 80, host: 'nobody.test.com' })).status).toBe(404);
    }
    cleanup.keep(await tcpConnect('10.1.0.3', 20001));
    await expect(tcpConnect('10.1.0.3', 20000)).rejects.toThrow('ECONNREFUSED');
  });

  it('says why it does not start, and leaves nothing behind', async () => {
    await expect(startTraefik({ staticConfig: 'entryPoints: {web: {address: nowhere}}' })).rejects.toThrow(
      /exit status 1[^]*nowhere/,
    );
  });

  it('is gone when stopped, however often', async () => {
    const traefik = await startTraefik({ staticConfig: 'entryPoints: {web: {address: ":80"}}' });
    expect(isRunning(traefik.pid)).toBe(true);
    await traefik.stop();
    await traefik.stop();
    expect(isRunning(traefik.pid)).toBe(false);
    await expect(httpGet({ port: 80, host: 'a' })).rejects.toThrow('ECONNREFUSED');
  });
});

describe('cleaning up', () => {
  it('goes on after a failing step, newest first, and reports the failure', async () => {
    const done: string[] = [];
    const steps = new Cleanup();
    steps.add(() => void done.push('first'));
    steps.add(() => Promise.reject(new Error('second failed')));
    steps.add(() => void done.push('third'));
    await expect(steps.run()).rejects.toThrow('second failed');
    expect(done).toEqual(['third', 'first']);
    await steps.run();
  });

  it('kills a program that ignores SIGTERM', async () => {
    const child = await startChild('sh', ['-c', 'trap "" TERM; echo ready; while :; do sleep 0.1; done'], {
      patienceMs: 300,
    });
    await expect.poll(() => child.logs()).toBe('ready\n');
    await child.stop();
    expect(child.ended()).toBe('signal SIGKILL');
    expect(isRunning(child.pid)).toBe(false);
  });

  it('rejects when a program does not exist', async () => {
    await expect(startChild('/no/such/program', [])).rejects.toThrow('ENOENT');
  });

  it('removes a temporary folder', () => {
    const folder = makeTempFolder();
    expect(existsSync(folder.path)).toBe(true);
    folder.remove();
    expect(existsSync(folder.path)).toBe(false);
  });
});
