import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KubeClient } from '../../src/kubernetes/kube-client.ts';

/** An HTTP server that answers as the test says, and a client that takes it for an API server. */
export interface AnsweringApi {
  readonly client: KubeClient;
  stop(): Promise<void>;
}

/** `answer` gets the path of each request, with its query. */
export async function startAnsweringApi(
  answer: (url: string, response: ServerResponse) => void,
): Promise<AnsweringApi> {
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-'));
  const server = createServer((request, response) => answer(request.url ?? '', response));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const kubeconfig = join(folder, 'kubeconfig');
  const cluster = { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true };
  const config = {
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user: { token: 'abc' } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  };
  writeFileSync(kubeconfig, JSON.stringify(config));
  const client = new KubeClient({ kubeconfig, context: null });
  const stop = async (): Promise<void> => {
    await client.close();
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  };
  return { client, stop };
}
