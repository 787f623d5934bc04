import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findApiServerOrFake, startApiServer, type Manifest } from './support/apiserver.ts';
import { startChild, type Child } from './support/child.ts';
import { Cleanup, makeTempFolder } from './support/cleanup.ts';
import { eventually } from './support/eventually.ts';
import { buildFairlead, hideOwnVariables, startFairlead } from './support/fairlead.ts';

let cleanup = new Cleanup();
let root = '';
beforeEach(() => {
  cleanup = new Cleanup();
  const temp = makeTempFolder();
  cleanup.add(() => temp.remove());
  root = temp.path;
  mkdirSync(join(root, 'm'));
});
afterEach(() => cleanup.run());

const patienceMs = 30_000;

function toService(name: string, expose: string, clusterIP = '10.96.0.9'): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name,
      namespace: 'shop',
      annotations: { 'fairlead.dev/expose': expose, 'fairlead.dev/backends': 'clusterip' },
    },
    spec: { clusterIP, ports: [{ port: 3306 }] },
  };
}

function write(name: string, expose = 'true'): void {
  writeFileSync(join(root, 'm', `${name}.yaml`), JSON.stringify(toService(name, expose)));
}

async function startWatch(...args: readonly string[]): Promise<Child> {
  const child = await startChild(process.execPath, [await buildFairlead(), ...args, '--watch'], {
    cwd: root,
    env: hideOwnVariables(),
  });
  return cleanup.keep(child);
}

/** Waits until it has written something since `from`, and resolves with what it has written so far. */
async function waitFor(child: Child, text: RegExp | string, from = 0): Promise<string> {
  const isThere = (): boolean => {
    const since = child.logs().slice(from);
    return typeof text === 'string' ? since.includes(text) : text.test(since);
  };
  await eventually(String(text), patienceMs, isThere, child.ended);
  return child.logs();
}

async function interrupt(child: Child): Promise<void> {
  process.kill(child.pid, 'SIGINT');
  await eventually('the end', patienceMs, () => child.ended() !== undefined);
  expect(child.ended()).toBe('exit status 0');
}

describe('--watch of folders', () => {
  it('ports: a line of JSON for each change, and a port that was given out stays', async () => {
    write('a');
    const child = await startWatch('ports', 'm', '--output', 'json');
    await waitFor(child, 'Service/shop/a');
    write('b');
    await waitFor(child, 'Service/shop/b');
    rmSync(join(root, 'm/a.yaml'));
    await waitFor(child, '"state":"cooling"');
    await interrupt(child);
    const reports = child
      .logs()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { ports: { port: number; holder: string; state: string }[] });
    expect(reports.map(({ ports }) => ports.map((row) => `${row.port} ${row.holder} ${row.state}`))).toEqual([
      ['20000 Service/shop/a held'],
      ['20000 Service/shop/a held', '20001 Service/shop/b held'],
      ['20000 Service/shop/a cooling', '20001 Service/shop/b held'],
    ]);
  });

  it('explain: the story after each change, also while there is no such object', async () => {
    const child = await startWatch('explain', 'svc/shop/a', 'm');
    expect(await waitFor(child, 'No source has')).toBe('No source has svc/shop/a.\n');
    write('a');
    const first = await waitFor(child, /20000\/tcp[^\n]*held/);
    expect(first).toMatch(/^No source has svc\/shop\/a\.\n\nService\/shop\/a \(source m\)\n/);
    write('a', 'none-such');
    await waitFor(child, 'none-such', first.length);
    await interrupt(child);
  });
});

describe('--watch of a running Fairlead', () => {
  it('follows its events, and outlives its restart', async () => {
    write('a');
    const config = { sources: [{ name: 'm', directory: { path: './m' } }] };
    const fairlead = cleanup.keep(await startFairlead({ cwd: root, config }));
    const ports = await startWatch('ports', '--server', fairlead.adminUrl);
    const explain = await startWatch('explain', 'svc/shop/b', '--server', fairlead.adminUrl);
    await waitFor(ports, 'Service/shop/a');
    await waitFor(explain, 'No source has svc/shop/b.');
    write('b');
    await waitFor(ports, 'Service/shop/b');
    await waitFor(explain, 'Service/shop/b (source m)');

    await fairlead.stop();
    const away = /^fairlead: http:\S+ does not answer \([^\n]+\); trying again$/gm;
    await waitFor(ports, new RegExp(away, 'm'));
    // It is asked again every two seconds.
    await sleep(5_000);
    expect(ports.logs().match(away)).toHaveLength(1);
    write('c');
    const again = cleanup.keep(await startFairlead({ cwd: root, config, listen: fairlead.listen }));
    await waitFor(ports, 'Service/shop/c');
    await interrupt(ports);
    await interrupt(explain);
    await again.stop();
  });

  it('that is not there is an error at first', async () => {
    const child = await startWatch('ports', '--server', 'http://127.0.0.1:1');
    await eventually('the end', patienceMs, () => child.ended() !== undefined);
    expect([child.ended(), child.logs()]).toEqual([
      'exit status 2',
      expect.stringMatching(/^fairlead: no Fairlead answers at [^\n]+\n$/),
    ]);
  });
});

it('--watch of a cluster', async () => {
  const server = cleanup.keep(await startApiServer(findApiServerOrFake()));
  await server.apply(
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
    toService('a', 'true'),
  );
  const child = await startWatch('ports', '--kubeconfig', server.kubeconfig);
  const first = await waitFor(child, 'Service/shop/a');
  await server.apply(toService('b', 'true', '10.96.0.10'));
  await waitFor(child, 'Service/shop/b', first.length);
  await interrupt(child);
});
