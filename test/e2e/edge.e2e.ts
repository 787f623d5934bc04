import { mkdirSync, readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { tcpGreeter, type TcpGreeter } from './support/backends.ts';
import { certificates } from './support/certificates.ts';
import { Cleanup, makeTempFolder } from './support/cleanup.ts';
import { tcpConnect, type TcpConnection } from './support/client.ts';
import { isAlive, startEdge, type EdgeHost } from './support/edge-host.ts';
import { eventually } from './support/eventually.ts';
import { runFairlead, startFairlead, type Fairlead, type ListenOn } from './support/fairlead.ts';
import { findFreePort, requirePrivateNetwork } from './support/local-address.ts';
import { toManifests } from './support/manifests.ts';

beforeAll(() => requirePrivateNetwork());
const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const token = 'the-token-of-the-edge-0001';
const wide = '20300-20309';

interface Place {
  readonly root: string;
  readonly server: string;
  readonly backend: TcpGreeter;
  startFairlead(range?: string, provider?: Readonly<Record<string, unknown>>): Promise<Fairlead>;
  startEdge(...args: readonly string[]): Promise<EdgeHost>;
}

/** A folder with one Service that has a pool port, and the backend behind it. */
async function makePlace(ip = '127.0.0.1'): Promise<Place> {
  const temp = makeTempFolder();
  cleanup.add(() => temp.remove());
  const root = temp.path;
  mkdirSync(join(root, 'manifests'));
  const mysql = {
    namespace: 'rds',
    name: 'orders',
    annotations: { 'fairlead.dev/expose': 'true' },
    ports: [{ name: 'mysql', port: 3306 }],
    addresses: ['10.244.1.1'],
  };
  writeFileSync(join(root, 'manifests/orders.yaml'), toManifests(mysql));
  writeFileSync(join(root, 'token'), `${token}\n`);
  const listen: ListenOn = {
    provider: `${ip}:${await findFreePort()}`,
    admin: `127.0.0.1:${await findFreePort()}`,
  };
  const server = `http://${listen.provider}`;
  const start = async (range = wide, provider: Readonly<Record<string, unknown>> = { tokens: [token] }) => {
    const config = {
      sources: [{ name: 'manifests', directory: { path: join(root, 'manifests') } }],
      ledger: { file: join(root, 'ports.json') },
      provider,
      fleets: [{ name: 'default', ports: { tcp: { range }, udp: { range }, requestable: null } }],
    };
    return cleanup.keep(await startFairlead({ cwd: root, listen, config }));
  };
  return {
    root,
    server,
    backend: cleanup.keep(await tcpGreeter('10.244.1.1', 3306)),
    startFairlead: start,
    startEdge: async (...args) => {
      const all = ['--token-file', 'token', '--host', 'host-a', ...args];
      const edge = await startEdge({ cwd: root, server, args: all });
      cleanup.add(() => edge.killLeft());
      return cleanup.keep(edge);
    },
  };
}

/** A connection through the edge to the backend, which has been greeted. */
async function connectThrough(edge: EdgeHost): Promise<TcpConnection> {
  const connection = await eventually(
    'the edge serves',
    20_000,
    async () => {
      const attempt = await tcpConnect('127.0.0.1', 20_300);
      const greeting = await attempt.readLine(500).catch(() => undefined);
      if (greeting?.startsWith('5.7') === true) return attempt;
      await attempt.stop();
      return undefined;
    },
    edge.ended,
  );
  cleanup.add(() => connection.stop());
  return connection;
}

async function expectAlive(connections: readonly TcpConnection[]): Promise<void> {
  const answers = await Promise.allSettled(connections.map((each) => each.ask('still there?')));
  expect(answers.filter((answer) => answer.status === 'rejected')).toEqual([]);
}

function findTraefik(edge: EdgeHost, bank = 0): number {
  return edge.lines('Traefik started').findLast((line) => line.bank === bank)?.pid ?? Number.NaN;
}

describe('fairlead edge', () => {
  it('waits for a server that is away, and starts with its last answer the next time', async () => {
    const place = await makePlace();
    const first = await place.startEdge();
    await eventually(
      'the line',
      10_000,
      () => first.lines('Fairlead does not answer; what runs goes on running').length > 0,
      first.ended,
    );
    const fairlead = await place.startFairlead();
    await expectAlive([await connectThrough(first)]);
    expect(first.lines('Fairlead answers again')).toHaveLength(1);
    await first.stop();
    await fairlead.stop();

    const second = await place.startEdge();
    await eventually('a Traefik', 10_000, () => second.lines('Traefik started').length > 0, second.ended);
    expect(second.lines('Fairlead is away, starting with its last answer')).toHaveLength(1);
    await place.startFairlead();
    await expectAlive([await connectThrough(second)]);
  });

  it('keeps its files for itself, and the token out of arguments and environment', async () => {
    const place = await makePlace();
    await place.startFairlead();
    // Beside what the fleet has.
    writeFileSync(join(place.root, 'more.yml'), "entryPoints: { ready: { address: '127.0.0.1:8090' } }\n");
    const edge = await place.startEdge('--static', 'more.yml');
    await connectThrough(edge);
    expect((await fetch('http://127.0.0.1:8090/ready')).status).toBe(200);
    const folder = join(place.root, 'fairlead-edge');
    const files = readdirSync(folder);
    expect(files.some((name) => name.endsWith('.yml'))).toBe(true);
    for (const name of files) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    const pid = findTraefik(edge);
    for (const file of ['cmdline', 'environ']) {
      expect(readFileSync(`/proc/${pid}/${file}`, 'utf8')).not.toContain(token);
    }
    const environ = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    expect(environ).toContain(`GOGC=${process.env['GOGC'] ?? '200'}`);
    expect(edge.logs()).not.toContain(token);
  });

  it('starts a Traefik again that was killed', async () => {
    const place = await makePlace();
    await place.startFairlead();
    const edge = await place.startEdge();
    await connectThrough(edge);
    const pid = findTraefik(edge);
    process.kill(pid, 'SIGKILL');
    await eventually('another one', 10_000, () => findTraefik(edge) !== pid, edge.ended);
    expect(edge.lines('Traefik ended by itself, another one is started')).toMatchObject([
      { bank: 0, pid, end: 'SIGKILL' },
    ]);
    await expectAlive([await connectThrough(edge)]);
  });

  it('reports a changed static configuration once, and drops nothing for it', async () => {
    const place = await makePlace();
    const fairlead = await place.startFairlead();
    const edge = await place.startEdge();
    const connection = await connectThrough(edge);
    await fairlead.stop();
    await place.startFairlead('20300-20319');
    const said = 'the static configuration has changed, the Traefik that runs keeps the former one';
    await eventually('the report', 20_000, () => edge.lines(said).length > 0, edge.ended);
    expect(edge.lines(said)[0]).toMatchObject({ bank: 0, pid: findTraefik(edge) });
    expect(edge.lines(said)[0]?.['change']).toMatch(/^entryPoints more: tcp-20310, .* and 15 more$/);
    const { length } = edge.lines('Traefik started');
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    expect([edge.lines(said).length, edge.lines('Traefik started').length]).toEqual([1, length]);
    await expectAlive([connection]);
  });

  it('replaces a Traefik where that is asked for: 100 long connections live on', async () => {
    const place = await makePlace();
    const fairlead = await place.startFairlead();
    const edge = await place.startEdge('--replace', '--grace', '10m');
    const connections = [await connectThrough(edge)];
    while (connections.length < 100) connections.push(await connectThrough(edge));
    const former = findTraefik(edge);
    await fairlead.stop();
    await place.startFairlead('20300-20319');
    await eventually('another Traefik', 20_000, () => findTraefik(edge) !== former, edge.ended);
    const told = 'Traefik is ending, open connections may finish';
    await eventually('the former one is told', 20_000, () => edge.lines(told).length > 0, edge.ended);
    expect(edge.lines(told)).toMatchObject([{ bank: 0, pid: former, why: 'replaced' }]);
    // Beyond the time for which it goes on accepting.
    await new Promise((resolve) => setTimeout(resolve, 12_000));
    expect(isAlive(former)).toBe(true);
    await expectAlive(connections);
    const next = await tcpConnect('127.0.0.1', 20_319);
    await next.stop();
    await expectAlive([await connectThrough(edge)]);
    for (const connection of connections) await connection.stop();
    await eventually('the former one has ended', 20_000, () => !isAlive(former), edge.ended);
  });

  it('ends at once when it is told to a second time', async () => {
    const place = await makePlace();
    await place.startFairlead();
    const edge = await place.startEdge();
    const connection = await connectThrough(edge);
    const pid = findTraefik(edge);
    edge.signal();
    await eventually(
      'the first',
      5_000,
      () => edge.lines('Traefiks are ending, open connections may finish').length > 0,
    );
    edge.signal();
    await eventually('the end', 5_000, () => edge.ended() === 'exit status 1' && !isAlive(pid));
    await eventually('the connection has ended', 5_000, () => connection.closed);
  });

  it('lets connections finish when it is told to end', async () => {
    const place = await makePlace();
    await place.startFairlead();
    const edge = await place.startEdge('--grace', '10m');
    const connection = await connectThrough(edge);
    const pid = findTraefik(edge);
    edge.signal();
    await new Promise((resolve) => setTimeout(resolve, 12_000));
    await expectAlive([connection]);
    expect(edge.ended()).toBeUndefined();
    await connection.stop();
    await eventually('the end', 20_000, () => edge.ended() !== undefined);
    expect([edge.ended(), isAlive(pid)]).toEqual(['exit status 0', false]);
    expect(readdirSync(join(place.root, 'fairlead-edge'))).toEqual(['last-answer.json']);
  });

  // Where process numbers cannot be looked up nothing can be found.
  it.skipIf(readlinkSync('/proc/self') !== `${process.pid}`)(
    'takes over what a run that was killed has left, and drops nothing for it',
    async () => {
      const place = await makePlace();
      await place.startFairlead();
      const first = await place.startEdge();
      const connection = await connectThrough(first);
      const pid = findTraefik(first);
      await first.crash();
      await expectAlive([connection]);
      const second = await place.startEdge();
      await eventually(
        'it is taken over',
        10_000,
        () => second.lines('Traefik taken over from an earlier run').length > 0,
        second.ended,
      );
      expect(second.lines('Traefik taken over from an earlier run')).toMatchObject([{ bank: 0, pid }]);
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      expect(second.lines('Traefik started')).toEqual([]);
      await expectAlive([connection]);
      process.kill(pid, 'SIGKILL');
      await eventually('another one', 10_000, () => second.lines('Traefik started').length > 0, second.ended);
      await connectThrough(second);
      await second.stop();
      await eventually('the end', 5_000, () => !isAlive(findTraefik(second)));
    },
  );

  it('says which port of which bank another process has, and goes on trying', async () => {
    const place = await makePlace();
    const other = cleanup.keep(await tcpGreeter('0.0.0.0', 20_305));
    await place.startFairlead();
    const edge = await place.startEdge();
    await eventually('the line', 10_000, () => edge.lines('Traefik could not start').length > 0, edge.ended);
    expect(edge.lines('Traefik could not start')).toMatchObject([
      {
        bank: 0,
        failure:
          'port 20305/tcp of bank 0 is in use by another process; end that one, or take the port out of the pool',
      },
    ]);
    await other.stop();
    await connectThrough(edge);
  });
});

/** The server by a name of its certificate, which the private network has. */
function toTlsServer({ server }: Place): string {
  return server.replace('http://10.9.0.1', 'https://fairlead.test.com');
}

describe('over TLS', () => {
  const { wildcardTestCom, edgeClient, unrelated } = certificates;

  async function makeTlsPlace(): Promise<Place> {
    const place = await makePlace('10.9.0.1');
    const files = { server: wildcardTestCom, client: edgeClient, other: unrelated };
    for (const [name, { cert, key }] of Object.entries(files)) {
      writeFileSync(join(place.root, `${name}.crt`), cert);
      writeFileSync(join(place.root, `${name}.key`), key);
    }
    const tls = { cert: 'server.crt', key: 'server.key', clientCA: 'client.crt' };
    await place.startFairlead(wide, { tls });
    return place;
  }

  const own = ['--cert', 'client.crt', '--key', 'client.key'];

  it('serves with the authority of the provider and a certificate of the host', async () => {
    const place = await makeTlsPlace();
    const args = ['--ca', 'server.crt', ...own];
    const edge = cleanup.keep(await startEdge({ cwd: place.root, server: toTlsServer(place), args }));
    await expectAlive([await connectThrough(edge)]);
  });

  it('says of another authority one line, with exit code 2', async () => {
    const place = await makeTlsPlace();
    const args = ['edge', '--server', toTlsServer(place), '--ca', 'other.crt', ...own];
    const { status, stderr } = await runFairlead(args, { cwd: place.root });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^fairlead: .* is not trusted .*; give its authority by --ca\n$/);
  });

  it('says what may be missing to a server that hangs up', async () => {
    const place = await makeTlsPlace();
    const args = ['--ca', 'server.crt'];
    const edge = cleanup.keep(await startEdge({ cwd: place.root, server: toTlsServer(place), args }));
    const said = 'Fairlead does not answer; what runs goes on running';
    const line = await eventually('the line', 10_000, () => edge.lines(said)[0], edge.ended);
    expect(line['why']).toMatch(/; with provider\.tls\.clientCA give --cert and --key$/);
  });
});

describe('what cannot be run', () => {
  it.each([
    [['--token-file', 'wrong'], /refuses the token \(401\); give one of provider\.tokens by --token-file/],
    [['--token-file', 'token', '--fleet', 'inner'], /has no fleet "inner"; it has default/],
    [
      ['--token-file', 'token', '--traefik', '/nowhere/traefik'],
      /\/nowhere\/traefik is not there; install Traefik/,
    ],
    [['--token-file', 'token', '--traefik', '/bin/echo'], /\/bin\/echo is no Traefik/],
    [
      ['--token-file', 'token', '--traefik', './old'],
      /old is version 3\.2, and the fleet default is for 3\.7/,
    ],
    [['--token-file', 'nowhere'], /--token-file .*nowhere cannot be read/],
  ])('%j is one line and exit code 2', async (args, line) => {
    const place = await makePlace();
    await place.startFairlead();
    writeFileSync(join(place.root, 'wrong'), 'another-token-00000000\n');
    writeFileSync(join(place.root, 'old'), '#!/bin/sh\necho "Version:      3.2.1"\n', { mode: 0o755 });
    const result = await runFairlead(['edge', '--server', place.server, ...args], { cwd: place.root });
    expect(result.status).toBe(2);
    expect(result.stderr).toMatch(/^fairlead: [^\n]*\n$/);
    expect(result.stderr).toMatch(line);
  });

  it('a server that is no Fairlead, and a second edge in one folder', async () => {
    const place = await makePlace();
    const fairlead = await place.startFairlead();
    const args = ['--token-file', 'token'];
    const admin = await runFairlead(['edge', '--server', fairlead.adminUrl, ...args], { cwd: place.root });
    expect([admin.status, admin.stderr]).toEqual([
      2,
      expect.stringMatching(/does not answer \/edge .*; give the URL of the provider listener\n$/),
    ]);
    const edge = await place.startEdge();
    await connectThrough(edge);
    const second = await runFairlead(['edge', '--server', place.server, ...args], { cwd: place.root });
    expect([second.status, second.stderr]).toEqual([
      2,
      expect.stringMatching(
        /another fairlead edge runs in .*; give each one a folder of its own by --dir\n$/,
      ),
    ]);
  });
});
