import { beforeAll, describe, expect, it } from 'vitest';
import { findPort } from '../admin-data.ts';
import { tcpConnect } from '../client.ts';
import { readGreeting } from '../edge-client.ts';
import { eventually } from '../eventually.ts';
import type { ServiceManifest } from '../manifests.ts';
import { edges, type Stage } from './stage.ts';

const databases = [
  ['Service/default/mysqlcluster', 3306, ['10.244.1.17:3306', '10.244.2.23:3306']],
  ['Service/rds/orders-db', 3306, ['10.244.1.18:3306']],
  ['Service/rds/orders-db', 33062, ['10.244.1.18:33062']],
] as const;

/** Another tenant, whose database is that of orders-db. */
const guest: ServiceManifest = {
  namespace: 'rds',
  name: 'guest',
  annotations: { 'fairlead.dev/expose': 'true' },
  ports: [{ name: 'mysql', port: 3306 }],
  addresses: ['10.244.1.18'],
};

/** Declares the tests of a database platform: a port of the pool for each port of each Service, the same on every edge. */
export function testRdsTcpPorts(stage: Stage): void {
  stage.addDatabase('10.244.1.17', 3306);
  stage.addDatabase('10.244.2.23', 3306);
  stage.addDatabase('10.244.1.18', 3306);
  stage.addDatabase('10.244.1.18', 33062);

  describe('rds-tcp-ports', () => {
    beforeAll(async () => {
      await stage.world.waitFor(
        ({ tcpRouters }) =>
          Object.keys(tcpRouters).filter((name) => name !== 'closed@http').length === databases.length,
      );
    });

    it.each(databases)(
      '%s:%i greets through its own port on every edge host',
      async (holder, port, servers) => {
        const poolPort = await findPort(stage.world, holder, port);
        const wanted = servers.map((server) => `5.7.44-fairlead ${server}`);
        for (const edge of edges) {
          const greetings: string[] = [];
          for (let n = 0; n < 2 * servers.length; n++) greetings.push(await readGreeting(edge, poolPort));
          // In turn: each as often as the others.
          expect(greetings.toSorted()).toEqual([...wanted, ...wanted].toSorted());
        }
      },
    );

    it('never drops a connection when another tenant comes and goes', async () => {
      const port = await findPort(stage.world, 'Service/default/mysqlcluster', 3306);
      const connections = await Promise.all(edges.map((edge) => tcpConnect(edge, port)));
      for (const connection of connections) stage.world.keep(connection);
      for (const connection of connections) await connection.readLine();
      for (let round = 0; round < 3; round++) {
        await comeAndGo(stage);
        for (const connection of connections)
          expect(await connection.ask(`round ${round}`)).toBe(`round ${round}`);
      }
    });
  });
}

async function comeAndGo({ source, world }: Stage): Promise<void> {
  await source.put(guest);
  const port = await eventually('the guest has a port', 5_000, () =>
    findPort(world, 'Service/rds/guest', 3306),
  );
  await world.waitFor(({ tcpRouters }) => tcpRouters['rds_guest_3306@http'] !== undefined);
  expect(await readGreeting('127.0.0.1', port)).toContain('10.244.1.18:3306');
  await source.remove(guest);
  await world.waitFor(({ tcpRouters }) => tcpRouters['rds_guest_3306@http'] === undefined);
}
