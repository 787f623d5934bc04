import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { httpEcho, toEcho, type HttpEcho } from './support/backends.ts';
import { makeTempFolder } from './support/cleanup.ts';
import { ask } from './support/edge-client.ts';
import { eventually } from './support/eventually.ts';
import { runFairlead } from './support/fairlead.ts';
import { toManifests } from './support/manifests.ts';
import { shootMany } from './support/shots.ts';
import { startWorld, type World } from './support/world.ts';

// The snippets of docs/vm-backends.md, as they stand there.

const guide = readFileSync(new URL('../../docs/vm-backends.md', import.meta.url), 'utf8');
const snippets = new Map(
  [...guide.matchAll(/```yaml\n# (\S+)\n([^]*?)```/g)].map(([, name = '', text = '']) => [name, text]),
);
const host = 'shop.example.com';
const ports = [{ name: 'http', port: 80 }];
const [first, second, pod, elsewhere] = ['192.168.7.57', '192.168.7.58', '10.244.1.7', '10.245.1.7'];

let world: World;
let temp: ReturnType<typeof makeTempFolder>;
let machines: readonly HttpEcho[];

beforeAll(async () => {
  temp = makeTempFolder();
  for (const name of ['vms', 'second']) mkdirSync(join(temp.path, name));
  const other = { namespace: 'shop', name: 'shop', ports, addresses: [elsewhere] };
  writeFileSync(
    join(temp.path, 'second/shop.yaml'),
    toManifests({ ...other, annotations: { 'fairlead.dev/grant-to': 'vms/shop' } }),
  );
  world = await startWorld({
    config: {
      sources: ['vms', 'second'].map((name) => ({ name, directory: { path: join(temp.path, name) } })),
    },
  });
  machines = await Promise.all([first, second].map((address) => httpEcho(address, 80)));
  for (const each of machines) world.keep(each);
  for (const address of [pod, elsewhere]) world.keep(await httpEcho(address, 80));
  write('pods.yaml', toManifests({ namespace: 'shop', name: 'shop-pods', ports, addresses: [pod] }));
});
afterAll(async () => {
  await world.stop();
  temp.remove();
});

function snippet(name: string): string {
  const text = snippets.get(name);
  if (text === undefined) throw new Error(`the guide shows no ${name}`);
  return text;
}

function write(name: string, text: string): void {
  writeFileSync(join(temp.path, 'vms', name), text);
}

async function countAnswers(): Promise<ReadonlyMap<string, number>> {
  const counts = await shootMany(host, 100, 8);
  return new Map([...counts].map(([backend, count]) => [backend.replace(/:80$/, ''), count]));
}

/** Waits until the servers at these addresses answer, and no others. */
function until(what: string, ...addresses: readonly string[]): Promise<true> {
  return eventually(
    what,
    15_000,
    async () => [...(await countAnswers()).keys()].toSorted().join() === addresses.toSorted().join(),
  );
}

it('moves five of a hundred requests, and explain shows what the guide says', async () => {
  write('shop.yaml', snippet('shop.yaml'));
  await eventually('the shop is served', 15_000, async () => (await ask(host)).status === 200);
  await eventually('five go to the pods', 5_000, async () => (await countAnswers()).get(pod) === 5);
  const { stdout } = await runFairlead(['explain', 'Service/shop/shop', join(temp.path, 'vms')]);
  const [, shown = ''] = /```text\n([^]*?)```/.exec(guide) ?? [];
  for (const line of shown.trim().split('\n')) expect(stdout).toContain(line);
  write('shop.yaml', snippet('shop.yaml').replace("weight: '5'", "weight: '25'"));
  await eventually('it is a quarter', 5_000, async () => (await countAnswers()).get(pod) === 25);
});

it('says of a plan in a folder that it cannot be carried out', async () => {
  const [, machinesText = ''] = snippet('shop.yaml').split('---\n');
  write('shop.yaml', `${snippet('shop-by-plan.yaml')}---\n${machinesText}`);
  await eventually('it is said', 10_000, async () =>
    JSON.stringify(await world.admin('/api/problems')).includes('plan is not possible in a folder'),
  );
  await eventually('nothing is moved', 5_000, async () => (await countAnswers()).get(pod) === undefined);
});

it('fails over to another cluster, and back', async () => {
  const [, machinesText = ''] = snippet('shop.yaml').split('---\n');
  write(
    'shop.yaml',
    `${snippet('failover.yaml').replace('interval: 2s', 'interval: 1s')}---\n${machinesText}`,
  );
  await until('the machines answer', first, second);
  await Promise.all(machines.map((each) => each.behave({ kind: 'refuse' })));
  await until('the other cluster answers', elsewhere);
  await Promise.all(machines.map((each) => each.behave({ kind: 'answer' })));
  await until('they are back', first, second);
});

it('goes to a Service of another namespace that agrees', async () => {
  write(
    'shop.yaml',
    snippet('shop.yaml').replace('shop-pods', 'cloud/shop-pods').replace("weight: '5'", "weight: '50'"),
  );
  const [, slice = ''] = toManifests({
    namespace: 'cloud',
    name: 'shop-pods',
    ports,
    addresses: [pod],
  }).split('---\n');
  write('cloud.yaml', `${snippet('grant.yaml')}---\n${slice}`);
  await eventually('half is moved', 10_000, async () => (await countAnswers()).get(pod) === 50);
  write('cloud.yaml', `${snippet('grant.yaml').replace(/.*grant-to.*\n/, '')}---\n${slice}`);
  await eventually('nothing is', 10_000, async () => (await countAnswers()).get(pod) === undefined);
  expect(toEcho((await ask(host)).body).backend).toMatch(/^192\.168\.7\.5[78]:80$/);
});
