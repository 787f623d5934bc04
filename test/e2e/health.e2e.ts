import { afterAll, beforeAll, expect, it } from 'vitest';
import { httpEcho, type HttpEcho } from './support/backends.ts';
import { Cleanup } from './support/cleanup.ts';
import { see } from './support/edge-client.ts';
import { eventually } from './support/eventually.ts';
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
  world = cleanup.keep(await startWorld());
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
