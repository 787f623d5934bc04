import { describe, expect, it } from 'vitest';
import { findPort, readHeldPorts } from './support/admin-data.ts';
import { findApiServer } from './support/apiserver.ts';
import { eventually } from './support/eventually.ts';
import { ClusterScenarioSource } from './support/scenarios/cluster-scenario-source.ts';
import { testScenarios } from './support/scenarios/scenarios.ts';

const program = findApiServer('the scenarios, from a cluster');

describe.skipIf(program === undefined)('the scenarios, from a cluster', () => {
  const source = new ClusterScenarioSource(program ?? '');
  testScenarios(source);

  const get = (...args: readonly string[]): Promise<string> => source.cluster.kubectl('get', ...args);

  it('rds-tcp-ports: the ports are in the ConfigMap of the cluster', async () => {
    const held = await eventually('three ports are held', 5_000, async () => {
      const ports = await readHeldPorts(source.world);
      return ports.length === 3 && ports;
    });
    const text = await get('configmap', 'fairlead-ports', '-n', 'fairlead-system', '-o', 'yaml');
    for (const { port } of held) expect(text).toContain(String(port));
  });

  it('rds-tcp-ports: the port is in the annotation of the controller that it replaces', async () => {
    const path = 'jsonpath={.metadata.annotations.haproxy-ingress/3306}';
    await eventually('the port is written back', 5_000, async () => {
      const port = await findPort(source.world, 'Service/default/mysqlcluster', 3306);
      return (await get('service', 'mysqlcluster', '-o', path)) === String(port);
    });
  });

  it('ceph-dashboard: the Ingress shows its ADDRESS', async () => {
    await eventually('the address is written back', 5_000, async () => {
      return (await get('ingress', 'rook-ceph-ingress', '-n', 'rook-ceph')).includes('edge.example.com');
    });
  });
});
