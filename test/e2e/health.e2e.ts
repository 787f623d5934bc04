import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { httpEcho, tcpGreeter, type HttpEcho } from './support/backends.ts';
import { Cleanup } from './support/cleanup.ts';
import { askStatus, see } from './support/edge-client.ts';
import { grpcHealth } from './support/grpc-health.ts';
import { eventually } from './support/eventually.ts';
import { runFairlead } from './support/fairlead.ts';
import { findFreePort } from './support/local-address.ts';
import { Load } from './support/load.ts';
import { toManifests } from './support/manifests.ts';
import { startWorld, type World } from './support/world.ts';

// A machine that dies, comes back, and dies again and again, behind an active check of a real Traefik.

const cleanup = new Cleanup();
let world: World;
let steady: HttpEcho;
let flapping: HttpEcho;
const host = 'checked.test';

beforeAll(async () => {
  steady = cleanup.keep(await httpEcho('10.244.10.1', 8080));
  flapping = cleanup.keep(await httpEcho('10.244.10.2', 8080));
  const api = `127.0.0.1:${await findFreePort()}`;
  world = cleanup.keep(
    await startWorld({
      config: { fleets: [{ name: 'default', api: [`http://${api}`] }] },
      entryPoints: { traefik: api },
    }),
  );
  world.write(
    'checked.yaml',
    toManifests({
      namespace: 'shop',
      name: 'checked',
      annotations: {
        'fairlead.dev/host': host,
        'fairlead.dev/health-path': '/healthz?deep=1',
        'fairlead.dev/health-method': 'HEAD',
        'fairlead.dev/health-host': 'probe.test',
        'fairlead.dev/health-headers': 'X-Probe=edge',
        'fairlead.dev/health-interval': '1s',
        'fairlead.dev/health-unhealthy-interval': '1s',
        'fairlead.dev/health-timeout': '1s',
      },
      ports: [{ name: 'http', port: 8080 }],
      addresses: ['10.244.10.1', '10.244.10.2'],
    }),
  );
  await world.waitFor(({ routers }) => Object.keys(routers).some((name) => name.includes(host)));
  await eventually('it is served', 10_000, () => see(host));
});
afterAll(() => cleanup.run());

/** Whether the machine is among those that answer now. */
async function isIn(): Promise<boolean> {
  const answers = await Promise.all(
    Array.from({ length: 8 }, async () =>
      see(host).then(
        ({ backend }) => backend,
        () => 'failed',
      ),
    ),
  );
  if (answers.includes('failed')) throw new Error('a request failed');
  return answers.includes('10.244.10.2:8080');
}

it('asks as the annotations say', async () => {
  const probe = await eventually('a check', 10_000, () =>
    steady.requests.find(({ method }) => method === 'HEAD'),
  );
  expect(probe).toMatchObject({
    path: '/healthz?deep=1',
    host: 'probe.test',
    headers: { 'x-probe': 'edge' },
  });
});

it('takes a machine out that fails its check, brings it back, and so each time', async () => {
  for (let turn = 0; turn < 3; turn++) {
    await flapping.behave({ kind: 'fail', status: 503 });
    await eventually('it is out', 15_000, async () => !(await isIn()));
    await flapping.behave({ kind: 'answer' });
    await eventually('it is back', 15_000, isIn);
  }
});

it('loses no request while a machine is out and nothing listens there', async () => {
  await flapping.behave({ kind: 'fail', status: 503 });
  await eventually('it is out', 15_000, async () => !(await isIn()));
  await flapping.behave({ kind: 'refuse' });
  const load = new Load(host);
  await eventually('some answers', 15_000, () => load.count > 200);
  const { servers, failures } = await load.stop();
  expect(failures).toEqual([]);
  expect(new Set(servers)).toEqual(new Set(['10.244.10.1:8080']));
  await flapping.behave({ kind: 'answer' });
  await eventually('it is back', 15_000, isIn);
});

const explanationSchema = z.tuple([
  z.object({
    routes: z.array(z.object({ checks: z.array(z.object({ active: z.string() })).optional() })),
    health: z.array(
      z.object({
        traefik: z.string(),
        servers: z.array(z.object({ server: z.string(), status: z.enum(['DOWN', 'UP']) })),
      }),
    ),
  }),
]);

/** How Traefik sees the servers of a Service, as `/api/explain` has it. */
async function explainHealth(name: string): Promise<readonly string[]> {
  const [{ health }] = explanationSchema.parse(await world.admin(`/api/explain/Service/shop/${name}`));
  expect(health.map(({ traefik }) => traefik)).toEqual([world.traefik.apiUrl]);
  return health.flatMap(({ servers }) => servers.map(({ server, status }) => `${server} ${status}`));
}

function untilSeen(name: string, expected: readonly string[]): Promise<boolean> {
  return eventually(`Traefik sees ${expected.join(', ')}`, 15_000, async () =>
    isDeepStrictEqual(await explainHealth(name), expected),
  );
}

it('tells in explain what Traefik sees: a machine that dies is down, and up again later', async () => {
  const other = 'http://10.244.10.1:8080 UP';
  await untilSeen('checked', [other, 'http://10.244.10.2:8080 UP']);
  await flapping.behave({ kind: 'refuse' });
  await untilSeen('checked', [other, 'http://10.244.10.2:8080 DOWN']);
  const { stdout } = await runFairlead(['explain', 'svc/shop/checked', '--server', world.fairlead.adminUrl]);
  expect(stdout).toContain('    checks: HEAD /healthz?deep=1 every 1s (1s while down), time-out 1s\n');
  expect(stdout).toContain(`  as ${world.traefik.apiUrl} sees it: ${other}, http://10.244.10.2:8080 DOWN\n`);
  await flapping.behave({ kind: 'answer' });
  await untilSeen('checked', [other, 'http://10.244.10.2:8080 UP']);
});

it('tells the same of a TCP port', async () => {
  const database = cleanup.keep(await tcpGreeter('10.244.10.4', 3306));
  world.write(
    'db.yaml',
    toManifests({
      namespace: 'shop',
      name: 'db',
      annotations: {
        'fairlead.dev/expose': 'true',
        'fairlead.dev/health-tcp': 'true',
        'fairlead.dev/health-interval': '1s',
      },
      ports: [{ name: 'sql', port: 3306 }],
      addresses: ['10.244.10.4'],
    }),
  );
  await untilSeen('db', ['10.244.10.4:3306 UP']);
  await database.stop();
  await untilSeen('db', ['10.244.10.4:3306 DOWN']);
});

it('asks the health service of a gRPC server, and follows what it says', async () => {
  const server = cleanup.keep(await grpcHealth('10.244.10.3', 50_051));
  world.write(
    'calls.yaml',
    toManifests({
      namespace: 'shop',
      name: 'calls',
      annotations: {
        'fairlead.dev/host': 'calls.test',
        'fairlead.dev/scheme': 'h2c',
        'fairlead.dev/health-mode': 'grpc',
        'fairlead.dev/health-interval': '1s',
        'fairlead.dev/health-unhealthy-interval': '1s',
        'fairlead.dev/health-timeout': '1s',
      },
      ports: [{ name: 'grpc', port: 50_051 }],
      addresses: ['10.244.10.3'],
    }),
  );
  await untilSeen('calls', ['h2c://10.244.10.3:50051 UP']);
  await eventually('it is reached', 15_000, async () => (await askStatus('calls.test')) === 200);
  expect(server.hits).toBeGreaterThan(0);
  server.serving = false;
  await untilSeen('calls', ['h2c://10.244.10.3:50051 DOWN']);
  expect(await askStatus('calls.test')).toBe(503);
  server.serving = true;
  await untilSeen('calls', ['h2c://10.244.10.3:50051 UP']);
  expect(await askStatus('calls.test')).toBe(200);
});
