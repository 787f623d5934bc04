import { lookup } from 'node:dns/promises';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readHeldPorts, readRoutes, type Route } from '../test/e2e/support/admin-data.ts';
import { httpEcho, httpsEcho, tcpGreeter, toEcho, udpEcho } from '../test/e2e/support/backends.ts';
import { Cleanup, makeTempFolder } from '../test/e2e/support/cleanup.ts';
import { httpGet, tcpConnect, udpAsk } from '../test/e2e/support/client.ts';
import { projectRoot } from '../test/e2e/support/fairlead.ts';
import { findOwnAddress, isPrivateNetwork } from '../test/e2e/support/local-address.ts';
import {
  findTraefik,
  probePrivateNetwork,
  runInPrivateNetwork,
} from '../test/e2e/support/private-network.ts';
import { startWorldHere, type World } from '../test/e2e/support/world.ts';

/*
 * `npm run demo`: Fairlead serves ./examples, a real Traefik polls it, and each route is asked once. Where it
 * can be, all of it runs in a private network, with servers on the very addresses of the manifests; otherwise
 * the addresses in a copy of the manifests become this machine's own. With `--stay` it is always this machine, so that
 * a second terminal reaches it, and all goes on until it is interrupted.
 */

const stays = process.argv.includes('--stay');

const examples = join(projectRoot, 'examples');
const [WEB, WEBSECURE] = [18_080, 18_443];

/** One line: a request on the left, who answered it on the right. */
function print(request: string, answer: string): void {
  console.log(`  ${request.padEnd(56)} -> ${answer}`);
}

function toNoAnswer(error: unknown): string {
  return `no answer: ${String(error)}`;
}

/** A copy of the examples with this machine's own address for every other one. */
function rewriteExamples(to: string, address: string): void {
  for (const name of readdirSync(examples, { recursive: true, encoding: 'utf8' })) {
    if (!/\.ya?ml$/.test(name)) continue;
    const text = readFileSync(join(examples, name), 'utf8');
    mkdirSync(dirname(join(to, name)), { recursive: true });
    // A name of the cluster would be asked from the DNS of this network.
    const byAddress = text.replaceAll('fairlead.dev/backends: dns', 'fairlead.dev/backends: clusterip');
    writeFileSync(join(to, name), byAddress.replaceAll(/\b\d{1,3}(\.\d{1,3}){3}\b/g, address));
  }
}

/** Starts an echo server for each server of each route. Not every one can be: some are no address, some ports are taken. */
async function startBackends(world: World, routes: readonly Route[]): Promise<void> {
  const servers = new Map(routes.flatMap(({ protocol, servers: all }) => all.map((one) => [one, protocol])));
  for (const [server, protocol] of servers) {
    try {
      const url = new URL(protocol === 'http' ? server : `${protocol}://${server}`);
      const { address } = await lookup(url.hostname.replaceAll(/[[\]]/g, ''));
      const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
      const starts = { http: httpEcho, https: httpsEcho, tcp: tcpGreeter, udp: udpEcho };
      const start = url.protocol === 'https:' ? starts.https : starts[protocol];
      world.keep(await start(address, port));
    } catch (error) {
      console.log(`  (no server at ${server}: ${String(error)})`);
    }
  }
}

/** Asks an HTTP route at the first host and path of its rule. */
async function askRoute(route: Route): Promise<void> {
  const host = /\bHost\(["`]([^"`]+)/.exec(route.rule)?.[1]?.replace('*', 'any') ?? 'no-host.example';
  const path = /\bPath(?:Prefix)?\(["`]([^"`]+)/.exec(route.rule)?.[1] ?? '/';
  const port = route.tls ? WEBSECURE : WEB;
  const { status, headers, body } = await httpGet({ port, host, path, tls: route.tls });
  const answered = status === 200 ? toEcho(body).backend : `${status} ${headers.location ?? body.trim()}`;
  print(`GET ${route.tls ? 'https' : 'http'}://${host}${path}`, `${answered}   (${route.object})`);
}

async function askPort(port: number, protocol: 'tcp' | 'udp'): Promise<string> {
  if (protocol === 'udp') return udpAsk('127.0.0.1', port, 'hello');
  const connection = await tcpConnect('127.0.0.1', port);
  try {
    return await connection.readLine();
  } finally {
    await connection.stop();
  }
}

async function play(world: World): Promise<void> {
  const routes = await readRoutes(world);
  console.log(`\nFairlead serves ${routes.length} routes; status page ${world.fairlead.adminUrl}/`);
  await startBackends(world, routes);
  // One document is applied as a whole, so once one route of it is there, all are.
  await world.waitFor(({ routers, tcpRouters, udpRouters }) =>
    Object.keys({ ...routers, ...tcpRouters, ...udpRouters }).some(
      (name) => name.endsWith('@http') && name !== 'ready@http',
    ),
  );
  console.log('\nWeb, by host and path:');
  for (const route of routes.filter(({ protocol }) => protocol === 'http')) {
    await askRoute(route).catch((error: unknown) => print(route.rule, toNoAnswer(error)));
  }
  console.log('\nPorts from the pool:');
  for (const { port, protocols, holder, servicePort } of await readHeldPorts(world)) {
    for (const protocol of protocols) {
      const answer = await askPort(port, protocol).catch(toNoAnswer);
      print(`${protocol} ${port} for ${holder}:${servicePort}`, answer);
    }
  }
}

/** Until the process is interrupted; says what can be done meanwhile. */
async function stay(world: World): Promise<never> {
  console.log(`\nWeb on 127.0.0.1:${WEB} and ${WEBSECURE}, manifests in ${world.folder}. Stop with Ctrl-C.`);
  return new Promise(() => {});
}

async function run(): Promise<void> {
  const cleanup = new Cleanup();
  let manifests = examples;
  try {
    if (!isPrivateNetwork()) {
      const copy = makeTempFolder();
      cleanup.add(() => copy.remove());
      rewriteExamples(copy.path, findOwnAddress());
      manifests = copy.path;
    }
    const world = await startWorldHere({
      manifests: [manifests],
      config: {
        // The examples hold objects of several controllers' users.
        services: { annotations: { expose: 'ingress=haproxy-ingress', allocated: 'haproxy-ingress/{port}' } },
        ingress: { unclassed: 'take' },
      },
      entryPoints: { web: `127.0.0.1:${WEB}`, websecure: `127.0.0.1:${WEBSECURE}` },
      ...(stays && { listen: { provider: '127.0.0.1:9080', admin: '127.0.0.1:9081' } }),
    });
    cleanup.keep(world);
    await play(world);
    if (stays) await stay(world);
  } finally {
    await cleanup.run();
  }
}

async function main(): Promise<number> {
  const traefik = findTraefik();
  if (typeof traefik !== 'string') {
    console.log(`The demo needs Traefik (${traefik.what}). ${traefik.remedy}`);
    return 1;
  }
  const network = isPrivateNetwork() || stays ? undefined : probePrivateNetwork();
  if (network?.kind === 'available') {
    const self = [process.execPath, '--import', import.meta.resolve('tsx'), fileURLToPath(import.meta.url)];
    return runInPrivateNetwork(network.flags, self, { TRAEFIK_BIN: traefik });
  }
  // By `exit`, what still runs is killed and temporary folders go.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  await run();
  return 0;
}

process.exitCode = await main();
