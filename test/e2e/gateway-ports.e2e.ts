import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { KubeClient } from '../../src/kubernetes/kube-client.ts';
import { findApiServer, startApiServer, type ApiServer, type Manifest } from './support/apiserver.ts';
import { tcpGreeter, udpEcho } from './support/backends.ts';
import { Cleanup } from './support/cleanup.ts';
import { tcpConnect, udpAsk } from './support/client.ts';
import { crdFolder, findObstacle } from './support/conformance/rig.ts';
import { eventually } from './support/eventually.ts';
import { startWorld, type World } from './support/world.ts';

const skipped = 'pool ports of the Gateway API';
const program = findApiServer(skipped);
const obstacle = program === undefined ? 'no API server' : findObstacle();
if (program !== undefined && obstacle !== undefined) console.log(`!!  SKIPPED: ${skipped}: ${obstacle}`);

const apiVersion = 'gateway.networking.k8s.io/v1';
const plurals: Readonly<Record<string, string>> = {
  Gateway: 'gateways',
  ListenerSet: 'listenersets',
  TCPRoute: 'tcproutes',
  UDPRoute: 'udproutes',
};

const toObject = (
  kind: string,
  namespace: string,
  name: string,
  spec: object,
  annotations: Readonly<Record<string, string>> = {},
): Manifest => ({ apiVersion, kind, metadata: { name, namespace, annotations }, spec });

const toListeners = (parent: string, listeners: readonly object[]): object => ({
  parentRef: { name: parent, namespace: 'infra' },
  listeners,
});

const toRule = (parentRefs: readonly object[], service: string, port: number): object => ({
  parentRefs,
  rules: [{ backendRefs: [{ name: service, port }] }],
});

function toService(
  namespace: string,
  name: string,
  port: number,
  protocol: string,
  address: string,
): Manifest[] {
  const ports = [{ name: 'main', port, protocol }];
  return [
    { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec: { clusterIP: 'None', ports } },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: `${name}-1`, namespace, labels: { 'kubernetes.io/service-name': name } },
      addressType: 'IPv4',
      ports,
      endpoints: [{ addresses: [address] }],
    },
  ];
}

const conditions = z
  .array(z.object({ type: z.string(), status: z.string(), reason: z.string(), message: z.string() }))
  .default([]);
const schema = z.object({
  metadata: z.object({ annotations: z.record(z.string(), z.string()).default({}) }),
  status: z
    .object({
      listeners: z
        .array(z.object({ name: z.string(), attachedRoutes: z.number().default(0), conditions }))
        .default([]),
      parents: z.array(z.object({ conditions })).default([]),
      conditions,
    })
    .default({ listeners: [], parents: [], conditions: [] }),
});
type Seen = z.infer<typeof schema>;
type Conditions = z.infer<typeof conditions>;

/** `True/Allocated`, of a condition. */
const holds = (list: Conditions | undefined, type: string): string | undefined => {
  const found = list?.find((each) => each.type === type);
  return found && `${found.status}/${found.reason}`;
};
const says = (list: Conditions | undefined, type: string): string =>
  list?.find((each) => each.type === type)?.message ?? '';
const listenerOf = ({ status }: Seen, name: string): Seen['status']['listeners'][number] | undefined =>
  status.listeners.find((each) => each.name === name);

const rows = z.object({
  ports: z.array(
    z.object({ port: z.number(), state: z.string(), holder: z.string(), listener: z.string().optional() }),
  ),
});

const pathOf = ({ kind, metadata: { namespace = '', name } }: Manifest): string =>
  `/apis/${apiVersion}/namespaces/${namespace}/${plurals[kind] ?? ''}/${name}`;

const waitFor = <T>(what: string, ask: () => Promise<T | undefined>): Promise<T> =>
  eventually(what, 15_000, ask);

/** What is announced has been fetched; nobody says how long a Traefik on a busy machine takes to apply it. */
const greet = (port: number): Promise<string> => waitFor(`a greeting on ${port}`, () => greetOnce(port));

async function greetOnce(port: number): Promise<string> {
  const connection = await tcpConnect('127.0.0.1', port);
  try {
    return await connection.readLine(2_000);
  } finally {
    await connection.stop();
  }
}

const toParent = (sectionName: string): object => ({
  group: 'gateway.networking.k8s.io',
  kind: 'ListenerSet',
  name: 'db',
  sectionName,
});

const toOwn = (name: string): Manifest =>
  toObject('TCPRoute', 'team-c', name, toRule([{ name: 'edge', namespace: 'infra' }], 'db', 3306), {
    'fairlead.dev/expose': 'true',
  });

describe.skipIf(obstacle !== undefined)('pool ports of the Gateway API', () => {
  const cleanup = new Cleanup();
  let server: ApiServer;
  let client: KubeClient;
  let world: World;

  const read = async (object: Manifest): Promise<Seen> => schema.parse(await client.getJson(pathOf(object)));
  const annotation = (object: Manifest, key: string): Promise<string> =>
    waitFor(`${object.metadata.name} has ${key}`, async () => (await read(object)).metadata.annotations[key]);
  const parentOf = async (route: Manifest): Promise<Conditions | undefined> =>
    (await read(route)).status.parents[0]?.conditions;
  const listPorts = async (): Promise<z.infer<typeof rows>['ports']> =>
    rows.parse(await world.admin('/api/ports')).ports;

  beforeAll(async () => {
    server = cleanup.keep(await startApiServer(program ?? ''));
    client = new KubeClient({ kubeconfig: server.kubeconfig, context: null });
    cleanup.add(() => client.close());
    const texts = readdirSync(crdFolder).map((name) => readFileSync(join(crdFolder, name), 'utf8'));
    const definitions = texts.map((text) => parse(text) as Manifest);
    await server.apply(...definitions.filter(({ kind }) => kind === 'CustomResourceDefinition'));
    await waitFor('the kinds are served', async () =>
      client.getJson(`/apis/${apiVersion}/udproutes`).then(
        () => true,
        () => undefined,
      ),
    );
    await server.apply(
      {
        apiVersion,
        kind: 'GatewayClass',
        metadata: { name: 'fairlead' },
        spec: { controllerName: 'fairlead.dev/gateway-controller' },
      },
      toObject(
        'Gateway',
        'infra',
        'edge',
        {
          gatewayClassName: 'fairlead',
          allowedListeners: { namespaces: { from: 'All' } },
          listeners: [{ name: 'web', protocol: 'HTTP', port: 80 }],
        },
        { 'fairlead.dev/allocate-ports-for': 'All' },
      ),
      ...toService('team-a', 'db', 3306, 'TCP', '10.244.1.1'),
      ...toService('team-a', 'other', 3306, 'TCP', '10.244.1.2'),
      ...toService('team-a', 'dns', 53, 'UDP', '10.244.1.1'),
      ...toService('team-c', 'db', 3306, 'TCP', '10.244.1.2'),
    );
    const pool = { range: '20000-20019' };
    world = cleanup.keep(
      await startWorld({
        config: {
          sources: [{ name: 'prod', kubernetes: { kubeconfig: server.kubeconfig } }],
          fleets: [
            {
              name: 'default',
              addresses: ['127.0.0.1'],
              ports: {
                tcp: pool,
                udp: pool,
                requestable: '20010-20019',
                cooldown: '10m',
                maxPerNamespace: 5,
              },
            },
          ],
          ledger: { configMap: 'fairlead-system/fairlead-ports' },
        },
        backends: [
          () => tcpGreeter('10.244.1.1', 3306),
          () => tcpGreeter('10.244.1.2', 3306),
          () => udpEcho('10.244.1.1', 53),
        ],
      }),
    );
  });
  afterAll(() => cleanup.run());

  const set = toObject(
    'ListenerSet',
    'team-a',
    'db',
    toListeners('edge', [
      { name: 'mysql', protocol: 'TCP', port: 1 },
      { name: 'dns', protocol: 'UDP', port: 2 },
      { name: 'fixed', protocol: 'TCP', port: 20_010 },
    ]),
    { 'fairlead.dev/allocate-port': 'mysql,dns' },
  );
  const elder = toObject('TCPRoute', 'team-a', 'a-elder', toRule([toParent('mysql')], 'db', 3306));
  const younger = toObject('TCPRoute', 'team-a', 'b-younger', toRule([toParent('mysql')], 'other', 3306));
  const dns = toObject('UDPRoute', 'team-a', 'dns', toRule([toParent('dns')], 'dns', 53));
  let mysqlPort = 0;

  it('a listener asks for a port, and its routes are reached at the number that stands on them', async () => {
    await server.apply(set, elder);
    mysqlPort = Number(await annotation(elder, 'tcp.fairlead.dev/mysql'));
    expect(await greet(mysqlPort)).toContain('10.244.1.1:3306');
    expect(await annotation(set, 'tcp.fairlead.dev/mysql')).toBe(String(mysqlPort));
    expect(await annotation(elder, 'fairlead.dev/addresses')).toBe(`mysql=127.0.0.1:${mysqlPort}`);
    const where = `listening on 127.0.0.1:${mysqlPort}/TCP`;
    const listener = await waitFor('the status says so', async () => {
      const found = listenerOf(await read(set), 'mysql');
      return holds(found?.conditions, 'fairlead.dev/PortAllocated') === 'True/Allocated' ? found : undefined;
    });
    expect(says(listener.conditions, 'fairlead.dev/PortAllocated')).toBe(where);
    expect(says(listener.conditions, 'Programmed')).toBe(where);
    expect(await listPorts()).toContainEqual(
      expect.objectContaining({ port: mysqlPort, holder: 'ListenerSet/team-a/db', listener: 'mysql' }),
    );
  });

  it('is explained with where it listens, and what is attached', async () => {
    const [listenerSet] = (await world.admin('/api/explain/ListenerSet/team-a/db')) as readonly object[];
    expect(listenerSet).toMatchObject({
      gateway: {
        fleets: ['default'],
        addresses: ['127.0.0.1'],
        listeners: [
          {
            name: 'mysql',
            places: [`pool port ${mysqlPort}/tcp of fleet default`],
            attachedRoutes: 1,
            routes: ['TCPRoute/team-a/a-elder'],
          },
          { name: 'dns', attachedRoutes: 0, routes: [] },
          { name: 'fixed', places: ['pool port 20010/tcp of fleet default'] },
        ],
      },
    });
    expect(await world.admin('/api/explain/Gateway/infra/edge')).toMatchObject([
      { gateway: { listeners: [{ name: 'web', places: ['entryPoint web of fleet default'] }] } },
    ]);
  });

  it('datagrams as well', async () => {
    await server.apply(dns);
    const port = Number(await annotation(dns, 'udp.fairlead.dev/dns'));
    expect(await udpAsk('127.0.0.1', port, 'who')).toContain('who');
  });

  it('of two routes on one listener both are accepted, and the elder has the connections', async () => {
    await server.apply(younger);
    await waitFor(
      'both are counted',
      async () => listenerOf(await read(set), 'mysql')?.attachedRoutes === 2 || undefined,
    );
    const { status } = await waitFor('the younger is answered', async () => {
      const seen = await read(younger);
      return seen.status.parents.length > 0 ? seen : undefined;
    });
    expect(holds(status.parents[0]?.conditions, 'Accepted')).toBe('True/Accepted');
    expect((await read(younger)).metadata.annotations).not.toHaveProperty('tcp.fairlead.dev/mysql');
    expect(await greet(mysqlPort)).toContain('10.244.1.1:3306');
    await server.delete(elder);
    // Told once Traefik has fetched that it has them, which it then applies.
    expect(await annotation(younger, 'tcp.fairlead.dev/mysql')).toBe(String(mysqlPort));
    await waitFor('the younger has the connections', async () =>
      (await greet(mysqlPort)).includes('10.244.1.2:3306') ? true : undefined,
    );
  });

  it('a number that another tenant has is refused without a name, one of the own namespace with it', async () => {
    const listeners = [{ name: 'same', protocol: 'TCP', port: 20_010 }];
    const second = toObject('Gateway', 'infra', 'second', {
      gatewayClassName: 'fairlead',
      allowedListeners: { namespaces: { from: 'All' } },
      listeners: [{ name: 'web', protocol: 'HTTP', port: 80 }],
    });
    const foreign = toObject('ListenerSet', 'team-b', 'late', toListeners('second', listeners));
    const own = toObject('Gateway', 'team-a', 'late', { gatewayClassName: 'fairlead', listeners });
    await server.apply(second, foreign, own);
    for (const [object, name] of [
      [foreign, 'another namespace'],
      [own, 'ListenerSet/team-a/db (listener fixed)'],
    ] as const) {
      const listener = await waitFor('the refusal', async () => {
        const found = listenerOf(await read(object), 'same');
        return holds(found?.conditions, 'Accepted') === 'False/PortUnavailable' ? found : undefined;
      });
      expect(says(listener.conditions, 'Accepted')).toContain(`held by ${name} on TCP`);
      expect(holds(listener.conditions, 'Programmed')).toBe('False/PortUnavailable');
      expect(holds(listener.conditions, 'fairlead.dev/PortAllocated')).toBe('False/PortUnavailable');
      expect(holds((await read(object)).status.conditions, 'Accepted')).toBe('False/ListenersNotValid');
    }
    expect(JSON.stringify((await read(foreign)).status)).not.toContain('team-a');
    await server.delete(foreign, own, second);
  });

  it('what a user writes under these keys is put right', async () => {
    const merge = { metadata: { annotations: { 'tcp.fairlead.dev/mysql': '1', 'udp.fairlead.dev/x': '2' } } };
    await client.patch(pathOf(set), merge);
    const { metadata } = await waitFor('it is as it was', async () => {
      const seen = await read(set);
      const { 'tcp.fairlead.dev/mysql': port, 'udp.fairlead.dev/x': other } = seen.metadata.annotations;
      return port === String(mysqlPort) && other === undefined ? seen : undefined;
    });
    expect(metadata.annotations['fairlead.dev/allocate-port']).toBe('mysql,dns');
  });

  it('a route asks for a port without a listener, within the quota of its own namespace', async () => {
    const routes = ['r1', 'r2', 'r3', 'r4', 'r5', 'r6'].map(toOwn);
    for (const route of routes.slice(0, 5)) {
      await server.apply(route);
      const port = Number(await annotation(route, 'tcp.fairlead.dev/port'));
      expect(await greet(port)).toContain('10.244.1.2:3306');
    }
    const [first, last] = [routes[0], routes[5]];
    if (first === undefined || last === undefined) throw new Error('there are six');
    await waitFor('the first says where', async () =>
      holds(await parentOf(first), 'fairlead.dev/PortAllocated') === 'True/Allocated' ? true : undefined,
    );
    await server.apply(last);
    const refused = await waitFor('the last is refused', async () => {
      const found = await parentOf(last);
      return holds(found, 'fairlead.dev/PortAllocated') === 'False/PortUnavailable' ? found : undefined;
    });
    expect(says(refused, 'fairlead.dev/PortAllocated')).toContain('namespace team-c may have 5');
    expect(holds(refused, 'Accepted')).toBe('True/Accepted');
  });

  it('the port stays while the listener is there, and cools down when it goes', async () => {
    await server.delete(younger);
    await waitFor('nothing is routed', async () =>
      (await greetOnce(mysqlPort).catch(() => 'closed')) === 'closed' ? true : undefined,
    );
    const stateOf = async (): Promise<string | undefined> =>
      (await listPorts()).find(({ port, listener }) => port === mysqlPort && listener === 'mysql')?.state;
    expect(await stateOf()).toBe('held');
    expect(await annotation(set, 'tcp.fairlead.dev/mysql')).toBe(String(mysqlPort));
    await server.delete(set);
    await waitFor('it cools down', async () => ((await stateOf()) === 'cooling' ? true : undefined));
    await waitFor('the route is told', async () => {
      const { annotations } = (await read(dns)).metadata;
      return annotations['udp.fairlead.dev/dns'] === undefined ? true : undefined;
    });
    await server.apply(set, elder);
    expect(await annotation(elder, 'tcp.fairlead.dev/mysql')).toBe(String(mysqlPort));
    expect(await greet(mysqlPort)).toContain('10.244.1.1:3306');
  });
});
