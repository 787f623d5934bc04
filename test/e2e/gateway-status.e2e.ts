import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { KubeClient } from '../../src/kubernetes/kube-client.ts';
import { gatewayGroup as group } from '../../src/kinds/gateway/words.ts';
import { compareText, toObjectKey } from '../../src/model/object-ref.ts';
import type { GatewayObject } from '../../src/model/objects.ts';
import { emptyLedger } from '../../src/model/ports.ts';
import type { Condition, StatusFacts } from '../../src/routes/status.ts';
import { createClusterSource } from '../../src/source/cluster/cluster-source.ts';
import { ObjectStore } from '../../src/source/object-store.ts';
import { isGatewayObject } from '../../src/write-back/plan/gateway-status.ts';
import { planWrites } from '../../src/write-back/plan/plan.ts';
import { Writer } from '../../src/write-back/writer.ts';
import { slowness } from '../support/slowness.ts';
import { toFleetSettings } from '../unit/pipeline/addresses.ts';
import { findApiServer, startApiServer, type ApiServer, type Manifest } from './support/apiserver.ts';
import { Cleanup } from './support/cleanup.ts';
import { crdFolder, findObstacle } from './support/conformance/rig.ts';
import { eventually } from './support/eventually.ts';

const program = findApiServer('the status of objects of the Gateway API');
const obstacle = program === undefined ? 'no API server' : findObstacle();
if (program !== undefined && obstacle !== undefined)
  console.log(`!!  SKIPPED: the status of objects of the Gateway API: ${obstacle}`);

const apiVersion = 'gateway.networking.k8s.io/v1';
const fleet = { ...toFleetSettings('edge', ['192.0.2.7', 'edge.example.com']), gatewayClasses: ['one'] };
const log = pino({ level: 'silent' });
/** Routes that come at once; FAIRLEAD_STATUS_ROUTES=5000 for more. */
const many = Number(process.env['FAIRLEAD_STATUS_ROUTES'] ?? '1000');

const toObject = (kind: string, name: string, spec: object): Manifest => ({
  apiVersion,
  kind,
  metadata: kind === 'GatewayClass' ? { name } : { name, namespace: 'default' },
  spec,
});
const toRoute = (name: string, ...parents: readonly string[]): Manifest =>
  toObject('HTTPRoute', name, { parentRefs: parents.map((parent) => ({ name: parent })) });

interface Status {
  readonly listeners?: readonly object[];
  readonly parents?: readonly {
    readonly parentRef: { readonly name: string };
    readonly controllerName: string;
  }[];
}

const holds = (type: string): Condition => ({ type, status: 'True', reason: type, message: 'It is.' });

/** What a controller has to say of an object: everything is as it should be. Parents are its own when they begin with its name. */
function toFacts(controller: string, object: GatewayObject): StatusFacts | undefined {
  switch (object.kind) {
    case 'GatewayClass':
      return { of: 'GatewayClass', conditions: [holds('Accepted')] };
    case 'Gateway': {
      const listeners = object.listeners.map(({ name }) => ({
        name,
        supportedKinds: [{ group, kind: 'HTTPRoute' }],
        conditions: ['Accepted', 'Conflicted', 'Programmed', 'ResolvedRefs'].map(holds),
      }));
      return { of: 'Gateway', fleets: ['edge'], conditions: [holds('Accepted')], listeners };
    }
    case 'HTTPRoute': {
      const own = object.parentRefs.filter(({ name }) => name.startsWith(controller));
      const conditions = [holds('Accepted'), holds('ResolvedRefs')];
      return {
        of: 'Route',
        parents: own.map((parentRef) => ({ parentRef, conditions, attached: [] })),
      };
    }
    default:
      return undefined;
  }
}

describe.skipIf(obstacle !== undefined)('the status of objects of the Gateway API', () => {
  let server: ApiServer;
  let client: KubeClient;
  let cleanup: Cleanup;

  beforeAll(async () => {
    server = await startApiServer(program ?? '');
    client = new KubeClient({ kubeconfig: server.kubeconfig, context: null });
    const texts = readdirSync(crdFolder).map((name) => readFileSync(join(crdFolder, name), 'utf8'));
    const definitions = texts.map((text) => parse(text) as Manifest);
    await server.apply(...definitions.filter(({ kind }) => kind === 'CustomResourceDefinition'));
    await eventually('the kinds are served', 20_000, async () =>
      client.getJson(`/apis/${apiVersion}/httproutes`).then(
        () => true,
        () => undefined,
      ),
    );
  });

  afterAll(async () => {
    await client?.close();
    await server?.stop();
  });

  beforeEach(async () => {
    cleanup = new Cleanup();
    await server.rig('stats/reset');
  });

  afterEach(async () => {
    await cleanup.run();
    for (const plural of ['httproutes', 'gateways'])
      await client.delete(`/apis/${apiVersion}/namespaces/default/${plural}`);
  });

  /** A controller: plans each change that it sees. */
  async function startController(name: string): Promise<Writer> {
    const store = new ObjectStore();
    const place = { name: 'prod', kubeconfig: server.kubeconfig, context: null, namespaces: [] };
    const source = cleanup.keep(createClusterSource(place, log));
    const writer = cleanup.keep(
      new Writer({ clientOf: () => source.client, rights: new Map(), isLeader: () => true, log }),
    );
    const plan = (objects: readonly GatewayObject[]): void => {
      const byKey = new Map(objects.map((object) => [toObjectKey(object.meta.ref), object]));
      const writes = planWrites({
        settings: { fleets: [fleet], services: { expose: [] } },
        sources: new Set(['prod']),
        services: [],
        ingresses: [],
        ledger: emptyLedger,
        claimsOf: () => [],
        gateway: {
          controller: `${name}.example.com/gateway-controller`,
          fleets: [fleet],
          objects,
          statusOf: (key) => {
            const object = byKey.get(key);
            return object && toFacts(name, object);
          },
          attachedRoutes: () => 2,
          isOwn: () => false,
          isLed: () => false,
          ports: { ofListener: (_owner, listener) => listener, ofParent: (_route, parent) => parent },
          closed: { ofParent: (_route, parent) => parent },
        },
      });
      writer.submit(writes, new Set(byKey.keys()));
    };
    source.start({
      changed: (changes) => {
        store.apply(changes);
        const objects = changes.flatMap((change) => (change.kind === 'set' ? [change.object] : []));
        plan(objects.filter(isGatewayObject));
      },
      problems: () => undefined,
      state: () => undefined,
    });
    return writer;
  }

  async function statusOf(plural: string, name: string): Promise<Status> {
    const namespace = plural === 'gatewayclasses' ? '' : 'namespaces/default/';
    const { status } = await client.getJson(`/apis/${apiVersion}/${namespace}${plural}/${name}`);
    return status ?? {};
  }

  const parentsOf = async (name: string): Promise<readonly string[]> => {
    const { parents = [] } = await statusOf('httproutes', name);
    return parents
      .map(({ parentRef, controllerName }) => `${parentRef.name} by ${controllerName.split('.')[0]}`)
      .toSorted(compareText);
  };
  const untilParents = (name: string, ...wanted: readonly string[]): Promise<unknown> =>
    eventually(`the parents are ${wanted.join()}`, 10_000, async () =>
      JSON.stringify(await parentsOf(name)) === JSON.stringify(wanted) ? true : undefined,
    );

  /** How often the status of a kind was written. */
  async function countPatches(plural: string): Promise<number> {
    const stats = await server.rig('stats', {}, 'GET');
    return (
      (stats as { readonly totals: Readonly<Record<string, number>> }).totals[`patch ${plural}/status`] ?? 0
    );
  }

  it('is what the API server takes, with times, and written once', async () => {
    await server.apply(
      toObject('GatewayClass', 'one', { controllerName: 'one.example.com/gateway-controller' }),
      toObject('Gateway', 'one', {
        gatewayClassName: 'one',
        listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }],
      }),
    );
    const writer = await startController('one');
    await eventually(
      'the Gateway is answered',
      10_000,
      async () => (await statusOf('gateways', 'one')).listeners,
    );
    expect(await statusOf('gateways', 'one')).toMatchObject({
      addresses: [{ value: '192.0.2.7' }, { value: 'edge.example.com', type: 'Hostname' }],
      conditions: [
        { type: 'Accepted', observedGeneration: 1, lastTransitionTime: expect.stringMatching(/^20/) },
        { type: 'Programmed', status: 'True' },
      ],
      listeners: [{ name: 'http', attachedRoutes: 2, supportedKinds: [{ kind: 'HTTPRoute' }] }],
    });
    await eventually('the class is answered', 10_000, async () =>
      JSON.stringify(await statusOf('gatewayclasses', 'one')).includes('"HTTPRouteCORS"'),
    );
    await eventually('nothing is left to write', 5_000, () => writer.pending === 0);
    await sleep(500);
    expect([await countPatches('gateways'), await countPatches('gatewayclasses')]).toEqual([1, 1]);
  });

  it('of a route is shared by two controllers, who leave each other alone', async () => {
    await server.apply(toRoute('shared', 'one-a', 'two-a', 'one-b'));
    const writers = [await startController('one'), await startController('two')];
    await untilParents('shared', 'one-a by one', 'one-b by one', 'two-a by two');
    await eventually('nothing is left to write', 5_000, () => writers.every(({ pending }) => pending === 0));
    const before = await countPatches('httproutes');
    expect(before).toBeLessThan(8);
    await sleep(1_500);
    expect(await countPatches('httproutes')).toBe(before);
  });

  it('loses the entries for parents that a route names no more, and only ours', async () => {
    await server.apply(toRoute('shared', 'one-a', 'two-a'));
    const two = await startController('two');
    await untilParents('shared', 'two-a by two');
    await two.stop();
    await startController('one');
    await untilParents('shared', 'one-a by one', 'two-a by two');
    await server.apply(toRoute('shared', 'one-b'));
    await untilParents('shared', 'one-b by one', 'two-a by two');
  });

  it('of many routes at once is written once for each', async () => {
    const names = Array.from({ length: many }, (_, index) => `route-${index}`);
    for (let at = 0; at < many; at += 100)
      await server.apply(...names.slice(at, at + 100).map((name) => toRoute(name, 'one-a')));
    const began = performance.now();
    const busy = process.cpuUsage();
    const writer = await startController('one');
    await eventually(
      'all are written',
      120_000 * slowness(),
      async () => (await countPatches('httproutes')) >= many,
    );
    await eventually('nothing is left to write', 20_000, () => writer.pending === 0);
    const { user, system } = process.cpuUsage(busy);
    const took = `${Math.round(performance.now() - began)} ms, ${Math.round((user + system) / 1_000)} ms of CPU`;
    console.log(`the status of ${many} routes at once: ${took}`);
    await sleep(500);
    expect(await countPatches('httproutes')).toBe(many);
    expect(await parentsOf(names.at(-1) ?? '')).toEqual(['one-a by one']);
  }, 300_000);
});
