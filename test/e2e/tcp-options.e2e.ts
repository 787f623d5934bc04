import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, type ServerResponse } from 'node:http';
import { connect, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPort, readHeldPorts } from './support/admin-data.ts';
import { tcpGreeter, type GreeterOptions, type TcpGreeter } from './support/backends.ts';
import { Cleanup } from './support/cleanup.ts';
import { tcpConnect, type TcpOptions } from './support/client.ts';
import { ask } from './support/edge-client.ts';
import { eventually } from './support/eventually.ts';
import { toCertificateSecret, toManifests } from './support/manifests.ts';
import { startWorld, type World } from './support/world.ts';

// What the annotations of a TCP port come to on a real Traefik with real sockets, under the static configuration that goes with it.

const read = (file: string): string =>
  readFileSync(new URL(`../fixtures/tls/${file}`, import.meta.url), 'utf8');

/** The only address whose PROXY headers count. */
const balancer = '10.50.0.1';
const client = '10.50.0.7';

const cleanup = new Cleanup();
let world: World;
/** Its Traefik is behind a load balancer. */
let behind: World;

interface Database {
  readonly ip: string;
  readonly port: number;
  readonly backends: readonly TcpGreeter[];
}

let last = 0;

/** A Service with pool ports for TCP, its backends, and the port it has been given once Traefik has a router for it. */
async function startDatabase(
  name: string,
  annotations: Readonly<Record<string, string>>,
  options: {
    readonly count?: number;
    readonly world?: World;
    readonly server?: GreeterOptions;
    /** Where other servers listen. */
    readonly addresses?: readonly string[];
  } = {},
): Promise<Database> {
  const { count = 1, world: its = world, server } = options;
  const own = Array.from({ length: options.addresses ? 0 : count }, () => `10.244.7.${++last}`);
  const addresses = options.addresses ?? own;
  const backends = await Promise.all(own.map((address) => tcpGreeter(address, 3306, server)));
  for (const backend of backends) cleanup.keep(backend);
  const prefixed = Object.entries(annotations).map(([key, value]) => [`fairlead.dev/${key}`, value] as const);
  its.write(
    `${name}.yaml`,
    toManifests({
      namespace: 'rds',
      name,
      annotations: { 'fairlead.dev/expose': 'true', ...Object.fromEntries(prefixed) },
      ports: [{ name: 'mysql', port: 3306 }],
      addresses,
    }),
  );
  await eventually('the port', 5_000, async () =>
    (await readHeldPorts(its)).some(({ holder }) => holder === `Service/rds/${name}`),
  );
  const port = await findPort(its, `Service/rds/${name}`, 3306);
  await its.waitFor(({ tcpRouters }) => `rds_${name}_3306@http` in tcpRouters);
  return { ip: its === behind ? '127.0.0.2' : '127.0.0.1', port, backends };
}

/** The first line that a new client reads, or undefined when the connection ends without one. */
async function greet(port: number, options: TcpOptions = {}): Promise<string | undefined> {
  const connection = await tcpConnect('127.0.0.1', port, options);
  try {
    return await connection.readLine(3_000);
  } catch {
    return undefined;
  } finally {
    await connection.stop();
  }
}

/** A fleet with one Traefik and pool ports for TCP. */
async function startFleet(edge: string, range: string, more: object): Promise<World> {
  const ports = { tcp: { range }, udp: null, requestable: null };
  return cleanup.keep(
    await startWorld({ config: { fleets: [{ name: 'default', ports, ...more }] }, edges: [edge] }),
  );
}

beforeAll(async () => {
  world = await startFleet('127.0.0.1', '20300-20319', {});
  const proxyProtocol = { trustedIPs: [`${balancer}/32`], entryPoints: 'pools' };
  behind = await startFleet('127.0.0.2', '20320-20329', { proxyProtocol });
});
afterAll(() => cleanup.run());

describe('the PROXY protocol', () => {
  it('tells the backend as text who the client is', async () => {
    const { port } = await startDatabase('v1', { 'proxy-protocol': '1' });
    const connection = cleanup.keep(await tcpConnect('127.0.0.1', port, { from: client }));
    await connection.readLine();
    // The backend sends back what it gets.
    expect(await connection.readLine()).toMatch(
      new RegExp(String.raw`^PROXY TCP4 ${client} 127\.0\.0\.1 \d+ ${port}\r$`),
    );
    expect(await connection.ask('select 1')).toBe('select 1');
  });

  it('tells it in binary', async () => {
    const { port, backends } = await startDatabase('v2', { 'proxy-protocol': '2' });
    expect(await greet(port, { from: client })).toMatch(/^5\.7\.44/);
    const header = await eventually('the header', 5_000, () => {
      const bytes = backends[0]?.received();
      return bytes !== undefined && bytes.length >= 28 ? bytes : undefined;
    });
    expect(header.subarray(0, 12).toString('latin1')).toBe('\r\n\r\n\0\r\nQUIT\n');
    // Version 2, PROXY; TCP over IPv4; 12 bytes of addresses, that of the client first.
    expect([...header.subarray(12, 20)]).toEqual([0x21, 0x11, 0, 12, ...client.split('.').map(Number)]);
  });

  it('of a version that there is not closes the port', async () => {
    const { port, backends } = await startDatabase('v3', { 'proxy-protocol': '3' });
    expect(await greet(port)).toBeUndefined();
    expect(backends[0]?.hits).toBe(0);
  });
});

/** The header of a load balancer, without its line feed. */
const says = (port: number): string => `PROXY TCP4 203.0.113.9 198.51.100.1 5000 ${port}\r`;

describe('behind a load balancer', () => {
  it('the address in its header is that of the client, and the address in those of others is not', async () => {
    const { ip, port } = await startDatabase('told', { 'proxy-protocol': '1' }, { world: behind });
    const trusted = cleanup.keep(await tcpConnect(ip, port, { from: balancer }));
    expect(await trusted.ask(says(port))).toMatch(/^5\.7\.44/);
    expect(await trusted.readLine()).toMatch(/^PROXY TCP4 203\.0\.113\.9 /);
    const stranger = cleanup.keep(await tcpConnect(ip, port, { from: client }));
    expect(await stranger.ask(says(port))).toMatch(/^5\.7\.44/);
    expect(await stranger.readLine()).toMatch(new RegExp(`^PROXY TCP4 ${client} `));
  });

  it('that address decides what an allow-list lets in', async () => {
    const { ip, port } = await startDatabase(
      'allowed',
      { 'allow-cidrs': '203.0.113.0/24' },
      { world: behind },
    );
    const trusted = cleanup.keep(await tcpConnect(ip, port, { from: balancer }));
    expect(await trusted.ask(says(port))).toMatch(/^5\.7\.44/);
    const stranger = cleanup.keep(await tcpConnect(ip, port, { from: client }));
    await expect(stranger.ask(says(port))).rejects.toThrow(/ended/);
  });

  it('a client that comes past it is greeted after a while, by a server that speaks first', async () => {
    const { ip, port } = await startDatabase('direct', {}, { world: behind });
    const direct = cleanup.keep(await tcpConnect(ip, port, { from: client }));
    expect(await direct.readLine(30_000)).toMatch(/^5\.7\.44/);
  });
});

it('a client address has as many connections as max-connections says', async () => {
  const { port } = await startDatabase('limited', { 'max-connections': '2' });
  const open = [
    cleanup.keep(await tcpConnect('127.0.0.1', port, { from: client })),
    cleanup.keep(await tcpConnect('127.0.0.1', port, { from: client })),
  ];
  for (const connection of open) expect(await connection.readLine()).toMatch(/^5\.7\.44/);
  expect(await greet(port, { from: client })).toBeUndefined();
  expect(await greet(port, { from: '10.50.0.8' })).toMatch(/^5\.7\.44/);
  await open[0]?.stop();
  await eventually('room for another', 5_000, () => greet(port, { from: client }));
  expect(await open[1]?.ask('still here')).toBe('still here');
});

describe('TLS to a backend that asks for a certificate', () => {
  const tls = {
    cert: read('server.crt'),
    key: read('server.key'),
    ca: read('authority.crt'),
    requestCert: true,
    rejectUnauthorized: true,
  };
  const asked = { scheme: 'tls', 'server-name': '127.0.0.1', ca: 'authority' };

  beforeAll(() => {
    world.write(
      'authority.yaml',
      `{apiVersion: v1, kind: Secret, metadata: {name: authority, namespace: rds}, stringData: {ca.crt: ${JSON.stringify(read('authority.crt'))}}}`,
    );
    for (const name of ['client', 'stranger']) {
      const pair = { cert: read(`${name}.crt`), key: read(`${name}.key`) };
      world.write(`${name}-secret.yaml`, toCertificateSecret('rds', name, pair));
    }
  });

  it('is spoken with one, on behalf of clients that speak none', async () => {
    const { port } = await startDatabase(
      'mutual',
      { ...asked, 'client-cert': 'client' },
      { server: { tls } },
    );
    const connection = cleanup.keep(await tcpConnect('127.0.0.1', port));
    expect(await connection.readLine()).toMatch(/^5\.7\.44/);
    expect(await connection.ask('select 1')).toBe('select 1');
  });

  it.each([
    ['without-one', asked],
    ['with-another', { ...asked, 'client-cert': 'stranger' }],
    ['with-none-that-is-there', { ...asked, 'client-cert': 'no-such' }],
    ['of-another-authority', { scheme: 'tls', 'server-name': '127.0.0.1', 'client-cert': 'client' }],
    ['of-another-name', { ...asked, 'server-name': 'other.test', 'client-cert': 'client' }],
    ['without-a-name', { scheme: 'tls', ca: 'authority', 'client-cert': 'client' }],
  ])('does not come about %s', async (name, annotations) => {
    const { port, backends } = await startDatabase(name, annotations, { server: { tls } });
    expect(await greet(port)).toBeUndefined();
    expect(backends[0]?.hits).toBe(0);
  });
});

describe('a check by Traefik', () => {
  const tls = { cert: read('server.crt'), key: read('server.key') };

  it.each([
    ['checked', {}, {}],
    ['checked-by-tls', { scheme: 'tls', 'insecure-skip-verify': 'true' }, { tls }],
  ])('takes a backend out that is dead, and brings it back (%s)', async (name, annotations, server) => {
    const check = { 'health-expect': '5.7.44', 'health-interval': '1s', 'health-timeout': '1s' };
    const { port, backends } = await startDatabase(name, { ...check, ...annotations }, { count: 2, server });
    const [first, second] = backends;
    if (first === undefined || second === undefined) throw new Error('two backends');
    const seen = async (): Promise<ReadonlySet<string | undefined>> =>
      new Set(await Promise.all(Array.from({ length: 4 }, () => greet(port))));
    const greetings = backends.map(({ address }) => `5.7.44-fairlead ${address}:3306`);
    await eventually('both', 5_000, async () => (await seen()).size === 2);
    await first.stop();
    await eventually('only the other one', 15_000, async () => {
      const answers = await seen();
      return answers.size === 1 && answers.has(greetings[1]);
    });
    cleanup.keep(await tcpGreeter(first.address, 3306, server));
    await eventually('both again', 15_000, async () => {
      const answers = await seen();
      return greetings.every((greeting) => answers.has(greeting));
    });
  });
});

/** Answers once the client has ended its part, and some time after that. */
async function startSlow(address: string): Promise<void> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {}).resume();
    socket.once('end', () => setTimeout(() => socket.end('the whole answer\n'), 800));
  });
  await new Promise<void>((resolve) => server.listen(3306, address, resolve));
  cleanup.add(() => new Promise<void>((resolve) => server.close(() => resolve())));
}

/** What such a client is answered with. */
async function askHalfClosed(port: number): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
  socket.on('error', () => {}).end('the whole question\n');
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  return answer;
}

describe('a client that ends its part first', () => {
  it.each([
    ['patient', { 'termination-delay': '10s', 'keep-alive': '30s' }, 'the whole answer\n'],
    ['impatient', {}, ''],
  ])('is answered by the %s one', async (name, annotations, answer) => {
    const address = `10.244.8.${++last}`;
    await startSlow(address);
    const { port } = await startDatabase(name, annotations, { addresses: [address] });
    expect(await askHalfClosed(port)).toBe(answer);
  });
});

it('a client address has as many HTTP requests under way as max-connections says', async () => {
  const held: ServerResponse[] = [];
  const server = createHttpServer((_, response) => void held.push(response));
  await new Promise<void>((resolve) => server.listen(8080, '10.244.8.250', resolve));
  cleanup.add(() => new Promise<void>((resolve) => server.close(() => resolve())));
  world.write(
    'web.yaml',
    toManifests({
      namespace: 'rds',
      name: 'web',
      annotations: { 'fairlead.dev/host': 'web.test', 'fairlead.dev/max-connections': '2' },
      ports: [{ name: 'http', port: 8080 }],
      addresses: ['10.244.8.250'],
    }),
  );
  await world.waitFor(({ routers }) => 'rds_web_service_web.test_~root@http' in routers);
  const open = [ask('web.test', { from: client }), ask('web.test', { from: client })];
  await eventually('two requests', 5_000, () => held.length === 2);
  expect((await ask('web.test', { from: client })).status).toBe(429);
  const other = ask('web.test', { from: '10.50.0.8' });
  await eventually('that of another client', 5_000, () => held.length === 3);
  for (const response of held) response.end();
  expect((await Promise.all([...open, other])).map(({ status }) => status)).toEqual([200, 200, 200]);
});
