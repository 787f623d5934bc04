import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

import { KubeClient } from '../../src/kubernetes/kube-client.ts';
import { readAddresses } from '../../src/ports/written-addresses.ts';
import { findApiServerOrFake, startApiServer, type ApiServer, type Manifest } from './support/apiserver.ts';
import { startBroker, type Broker } from './support/broker.ts';
import { Cleanup } from './support/cleanup.ts';
import { eventually } from './support/eventually.ts';
import { tcpConnect } from './support/socket-client.ts';
import { startWorld, type World } from './support/world.ts';

const service = '/api/v1/namespaces/streams/services/kafka';
const slices = '/apis/discovery.k8s.io/v1/namespaces/streams/endpointslices';

/** The headless Service of a StatefulSet. */
const kafka: Manifest = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    name: 'kafka',
    namespace: 'streams',
    annotations: { 'fairlead.dev/expose': 'kafka', 'fairlead.dev/expose-each': 'kafka' },
  },
  spec: { clusterIP: 'None', selector: { app: 'kafka' }, ports: [{ name: 'kafka', port: 9092 }] },
};

/** The slice that Kubernetes makes of its pods. */
const toSlice = (pods: Readonly<Record<string, string>>): Manifest => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: {
    name: 'kafka-x',
    namespace: 'streams',
    labels: {
      'kubernetes.io/service-name': 'kafka',
      'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
    },
  },
  addressType: 'IPv4',
  ports: [{ name: 'kafka', port: 9092 }],
  endpoints: Object.entries(pods).map(([hostname, address]) => ({ hostname, addresses: [address] })),
});

const annotated = z.looseObject({
  metadata: z.looseObject({ annotations: z.record(z.string(), z.string()) }),
});

describe('the brokers of a StatefulSet, each on a pool port of its own', () => {
  const cleanup = new Cleanup();
  const brokers = new Map<string, Broker>();
  let client: KubeClient;
  let server: ApiServer;
  let world: World;

  async function readAnnotations(): Promise<Readonly<Record<string, string>>> {
    return annotated.parse(await client.getJson(service)).metadata.annotations;
  }

  /** What a broker's init container would read: its own address, and those of the others. */
  async function advertised(): Promise<ReadonlyMap<string, string>> {
    const addresses = readAddresses((await readAnnotations())['fairlead.dev/addresses'] ?? '');
    return new Map(
      addresses.flatMap(({ name, host, port }): [string, string][] =>
        name.startsWith('kafka.') ? [[name.slice('kafka.'.length), `${host}:${port}`]] : [],
      ),
    );
  }

  async function bootstrap(): Promise<number> {
    return Number((await readAnnotations())['tcp.fairlead.dev/9092']);
  }

  async function startPod(name: string, address: string): Promise<void> {
    brokers.set(name, cleanup.keep(await startBroker(name, address, 9092, advertised)));
  }

  /** Asks any broker by the bootstrap port who there is, and writes to each at its own address. */
  async function writeToAll(): Promise<Readonly<Record<string, string>>> {
    const any = await tcpConnect('127.0.0.1', await bootstrap());
    const list = await any.ask('BROKERS');
    await any.stop();
    const answers: Record<string, string> = {};
    for (const item of list.split(',')) {
      const [name = '', at = ''] = item.split('=');
      const [host = '', port] = at.split(':');
      const one = await tcpConnect(host, Number(port));
      answers[name] = await one.ask('PUT hello').catch(() => 'closed');
      await one.stop();
    }
    return answers;
  }

  async function portOf(name: string): Promise<number | undefined> {
    const text = (await readAnnotations())[`tcp.fairlead.dev/9092.${name}`];
    return text === undefined ? undefined : Number(text);
  }

  const waitForAnswers = (answers: Readonly<Record<string, string>>): Promise<true> =>
    eventually('the client reaches each broker at its own address', 10_000, async () => {
      expect(await writeToAll()).toEqual(answers);
      return true;
    });

  beforeAll(async () => {
    server = cleanup.keep(await startApiServer(findApiServerOrFake()));
    client = new KubeClient({ kubeconfig: server.kubeconfig, context: null });
    cleanup.add(() => client.close());
    world = cleanup.keep(
      await startWorld({
        config: {
          sources: [{ name: 'prod', kubernetes: { kubeconfig: server.kubeconfig } }],
          fleets: [
            {
              name: 'default',
              addresses: ['127.0.0.1'],
              ports: { tcp: { range: '20000-20019' }, cooldown: '10m' },
            },
          ],
          ledger: { configMap: 'fairlead-system/fairlead-ports' },
        },
      }),
    );
    for (const [index, address] of ['10.244.1.10', '10.244.1.11', '10.244.1.12'].entries())
      await startPod(`kafka-${index}`, address);
    await server.apply(
      toSlice({ 'kafka-0': '10.244.1.10', 'kafka-1': '10.244.1.11', 'kafka-2': '10.244.1.12' }),
      kafka,
    );
  });
  afterAll(() => cleanup.run());

  it('a client is led from the bootstrap port to each of them', async () => {
    await waitForAnswers({
      'kafka-0': 'kafka-0 10.244.1.10 hello',
      'kafka-1': 'kafka-1 10.244.1.11 hello',
      'kafka-2': 'kafka-2 10.244.1.12 hello',
    });
    const ports = await Promise.all(['kafka-0', 'kafka-1', 'kafka-2'].map(portOf));
    expect(new Set([...ports, await bootstrap()]).size).toBe(4);
  });

  it('one that restarts with another address has the same port, and nobody else notices', async () => {
    const before = await Promise.all(['kafka-0', 'kafka-1', 'kafka-2'].map(portOf));
    const held = await tcpConnect('127.0.0.1', before[0] ?? 0);
    expect(await held.ask('PUT first')).toBe('kafka-0 10.244.1.10 first');

    await brokers.get('kafka-1')?.stop();
    await server.apply(toSlice({ 'kafka-0': '10.244.1.10', 'kafka-2': '10.244.1.12' }));
    await eventually('its port closes connections at once', 10_000, async () => {
      const connection = await tcpConnect('127.0.0.1', before[1] ?? 0);
      const answer = await connection.ask('PUT x', 2_000).catch(() => 'closed');
      await connection.stop();
      return answer === 'closed' && connection.closed;
    });
    // It is away: what is announced stays.
    expect(await portOf('kafka-1')).toBe(before[1]);

    await startPod('kafka-1', '10.244.9.11');
    await server.apply(
      toSlice({ 'kafka-0': '10.244.1.10', 'kafka-1': '10.244.9.11', 'kafka-2': '10.244.1.12' }),
    );
    await waitForAnswers({
      'kafka-0': 'kafka-0 10.244.1.10 hello',
      'kafka-1': 'kafka-1 10.244.9.11 hello',
      'kafka-2': 'kafka-2 10.244.1.12 hello',
    });
    expect(await Promise.all(['kafka-0', 'kafka-1', 'kafka-2'].map(portOf))).toEqual(before);
    expect(await held.ask('PUT again')).toBe('kafka-0 10.244.1.10 again');
    await held.stop();
  });

  it('one that is scaled away and back inside the cooldown has its port again', async () => {
    const before = await portOf('kafka-2');
    await server.apply(toSlice({ 'kafka-0': '10.244.1.10', 'kafka-1': '10.244.9.11' }));
    await eventually('its annotation goes', 10_000, async () => (await portOf('kafka-2')) === undefined);
    const row = z.looseObject({ port: z.number(), state: z.string(), endpoint: z.string().optional() });
    const { ports } = z.object({ ports: z.array(row) }).parse(await world.admin('/api/ports'));
    expect(ports.find(({ endpoint }) => endpoint === 'kafka-2')).toMatchObject({
      port: before,
      state: 'cooling',
    });
    await server.apply(
      toSlice({ 'kafka-0': '10.244.1.10', 'kafka-1': '10.244.9.11', 'kafka-2': '10.244.1.12' }),
    );
    await eventually('it is back', 10_000, async () => (await portOf('kafka-2')) === before);
  });

  it('all of them may be away, and Fairlead too: every port stays', async () => {
    const names = ['kafka-0', 'kafka-1', 'kafka-2'];
    const before = await Promise.all(names.map(portOf));
    await client.request(`${slices}/kafka-x`, { method: 'DELETE' });
    await world.restartFairlead('crash');
    await server.apply(
      toSlice({ 'kafka-2': '10.244.1.12', 'kafka-0': '10.244.1.10', 'kafka-1': '10.244.9.11' }),
    );
    await waitForAnswers({
      'kafka-0': 'kafka-0 10.244.1.10 hello',
      'kafka-1': 'kafka-1 10.244.9.11 hello',
      'kafka-2': 'kafka-2 10.244.1.12 hello',
    });
    expect(await Promise.all(names.map(portOf))).toEqual(before);
  });
});
