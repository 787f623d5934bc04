import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { httpEcho, tcpGreeter } from './support/backends.ts';
import { Cleanup } from './support/cleanup.ts';
import { eventually } from './support/eventually.ts';
import { runFairlead } from './support/fairlead.ts';
import { startFixedProvider } from './support/fixed-provider.ts';
import { findFreePort } from './support/local-address.ts';
import { toManifests } from './support/manifests.ts';
import { startTraefik, type Traefik } from './support/traefik.ts';
import { readStaticConfig, startWorld, type World } from './support/world.ts';

// Two Traefiks of one fleet whose APIs Fairlead knows: what each has applied, and what one of them lacks.

const rowSchema = z.array(
  z.looseObject({
    traefik: z.string(),
    state: z.string(),
    revision: z.string().nullable(),
    error: z.string().optional(),
    entryPointsMissing: z.array(z.string()),
    routerFaults: z.array(
      z.looseObject({ router: z.string(), status: z.string(), errors: z.array(z.string()) }),
    ),
  }),
);
const explanationSchema = z.tuple([
  z.looseObject({
    applied: z.array(
      z.looseObject({
        router: z.string(),
        traefiks: z.number(),
        applied: z.number(),
        not: z.array(z.object({ traefik: z.string(), why: z.string() })),
      }),
    ),
  }),
]);
const problemSchema = z.array(z.looseObject({ code: z.string(), message: z.string() }));

const cleanup = new Cleanup();
let world: World;
let second: Traefik | undefined;
let secondApi = '';

beforeAll(async () => {
  cleanup.keep(await httpEcho('10.244.11.1', 8080));
  cleanup.keep(await tcpGreeter('10.244.11.2', 3306));
  const apis = [`127.0.0.1:${await findFreePort()}`, `127.0.0.2:${await findFreePort()}`];
  secondApi = apis[1] ?? '';
  world = cleanup.keep(
    await startWorld({
      config: {
        fleets: [
          {
            name: 'default',
            api: apis.map((api) => `http://${api}`),
            ports: { tcp: { range: '20000-20003' }, udp: null, requestable: null },
          },
        ],
        writeBack: { announceAfter: '30s' },
      },
      entryPoints: { traefik: apis[0] ?? '' },
    }),
  );
  world.write(
    'web.yaml',
    toManifests({
      namespace: 'shop',
      name: 'web',
      annotations: { 'fairlead.dev/host': 'web.test' },
      ports: [{ name: 'http', port: 8080 }],
      addresses: ['10.244.11.1'],
    }),
  );
  world.write(
    'db.yaml',
    toManifests({
      namespace: 'shop',
      name: 'db',
      annotations: { 'fairlead.dev/expose': 'true' },
      ports: [{ name: 'mysql', port: 3306 }],
      addresses: ['10.244.11.2'],
    }),
  );
  await startSecond();
});
afterAll(() => cleanup.run());

/** @param change What its static configuration has otherwise. */
async function startSecond(change = (text: string) => text): Promise<void> {
  await second?.stop();
  const staticConfig = change(await readStaticConfig(world.fairlead, world.root));
  second = cleanup.keep(
    await startTraefik({ staticConfig, bind: '127.0.0.2', entryPoints: { traefik: secondApi } }),
  );
}

const rows = async () => rowSchema.parse(await world.admin('/api/traefiks'));
const problems = async () => problemSchema.parse(await world.admin('/api/problems'));

async function applied(name: string) {
  const [{ applied: found }] = explanationSchema.parse(
    await world.admin(`/api/explain/Service/shop/${name}`),
  );
  return found.map(({ traefiks, applied: count, not }) => ({ traefiks, applied: count, not }));
}

/** Waits until so many of the two have applied the router of a Service. */
function untilApplied(name: string, count: number) {
  return eventually(`${name} is applied on ${count} of 2`, 20_000, async () => {
    const [row] = await applied(name);
    return row?.traefiks === 2 && row.applied === count ? row : undefined;
  });
}

function untilRow(
  what: string,
  predicate: (row: z.infer<typeof rowSchema>[number]) => boolean,
): Promise<unknown> {
  return eventually(what, 20_000, async () => {
    const row = (await rows()).find(({ traefik }) => traefik.includes(secondApi));
    return row !== undefined && predicate(row);
  });
}

it('says that both have applied what is served, object by object', async () => {
  await eventually('both are current', 20_000, async () =>
    (await rows()).every(({ state }) => state === 'current'),
  );
  for (const name of ['web', 'db']) await untilApplied(name, 2);
  const { stdout } = await runFairlead(['explain', 'svc/shop/web', '--server', world.fairlead.adminUrl]);
  expect(stdout).toContain('applied on 2 of 2\n');
  expect(await problems()).toEqual([]);
});

it('says so within a moment after each change', async () => {
  for (const turn of [1, 2, 3]) {
    world.write(
      'more.yaml',
      toManifests({
        namespace: 'shop',
        name: 'more',
        annotations: { 'fairlead.dev/host': `more-${turn}.test` },
        ports: [{ name: 'http', port: 8080 }],
        addresses: ['10.244.11.1'],
      }),
    );
    await untilApplied('more', 2);
  }
});

it('names the Traefik that is stopped, and the reason', async () => {
  await second?.stop();
  await untilRow(
    'it is away',
    ({ state, error }) => state === 'unreachable' && /ECONNREFUSED/.test(error ?? ''),
  );
  const { not } = await untilApplied('web', 1);
  expect(not).toEqual([{ traefik: `http://${secondApi}`, why: expect.stringContaining('ECONNREFUSED') }]);
});

it('names an entryPoint that one of them lacks, and who suffers', async () => {
  await startSecond((text) => text.replaceAll(/^ {2}tcp-20000:\n(?: {4}.*\n)+/gm, ''));
  await untilRow('it lacks one', ({ entryPointsMissing }) => entryPointsMissing.join() === 'tcp-20000');
  await untilApplied('web', 2);
  const { not } = await untilApplied('db', 1);
  expect(not).toEqual([{ traefik: `http://${secondApi}`, why: 'it has no entryPoint tcp-20000' }]);
  await eventually('a problem', 10_000, async () =>
    (await problems()).some(
      ({ code, message }) => code === 'traefik-entry-point-missing' && message.includes('tcp-20000'),
    ),
  );
  const metrics = await (await fetch(`${world.fairlead.adminUrl}/metrics`)).text();
  expect(metrics).toContain('fairlead_traefik_faults{fleet="default",kind="entry-point"} 1');
  expect(metrics).toContain('fairlead_traefiks{fleet="default",state="current"} 2');
});

it('tells of an older answer, though the Traefik polls', async () => {
  // What it was given by somebody else in Fairlead's place: an answer of another time.
  const old = {
    http: {
      middlewares: { revision: { headers: { customResponseHeaders: { 'X-Fairlead-Revision': 'abc123' } } } },
    },
  };
  const provider = await startFixedProvider(old);
  cleanup.add(() => provider.stop());
  await startSecond((text) => text.replace(/endpoint: .*/, `endpoint: ${provider.url}`));
  await untilRow('it is behind', ({ state, revision }) => state === 'behind' && revision === 'abc123');
  const { not } = await untilApplied('web', 1);
  expect(not[0]?.why).toContain('it has not applied the current configuration: it has abc123');
  await eventually('a problem', 40_000, async () =>
    (await problems()).some(
      ({ code, message }) => code === 'traefik-answer-not-applied' && message.includes(secondApi),
    ),
  );
});

it('tells of a router that Traefik disables, why, and whose it is', async () => {
  // An entryPoint of the right name and the wrong protocol.
  await startSecond((text) => text.replace(':20000/tcp', ':20000/udp'));
  await untilRow('it refuses', ({ state, routerFaults }) => state === 'current' && routerFaults.length > 0);
  const { not } = await untilApplied('db', 1);
  expect(not).toHaveLength(1);
  expect(not[0]?.why).toMatch(/^disabled: .*"tcp-20000"/);
  const problem = await eventually('a problem of the Service', 10_000, async () =>
    (await problems()).find(({ code }) => code === 'traefik-router-disabled'),
  );
  expect(problem).toMatchObject({ object: 'Service/shop/db' });
  expect(problem.message).toContain(secondApi);
});

it('is sound again when the Traefik is', async () => {
  await startSecond();
  await eventually('no problem is left', 20_000, async () => (await problems()).length === 0);
  await untilApplied('db', 2);
});
