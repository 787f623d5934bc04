import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { tcpGreeter } from './support/backends.ts';
import { Cleanup, makeTempFolder } from './support/cleanup.ts';
import { startEdge, type EdgeHost } from './support/edge-host.ts';
import { eventually } from './support/eventually.ts';
import { runFairlead, startFairlead, type Fairlead } from './support/fairlead.ts';
import { findFreePort, requirePrivateNetwork } from './support/local-address.ts';
import { toManifests } from './support/manifests.ts';

// The Traefik of a host whose API nobody but `fairlead edge` reaches: what it has applied, and what it has not.

const cleanup = new Cleanup();
afterAll(() => cleanup.run());
const root = makeTempFolder();
cleanup.add(() => root.remove());
const manifests = join(root.path, 'manifests');
const token = 'the-token-of-the-edge-0001';
let fairlead: Fairlead;
let host: EdgeHost | undefined;
let server = '';
/** Whether the way between the host and Fairlead is shut for the polls of Traefik. */
let isShut = false;

beforeAll(async () => {
  requirePrivateNetwork();
  mkdirSync(manifests);
  writeFileSync(join(root.path, 'token'), `${token}\n`);
  // No TCP router can be on an entryPoint for UDP.
  writeFileSync(join(root.path, 'wrong.yml'), 'entryPoints: { tcp-20500: { address: ":20500/udp" } }\n');
  cleanup.keep(await tcpGreeter('10.244.21.1', 3306));
  write('db');
  fairlead = await startFairlead({
    cwd: root.path,
    config: {
      sources: [{ name: 'manifests', directory: { path: manifests } }],
      ledger: { file: join(root.path, 'ports.json') },
      provider: { tokens: [token] },
      fleets: [{ name: 'default', ports: { tcp: { range: '20500-20503' }, udp: null, requestable: null } }],
    },
  });
  cleanup.add(() => fairlead.stop());
  server = await startWay();
});

/** What stands between the host and Fairlead, such as a firewall that knows paths. */
async function startWay(): Promise<string> {
  const way = createServer((incoming, outgoing) => {
    if (isShut && incoming.url?.startsWith('/traefik') === true) return void incoming.socket.destroy();
    const { method, headers, url } = incoming;
    const onward = request(`${fairlead.providerUrl}${url}`, { method, headers, agent: false }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  const port = await findFreePort();
  await once(way.listen(port, '127.0.0.1'), 'listening');
  cleanup.add(() => {
    way.close();
    way.closeAllConnections();
    return Promise.resolve();
  });
  return `http://127.0.0.1:${port}`;
}

async function start(...args: readonly string[]): Promise<void> {
  await host?.stop();
  const all = ['--token-file', 'token', '--host', 'host-1', '--grace', '1s', ...args];
  const started = await startEdge({ cwd: root.path, server, args: all });
  cleanup.add(() => Promise.resolve(started.killLeft()));
  host = cleanup.keep(started);
}

function write(name: string): void {
  const service = {
    namespace: 'shop',
    name,
    annotations: { 'fairlead.dev/expose': 'true' },
    ports: [{ name: 'mysql', port: 3306 }],
    addresses: ['10.244.21.1'],
  };
  writeFileSync(join(manifests, `${name}.yaml`), toManifests(service));
}

const rowSchema = z.array(z.looseObject({ traefik: z.string(), bank: z.number(), state: z.string() }));
const explanationSchema = z.tuple([
  z.looseObject({
    applied: z.array(
      z.looseObject({
        traefiks: z.number(),
        applied: z.number(),
        not: z.array(z.object({ traefik: z.string(), why: z.string() })),
      }),
    ),
  }),
]);
const problemSchema = z.array(z.looseObject({ code: z.string(), message: z.string() }));

async function admin(path: string): Promise<unknown> {
  return (await fetch(`${fairlead.adminUrl}${path}`)).json();
}

function untilState(state: string): Promise<unknown> {
  return eventually(`its Traefik is ${state}`, 30_000, async () => {
    const rows = rowSchema.parse(await admin('/api/traefiks'));
    const [row] = rows;
    return rows.length === 1 && row?.traefik === 'host-1 (bank 0)' && row.bank === 0 && row.state === state;
  });
}

function untilApplied(name: string, count: number) {
  return eventually(`${name} is applied on ${count} of 1`, 30_000, async () => {
    const [{ applied }] = explanationSchema.parse(await admin(`/api/explain/Service/shop/${name}`));
    const [row] = applied;
    return row?.traefiks === 1 && row.applied === count ? row : undefined;
  });
}

function untilProblem(code: string): Promise<string> {
  return eventually(code, 40_000, async () => {
    const problems = problemSchema.parse(await admin('/api/problems'));
    return problems.find((problem) => problem.code === code)?.message;
  });
}

it('shows what the Traefik of a host has applied, and nobody without the token says so', async () => {
  await start();
  await untilState('current');
  await untilApplied('db', 1);
  const { stdout } = await runFairlead(['explain', 'svc/shop/db', '--server', fairlead.adminUrl]);
  expect(stdout).toContain('applied on 1 of 1\n');
  const metrics = await (await fetch(`${fairlead.adminUrl}/metrics`)).text();
  expect(metrics).toContain('fairlead_traefiks{fleet="default",state="current"} 1');
  const forged = await fetch(`${fairlead.providerUrl}/edge/default/state`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Fairlead-Host': 'host-2' },
    body: '{"traefiks":[]}',
  });
  expect(forged.status).toBe(401);
});

it('names a host whose Traefik has not got the current configuration, and says so when it has', async () => {
  isShut = true;
  write('more');
  await untilState('behind');
  const { not } = await untilApplied('db', 0);
  expect(not[0]).toMatchObject({
    traefik: 'host-1 (bank 0)',
    why: expect.stringContaining('it has not applied the current configuration'),
  });
  expect(await untilProblem('traefik-answer-not-applied')).toContain('host-1 (bank 0)');
  isShut = false;
  // Traefik waits for up to a minute before it polls again.
  await start();
  await untilState('current');
  for (const name of ['db', 'more']) await untilApplied(name, 1);
  await eventually(
    'no problem is left',
    20_000,
    async () => problemSchema.parse(await admin('/api/problems')).length === 0,
  );
});

it('names a router that the Traefik of a host disables, and why', async () => {
  await start('--static', 'wrong.yml');
  const { not } = await untilApplied('db', 0);
  const at = await eventually('it is disabled', 30_000, async () => {
    const row = await untilApplied('db', 0);
    return row.not.find(({ why }) => why.startsWith('disabled: '));
  });
  expect([not[0]?.traefik, at.traefik]).toEqual(['host-1 (bank 0)', 'host-1 (bank 0)']);
  expect(await untilProblem('traefik-router-disabled')).toContain('host-1 (bank 0)');
});

it('forgets a host that is gone', async () => {
  await host?.stop();
  await eventually(
    'it is not shown',
    30_000,
    async () => rowSchema.parse(await admin('/api/traefiks')).length === 0,
  );
});
