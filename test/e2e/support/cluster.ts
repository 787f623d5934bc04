import { execFile } from 'node:child_process';
import { copyFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startApiServer, type ApiServer } from './apiserver.ts';
import { makeTempFolder } from './cleanup.ts';
import { findFreePort } from './local-address.ts';

/** A cluster that may be away for a while: an API server that comes back with the same address, data and credentials. */
export interface Cluster {
  /** The server of now: another one after `start`. */
  readonly server: ApiServer;
  /** Stays where it is while the server is away. */
  readonly kubeconfig: string;
  /** The address of plain HTTP. */
  readonly httpUrl: string;
  /** Runs kubectl; rejects with what it says when it fails. */
  kubectl(...args: readonly string[]): Promise<string>;
  /** Server-side apply of YAML documents. */
  apply(yaml: string): Promise<void>;
  /** Deletes the objects of YAML documents. */
  delete(yaml: string): Promise<void>;
  /** SIGKILL of the server. */
  crash(): Promise<void>;
  /** Starts it again; with `newAuthority` under another authority, which then stands in the kubeconfig. */
  start(options?: { readonly newAuthority?: boolean }): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts a cluster on free ports of its own.
 * @param env Of the server, at each of its starts.
 */
export async function startCluster(
  program: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Cluster> {
  const folder = makeTempFolder();
  const https = await findFreePort();
  let http = https;
  while (http === https) http = await findFreePort();
  const start = (): Promise<ApiServer> =>
    startApiServer(program, {
      flags: ['--data-dir', join(folder.path, 'data')],
      ports: { https, http },
      env,
    });
  let server = await start();
  const kubeconfig = join(folder.path, 'kubeconfig');
  copyFileSync(server.kubeconfig, kubeconfig);
  const kubectl = async (args: readonly string[], input = ''): Promise<string> => {
    const running = promisify(execFile)('kubectl', ['--kubeconfig', kubeconfig, ...args], {
      env: { ...process.env, KUBECACHEDIR: join(folder.path, 'cache') },
    });
    running.child.stdin?.end(input);
    return (await running).stdout;
  };
  return {
    get server() {
      return server;
    },
    kubeconfig,
    httpUrl: `http://127.0.0.1:${http}`,
    kubectl: (...args) => kubectl(args),
    async apply(yaml) {
      await kubectl(['apply', '--server-side', '-f', '-'], yaml);
    },
    async delete(yaml) {
      await kubectl(['delete', '-f', '-'], yaml);
    },
    crash: () => server.crash(),
    async start({ newAuthority = false } = {}) {
      if (newAuthority) forgetCertificates(join(folder.path, 'data'));
      server = await start();
      if (newAuthority) copyFileSync(server.kubeconfig, kubeconfig);
    },
    async stop() {
      await server.stop();
      folder.remove();
    },
  };
}

/** The server makes new ones at its next start. */
function forgetCertificates(folder: string): void {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  for (const name of names.filter((each) => /(^|\/)(ca\.crt|serving\.(crt|key))$/.test(each)))
    rmSync(join(folder, name));
}
