import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { build, findKubectl, ofKind, root } from '../support/built-manifests.ts';
import { findApiServer, type Manifest } from './support/apiserver.ts';
import { Cleanup, makeTempFolder } from './support/cleanup.ts';
import { config } from './support/leader-task-objects.ts';
import { eventually } from './support/eventually.ts';
import { startFairlead, type Fairlead } from './support/fairlead.ts';
import { startGuardedCluster, type GuardedCluster } from './support/guarded-cluster.ts';

const skipped = 'write-back without the right to it';
const program = findApiServer(skipped);
const hasKubectl = findKubectl(skipped);
const count = 12;
const namespaces = ['shop', 'bank'];

const problemSchema = z.object({
  code: z.string(),
  object: z.string(),
  message: z.string(),
  hint: z.string(),
});
const problemsSchema = z.array(problemSchema);
const statsSchema = z.object({ totals: z.record(z.string(), z.number()) });
const serviceList = z.object({
  items: z.array(
    z.object({ metadata: z.object({ annotations: z.record(z.string(), z.string()).default({}) }) }),
  ),
});
const eventList = z.object({ items: z.array(z.object({ reason: z.string() })) });

/** With a mistake, so that there is a Warning. */
function toService(namespace: string, index: number): Manifest {
  const annotations = { 'fairlead.dev/expose': 'true', 'fairlead.dev/max-fails': 'two' };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: `db-${index}`, namespace, annotations },
    spec: { clusterIP: 'None', ports: [{ name: 'mysql', port: 3306 }] },
  };
}

const ingress: Manifest = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'web', namespace: 'shop' },
  spec: {
    ingressClassName: 'fairlead',
    defaultBackend: { service: { name: 'db-0', port: { number: 3306 } } },
  },
};

describe.skipIf(program === undefined || !hasKubectl)('write-back without the right to it', () => {
  const cleanup = new Cleanup();
  let cluster: GuardedCluster;
  let fairlead: Fairlead;
  let binding: Manifest;

  beforeAll(async () => {
    cluster = cleanup.keep(await startGuardedCluster(program ?? ''));
    const bindings = ofKind(build(join(root, 'manifests')), 'ClusterRoleBinding') as readonly unknown[];
    binding = (bindings as readonly Manifest[]).find(
      ({ metadata }) => metadata.name === 'fairlead-write-back',
    ) as Manifest;
    await cluster.server.delete(binding);
    await cluster.server.apply(
      ingress,
      ...namespaces.flatMap((namespace) =>
        Array.from({ length: count }, (_each, index) => toService(namespace, index)),
      ),
    );
    const folder = makeTempFolder();
    cleanup.add(() => folder.remove());
    fairlead = cleanup.keep(await startFairlead({ cwd: folder.path, config: config(cluster.kubeconfig) }));
  });

  afterAll(() => cleanup.run());

  async function readRefusals(): Promise<readonly string[]> {
    const response = await fetch(`${fairlead.adminUrl}/api/problems`);
    const problems = problemsSchema.parse(await response.json());
    const refusals = problems.filter(({ code }) => code === 'write-back-refused');
    for (const { object, hint } of refusals) {
      expect(object).toBe('Source/cluster');
      expect(hint).toContain('manifests/base/rbac/write-back.yaml');
    }
    return refusals.map(({ message }) => message).toSorted();
  }

  const readMetric = async (): Promise<string | undefined> => {
    const text = await (await fetch(`${fairlead.adminUrl}/metrics`)).text();
    return /fairlead_problems\{code="write-back-refused",severity="error"\} (\d+)/.exec(text)?.[1];
  };

  const toLines = (): readonly string[] =>
    fairlead
      .logs()
      .split('\n')
      .filter((line) => line.includes('lacks the verb') || line.includes('forbidden'));

  async function readReasons(): Promise<readonly string[]> {
    const list = await cluster.client.getJson('/apis/events.k8s.io/v1/events');
    return eventList.parse(list).items.map(({ reason }) => reason);
  }

  async function countWarnings(): Promise<number> {
    return (await readReasons()).filter((reason) => reason === 'AnnotationInvalid').length;
  }

  async function countWritten(): Promise<number> {
    const { items } = serviceList.parse(await cluster.client.getJson('/api/v1/services'));
    return items.filter(({ metadata }) => metadata.annotations['tcp.fairlead.dev/3306'] !== undefined).length;
  }

  it('is a problem of the source for each right, is tried rarely, and goes on when the right is there', async () => {
    await eventually('all is reported', 20_000, async () => (await readRefusals()).length >= 3);
    await cluster.server.rig('stats/reset');
    await sleep(12_000);
    expect(await readRefusals()).toEqual([
      expect.stringMatching(/^The role lacks the verb create on events of the API group events\.k8s\.io/),
      expect.stringMatching(/^The role lacks the verb list on events of the API group events\.k8s\.io/),
      expect.stringMatching(
        /^The role lacks the verb patch on ingresses\/status of the API group networking\.k8s\.io/,
      ),
      expect.stringMatching(/^The role lacks the verb patch on services of the core API group/),
    ]);
    expect(await readMetric()).toBe('4');
    expect(toLines()).toHaveLength(4);
    const { totals } = statsSchema.parse(await cluster.server.rig('stats', {}, 'GET'));
    const writes = Object.entries(totals).filter(([what]) =>
      /^(patch|create|delete|list) (services|ingresses|events)/.test(what),
    );
    const sum = writes.reduce((all, [, each]) => all + each, 0);
    console.log(`tried in 12 s: ${JSON.stringify(Object.fromEntries(writes))}`);
    expect(sum).toBeGreaterThan(0);
    expect(sum).toBeLessThan(20);

    await cluster.server.apply(binding);
    const granted = performance.now();
    await eventually(
      'all is written',
      40_000,
      async () => (await countWritten()) === namespaces.length * count,
    );
    await eventually('no problem is left', 40_000, async () => (await readRefusals()).length === 0);
    console.log(`right again ${Math.round(performance.now() - granted)} ms after the right was granted`);
    expect(await readMetric()).toBe('0');
    // Events of ports have waited as well.
    const wanted = ['AnnotationInvalid', 'PortAllocated'].flatMap((reason) =>
      Array.from({ length: namespaces.length * count }, () => reason),
    );
    await eventually('all Events are there', 60_000, async () => {
      return (await readReasons()).toSorted().join() === wanted.join();
    });
    expect(toLines().filter((line) => line.includes('problem is gone'))).toHaveLength(4);
  }, 180_000);

  it('is no problem any more when nothing is left to write', async () => {
    await cluster.server.delete(binding);
    const service = '/api/v1/namespaces/shop/services/db-0';
    const { metadata } = await cluster.client.getJson(service);
    const { annotations } = z.object({ annotations: z.record(z.string(), z.string()) }).parse(metadata);
    const key = 'tcp.fairlead.dev/3306';
    await cluster.client.patch(service, { metadata: { annotations: { [key]: '1' } } });
    await eventually('it is reported', 10_000, async () => (await readRefusals()).length === 1);
    await cluster.client.patch(service, { metadata: { annotations: { [key]: annotations[key] } } });
    await eventually('it is gone', 10_000, async () => (await readRefusals()).length === 0);
  });

  it('concerns Warnings that should go, too', async () => {
    await cluster.server.delete(binding).catch(() => undefined);
    const before = await countWarnings();
    const mended = toService('bank', 0);
    const annotations = { 'fairlead.dev/expose': 'true' };
    await cluster.server.apply({ ...mended, metadata: { ...mended.metadata, annotations } });
    await eventually('it is reported', 10_000, async () => {
      const refusals = await readRefusals();
      return refusals.length === 1 && refusals[0]?.startsWith('The role lacks the verb delete on events');
    });
    expect(await countWarnings()).toBe(before);
    await cluster.server.apply(binding);
    await eventually('the Warning is gone', 30_000, async () => (await countWarnings()) === before - 1);
    await eventually('so is the problem', 5_000, async () => (await readRefusals()).length === 0);
  });
});
