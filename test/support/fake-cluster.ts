import { onTestFinished } from 'vitest';
import { KubeClient } from '../../src/kubernetes/kube-client.ts';
import type { ApiServer } from './api-server.ts';
import { startFakeApi } from './fake-api/start-fake-api.ts';

/** A fake API server and the client of an administrator, until the test has finished. */
export async function startFakeCluster(): Promise<{
  readonly server: ApiServer;
  readonly client: KubeClient;
}> {
  const server = await startFakeApi();
  const client = new KubeClient({ kubeconfig: server.kubeconfig, context: null });
  onTestFinished(async () => {
    await client.close();
    await server.stop();
  });
  return { server, client };
}

/** How many requests of a kind, such as `patch services`, the server has got. */
export async function countRequests({ rig }: Pick<ApiServer, 'rig'>, what: string): Promise<number> {
  const { totals } = (await rig('stats', {}, 'GET')) as { readonly totals: Readonly<Record<string, number>> };
  return totals[what] ?? 0;
}
