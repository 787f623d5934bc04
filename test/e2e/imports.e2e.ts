import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { z } from 'zod';

import { readHeldPorts } from './support/admin-data.ts';
import { tcpGreeter, udpEcho, type TcpGreeter } from './support/backends.ts';
import { Cleanup } from './support/cleanup.ts';
import { eventually } from './support/eventually.ts';
import { toManifests } from './support/manifests.ts';
import { tcpConnect, udpAsk } from './support/socket-client.ts';
import { startWorld, type World } from './support/world.ts';

const mysql = { name: 'mysql', port: 3306 } as const;
const dns = { name: 'dns', port: 53, protocol: 'UDP' } as const;

function toConfigMap(name: string, data: Readonly<Record<string, string>>): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'ingress-nginx' },
    data,
  });
}

const services = toManifests(
  { namespace: 'db', name: 'orders', ports: [mysql], addresses: ['10.244.1.1'] },
  { namespace: 'db', name: 'billing', ports: [mysql], addresses: ['10.244.1.2'] },
  { namespace: 'dns', name: 'names', ports: [dns], addresses: ['10.244.1.3'] },
);

const problemsSchema = z.array(z.looseObject({ code: z.string(), object: z.string(), message: z.string() }));

/** What the server behind a port says first. */
async function greet(port: number): Promise<string> {
  const connection = await tcpConnect('127.0.0.1', port);
  return connection.readLine(2_000).finally(() => void connection.stop());
}

describe('the TCP and UDP services of ingress-nginx', () => {
  const cleanup = new Cleanup();
  let world: World;
  let billing: TcpGreeter;

  beforeAll(async () => {
    billing = cleanup.keep(await tcpGreeter('10.244.1.2', 3306));
    world = cleanup.keep(
      await startWorld({
        backends: [() => tcpGreeter('10.244.1.1', 3306), () => udpEcho('10.244.1.3', 53)],
        config: {
          fleets: [
            {
              name: 'default',
              proxyProtocol: { trustedIPs: ['127.0.0.0/8'], entryPoints: 'http' },
              ports: { tcp: { range: '20000-20009' }, udp: null },
            },
          ],
          imports: [
            { fleet: 'default', protocol: 'tcp', configMap: 'ingress-nginx/tcp-services' },
            { fleet: 'default', protocol: 'udp', configMap: 'ingress-nginx/udp-services' },
          ],
        },
        // As they stand when Traefik is given its static configuration.
        texts: {
          'tcp.yaml': toConfigMap('tcp-services', {
            9000: 'db/orders:3306',
            9001: 'db/billing:mysql::PROXY',
            9002: 'db/billing:3306:PROXY:PROXY',
            9003: 'db/nobody:3306',
            20005: 'db/orders:3306',
          }),
          'udp.yaml': toConfigMap('udp-services', { 9053: 'dns/names:53' }),
          'services.yaml': services,
        },
      }),
    );
    await world.waitFor(({ tcpRouters }) => 'db_orders_3306_import-9000@http' in tcpRouters);
  });
  afterAll(() => cleanup.run());

  it('are reached on their numbers, outside the pool and in it', async () => {
    expect(await greet(9000)).toBe('5.7.44-fairlead 10.244.1.1:3306');
    expect(await greet(20005)).toBe('5.7.44-fairlead 10.244.1.1:3306');
    expect(await udpAsk('127.0.0.1', 9053, 'hello')).toBe('10.244.1.3:53 hello');
    const held = await readHeldPorts(world);
    expect(held.map(({ port }) => port)).toEqual([9000, 9001, 9002, 9053, 20005]);
    expect((await world.traefik.routerErrors()).filter(({ name }) => name.includes('@http'))).toEqual([]);
  });

  it('tell the backend who the client is where the second PROXY stands', async () => {
    expect(await greet(9001)).toBe('5.7.44-fairlead 10.244.1.2:3306');
    await eventually('the header arrives', 2_000, () =>
      billing.received().toString().startsWith('PROXY TCP4 127.0.0.1 '),
    );
  });

  it('take it from a load balancer, and hand it on, where the first stands', async () => {
    const socket = connect(9002, '127.0.0.1');
    socket.write('PROXY TCP4 192.0.2.7 127.0.0.1 40000 9002\r\n');
    await eventually('the backend hears of the client behind the load balancer', 3_000, () =>
      billing.received().toString().includes('PROXY TCP4 192.0.2.7 '),
    );
    socket.destroy();
  });

  it('close the port of a Service that is not there, and say so with ConfigMap and key', async () => {
    const connection = await tcpConnect('127.0.0.1', 9003);
    await eventually('it is closed', 2_000, () => connection.closed);
    await connection.stop();
    const problems = problemsSchema.parse(await world.admin('/api/problems'));
    expect(problems).toContainEqual(
      expect.objectContaining({
        code: 'import-invalid',
        object: 'ConfigMap/ingress-nginx/tcp-services',
        field: 'data[9003]',
        message: 'There is no Service db/nobody',
      }),
    );
  });

  it('keep the port and its connections when they move to the annotation', async () => {
    const connection = await tcpConnect('127.0.0.1', 9000);
    await connection.readLine();
    world.write(
      'orders.yaml',
      toManifests({
        namespace: 'db',
        name: 'orders',
        ports: [mysql],
        addresses: ['10.244.1.1'],
        annotations: { 'fairlead.dev/expose': 'mysql' },
      }),
    );
    world.write(
      'services.yaml',
      toManifests(
        { namespace: 'db', name: 'billing', ports: [mysql], addresses: ['10.244.1.2'] },
        { namespace: 'dns', name: 'names', ports: [dns], addresses: ['10.244.1.3'] },
      ),
    );
    await eventually('both ask', 5_000, async () => (await readHeldPorts(world)).length === 5);
    world.write('tcp.yaml', toConfigMap('tcp-services', { 9001: 'db/billing:mysql::PROXY' }));
    await eventually('the numbers of the others are given back', 5_000, async () => {
      const held = await readHeldPorts(world);
      return held.length === 4 && !held.some(({ port }) => port === 9002);
    });
    expect(await connection.ask('still there')).toBe('still there');
    await connection.stop();
    expect(await greet(9000)).toBe('5.7.44-fairlead 10.244.1.1:3306');
    await world.restartFairlead();
    expect(await greet(9000)).toBe('5.7.44-fairlead 10.244.1.1:3306');
    expect((await readHeldPorts(world)).map(({ port }) => port)).toEqual([9000, 9001, 9053, 20005]);
  });

  it('say that Traefik has to be started again for a number that is new', async () => {
    world.write(
      'tcp.yaml',
      toConfigMap('tcp-services', { 9001: 'db/billing:mysql::PROXY', 9010: 'db/billing:3306' }),
    );
    await eventually('it is reported', 5_000, async () =>
      problemsSchema
        .parse(await world.admin('/api/problems'))
        .some(({ code, message }) => code === 'import-entrypoint-new' && message.includes('9010/tcp')),
    );
    // The others go on: Traefik disables the router that has no entryPoint, and nothing else.
    expect(await greet(9001)).toBe('5.7.44-fairlead 10.244.1.2:3306');
  });
});
