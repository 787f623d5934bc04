import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { startChild } from './support/child.ts';
import { Cleanup, makeTempFolder } from './support/cleanup.ts';
import { eventually } from './support/eventually.ts';
import { buildFairlead, hideOwnVariables, projectRoot, startFairlead } from './support/fairlead.ts';
import { findFreePort } from './support/local-address.ts';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const [first, second] = ['the-first-token-0001', 'the-second-token-0002'];

function makeFolder(): string {
  const temp = makeTempFolder();
  cleanup.add(() => temp.remove());
  return temp.path;
}

function toConfig(cwd: string, more: Readonly<Record<string, unknown>> = {}) {
  const folder = join(projectRoot, 'examples/vm-backends');
  return {
    sources: [{ name: 'vms', directory: { path: folder } }],
    ledger: { file: join(cwd, 'ports.json') },
    ...more,
  };
}

/** The lines of the log that are JSON. */
function toLines(logs: string): readonly Record<string, unknown>[] {
  return logs
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
}

it('says at the start what it is and where it listens, and when it is ready', async () => {
  const cwd = makeFolder();
  const fairlead = cleanup.keep(await startFairlead({ cwd, config: toConfig(cwd) }));
  await eventually('the line', 5_000, () => fairlead.logs().includes('"msg":"ready"'));
  const [start] = toLines(fairlead.logs());
  expect(start).toMatchObject({
    level: 'info',
    msg: 'starting',
    version: JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')).version,
    configuration: join(cwd, 'fairlead.yaml'),
    ...fairlead.listen,
    sources: [expect.stringMatching(/^vms \(.*vm-backends\)$/)],
    fleets: ['default'],
  });
});

it('writes text where that is asked for', async () => {
  const cwd = makeFolder();
  const config = toConfig(cwd, { log: { format: 'text' } });
  const fairlead = cleanup.keep(await startFairlead({ cwd, config }));
  expect(fairlead.logs()).toMatch(/^\d\d:\d\d:\d\d INFO {2}starting version=/m);
  expect(toLines(fairlead.logs())).toEqual([]);
});

it('says of a cluster that is away one line, with its source and its server', async () => {
  const cwd = makeFolder();
  const server = `https://127.0.0.1:${await findFreePort()}`;
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server } }],
    users: [{ name: 'u', user: { token: 'x' } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  };
  writeFileSync(join(cwd, 'kubeconfig'), stringify(kubeconfig));
  const west = { kubeconfig: join(cwd, 'kubeconfig'), namespaces: ['a', 'b', 'c'] };
  const config = toConfig(cwd);
  const sources = [...config.sources, { name: 'west', required: false, kubernetes: west }];
  const fairlead = cleanup.keep(await startFairlead({ cwd, config: { ...config, sources } }));
  await eventually('the line', 5_000, () => fairlead.logs().includes('does not answer'));
  const about = toLines(fairlead.logs()).filter(
    ({ source, msg }) => source === 'west' || msg === 'kind cannot be followed',
  );
  expect(about).toMatchObject([{ level: 'error', code: 'source-unreadable', source: 'west' }]);
  expect(about[0]?.['problem']).toContain(`The API server ${server} does not answer: connect ECONNREFUSED`);
});

it('takes over changed tokens while it runs, and outlives SIGHUP and a broken configuration', async () => {
  const cwd = makeFolder();
  const config = toConfig(cwd, { provider: { tokens: [first] } });
  const fairlead = cleanup.keep(await startFairlead({ cwd, config }));
  const file = join(cwd, 'fairlead.yaml');
  const text = readFileSync(file, 'utf8');
  const statusOf = async (token: string): Promise<number> => {
    const headers = { authorization: `Bearer ${token}` };
    return (await fetch(`${fairlead.providerUrl}/traefik`, { headers })).status;
  };
  expect([await statusOf(first), await statusOf(second)]).toEqual([200, 401]);

  writeFileSync(file, `${text}\nnonsense: 1\n`);
  process.kill(fairlead.pid, 'SIGHUP');
  const broken = (): boolean => fairlead.logs().includes('the changed configuration cannot be used');
  await eventually('the mistake is reported', 5_000, broken);
  const problems = await (await fetch(`${fairlead.adminUrl}/api/problems`)).json();
  expect(problems).toEqual(
    expect.arrayContaining([expect.objectContaining({ code: 'configuration-broken', severity: 'error' })]),
  );
  expect(await statusOf(first)).toBe(200);

  // By its file alone, without a signal.
  writeFileSync(file, text.replace(first, second));
  await eventually('the new token', 10_000, async () => (await statusOf(second)) === 200);
  expect(await statusOf(first)).toBe(401);
  process.kill(fairlead.pid, 'SIGHUP');
  process.kill(fairlead.pid, 'SIGHUP');
  expect(await statusOf(second)).toBe(200);
});

it('ends with `npm start` when that is asked to end', async () => {
  const npm = join(process.execPath, '../npm');
  if (!existsSync(npm)) throw new Error(`there is no npm beside ${process.execPath}`);
  await buildFairlead();
  const cwd = makeFolder();
  const admin = `127.0.0.1:${await findFreePort()}`;
  const listen = { provider: `127.0.0.1:${await findFreePort()}`, admin };
  writeFileSync(join(cwd, 'fairlead.yaml'), stringify({ ...toConfig(cwd), listen }));
  const child = await startChild(npm, ['start'], {
    cwd: projectRoot,
    env: { ...hideOwnVariables(), FAIRLEAD_CONFIG: join(cwd, 'fairlead.yaml') },
  });
  cleanup.add(() => child.stop());
  const isReady = async (): Promise<boolean> => (await fetch(`http://${admin}/readyz`)).ok;
  await eventually('npm start', 60_000, isReady, child.ended);
  process.kill(child.pid, 'SIGTERM');
  const isGone = (): Promise<boolean> =>
    isReady().then(
      () => false,
      () => true,
    );
  await eventually('the server is gone', 10_000, isGone);
  // Its listeners close first.
  await eventually('it has ended in order', 10_000, () => child.logs().includes('"msg":"stopped"'));
});

it.each(['/dev/full', '>(true)'])('serves on where nothing can be written to its log: %s', async (log) => {
  const program = await buildFairlead();
  const cwd = makeFolder();
  const admin = `127.0.0.1:${await findFreePort()}`;
  const listen = { provider: `127.0.0.1:${await findFreePort()}`, admin };
  writeFileSync(join(cwd, 'fairlead.yaml'), stringify({ ...toConfig(cwd), listen }));
  const call = [process.execPath, program, 'serve'];
  const child = await startChild('bash', ['-c', `exec "$@" 2> ${log}`, 'bash', ...call], {
    cwd,
    env: hideOwnVariables(),
  });
  cleanup.add(() => child.stop());
  const isReady = async (): Promise<boolean> => (await fetch(`http://${admin}/readyz`)).ok;
  await eventually('the server', 20_000, isReady, child.ended);
  // Says something, with the log as it is.
  process.kill(child.pid, 'SIGHUP');
  writeFileSync(join(cwd, 'fairlead.yaml'), 'nonsense: 1\n');
  const problems = async (): Promise<string> => (await fetch(`http://${admin}/api/problems`)).text();
  await eventually(
    'the mistake',
    10_000,
    async () => (await problems()).includes('configuration-broken'),
    child.ended,
  );
  await child.stop();
  expect(child.ended()).toBe('exit status 0');
});

it('says in one line that its output cannot be written', async () => {
  const program = await buildFairlead();
  const call = [process.execPath, program, 'schema'];
  const child = await startChild('bash', ['-c', 'exec "$@" > /dev/full', 'bash', ...call], {
    env: hideOwnVariables(),
  });
  await eventually('its end', 20_000, () => child.ended() !== undefined);
  expect([child.ended(), child.logs()]).toEqual([
    'exit status 2',
    'fairlead: standard output cannot be written: the disk is full: make room (ENOSPC)\n',
  ]);
});

it('says the command for Traefik with the configuration that it was started with', async () => {
  const cwd = makeFolder();
  const listen = { provider: '127.0.0.1:0', admin: '127.0.0.1:0' };
  writeFileSync(join(cwd, 'edge.yaml'), stringify(toConfig(cwd, { listen })));
  const child = cleanup.keep(
    await startChild(process.execPath, [await buildFairlead(), 'serve', '-c', 'edge.yaml'], {
      cwd,
      env: hideOwnVariables(),
    }),
  );
  await eventually('the announcement', 10_000, () => child.logs().includes('To look inside'), child.ended);
  expect(child.logs()).toContain('\n  fairlead traefik -c edge.yaml > traefik.yml ');
});
