import { beforeAll, describe, expect, it } from 'vitest';
import { ask, askStatus, clientAddress, see, untilServed } from '../edge-client.ts';
import { eventually } from '../eventually.ts';
import type { ServiceManifest } from '../manifests.ts';
import { edges, type Stage } from './stage.ts';

const dashboard = '10.12.48.203';
const scope = '10.1.125.203';
// A DNS name of the cluster leads here, and no cluster IP.
const thrift = '10.0.100.1';

/** Declares the tests of web applications that share one entry port, distinguished by host name. */
export function testHostRouting(stage: Stage): void {
  const { source } = stage;
  stage.addWeb(source.toClusterIp(dashboard), 80);
  stage.addWeb(source.toClusterIp(scope), 80);
  stage.addWeb(thrift, 9091);

  describe('host-routing', () => {
    beforeAll(() => untilServed(edges, ['dashboard.k8s.io', 'scope.k8s.io', 'test.k8s.io']));

    it.each([
      ['dashboard.k8s.io', `${source.toClusterIp(dashboard)}:80`],
      ['scope.k8s.io', `${source.toClusterIp(scope)}:80`],
      ['test.k8s.io', `${thrift}:9091`],
    ])('%s goes to %s through the one entry port', async (host, backend) => {
      for (const ip of edges) {
        const seen = await see(host, { ip });
        expect(seen).toMatchObject({ backend, host, headers: { 'x-forwarded-for': clientAddress } });
        expect((await ask(host, { ip, headers: { host: `${host}:30008` } })).status).toBe(200);
      }
    });

    it('takes a new host while it runs, and tries another endpoint when one refuses', async () => {
      const { pid } = stage.world.fairlead;
      const grafana = toGrafana(source.toClusterIp(dashboard));
      await source.put(grafana);
      await eventually('grafana.k8s.io', 5_000, async () => (await askStatus('grafana.k8s.io')) === 200);
      const without = await askStatuses('grafana.k8s.io', 10);
      expect(without.filter((status) => status === 502)).toHaveLength(5);
      await source.put({ ...grafana, annotations: { ...grafana.annotations, 'fairlead.dev/retries': '3' } });
      await stage.world.waitFor(
        ({ middlewares }) => middlewares['kube-system_grafana_service_retries@http'] !== undefined,
      );
      expect(await askStatuses('grafana.k8s.io', 10)).toEqual(Array.from({ length: 10 }, () => 200));
      await source.remove(grafana);
      await eventually('grafana is gone', 5_000, async () => (await askStatus('grafana.k8s.io')) === 404);
      expect(stage.world.fairlead.pid).toBe(pid);
    });
  });
}

/** Two endpoints: nothing listens on the second. */
function toGrafana(address: string): ServiceManifest {
  return {
    namespace: 'kube-system',
    name: 'grafana',
    annotations: { 'fairlead.dev/host': 'grafana.k8s.io' },
    ports: [{ name: 'http', port: 80 }],
    addresses: [address, '10.12.48.204'],
  };
}

async function askStatuses(host: string, count: number): Promise<readonly number[]> {
  const statuses: number[] = [];
  for (let n = 0; n < count; n++) statuses.push(await askStatus(host));
  return statuses;
}
