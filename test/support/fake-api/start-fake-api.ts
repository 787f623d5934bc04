import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adminToken, toApiCalls, type ApiServer } from '../api-server.ts';
import { FakeApi } from './fake-api.ts';

/** Starts a server in this process, in plain HTTP on a free port of loopback. Nothing outlives it. */
export async function startFakeApi(): Promise<ApiServer> {
  const api = new FakeApi(adminToken);
  const server = createServer((request, response) => void api.handle(request, response));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-api-'));
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, JSON.stringify(toKubeconfig(url)));
  const stop = async (): Promise<void> => {
    api.stop();
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
    rmSync(folder, { recursive: true, force: true });
  };
  return { ...toApiCalls(url), kubeconfig, url, pid: process.pid, run, stop, crash: stop };
}

function toKubeconfig(url: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'fake', cluster: { server: url, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'admin', user: { token: adminToken } }],
    contexts: [{ name: 'fake', context: { cluster: 'fake', user: 'admin' } }],
    'current-context': 'fake',
  };
}

function run(): never {
  throw new Error('the fake API server has no commands');
}
