import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { findApiServer } from './support/apiserver.ts';
import { startChild } from './support/child.ts';
import { Cleanup, makeTempFolder } from './support/cleanup.ts';
import { startCluster } from './support/cluster.ts';
import { eventually } from './support/eventually.ts';
import { buildFairlead, hideOwnVariables, projectRoot, startFairlead } from './support/fairlead.ts';
import { toManifests } from './support/manifests.ts';
import { follow, inWorld, type PageShell } from './support/page-shell.ts';
import { findPrograms, findUser, makeFolderFor } from './support/programs.ts';
import { startTraefik } from './support/traefik.ts';
import { readStaticConfig } from './support/world.ts';

// The commands of README.md and of the pages, as they stand there, against the real parts. Which are run, and in what, says the word after
// the language of their block; test/snippets.test.ts holds that no other is left out without a reason.

const server = findApiServer('the commands of the pages in a cluster');
const redis = findPrograms('the commands of the pages in a cluster', ['redis-server', 'redis-cli']);
/** edge.example.com of the private network. */
const edge = '10.9.0.2';

describe.skipIf(server === undefined || redis === undefined)('in a cluster', () => {
  const cleanup = new Cleanup();
  let root = '';
  let env: PageShell['env'] = {};

  beforeAll(async () => {
    const temp = makeTempFolder();
    cleanup.add(() => temp.remove());
    root = temp.path;
    const user = findUser('redis');
    const folder = cleanup.keep(makeFolderFor(user));
    const args = ['--bind', '10.244.1.3', '--protected-mode', 'no', '--save', '', '--dir', folder.path];
    cleanup.keep(await startChild(redis?.['redis-server'] ?? '', args, { cwd: folder.path, ...user }));
    const cluster = cleanup.keep(await startCluster(server ?? ''));
    const ports = [{ name: 'redis', port: 6379 }];
    await cluster.apply(
      toManifests(
        { namespace: 'shop', name: 'cache', ports, addresses: ['10.244.1.3'] },
        { namespace: 'shop', name: 'cache-pods', ports, addresses: ['10.244.1.3'] },
        { namespace: 'store', name: 'cache', ports, addresses: ['10.244.1.3'] },
        {
          namespace: 'rds',
          name: 'orders-db',
          ports: [{ name: 'mysql', port: 3306 }],
          addresses: ['10.244.1.4'],
        },
      ),
    );
    const fairlead = cleanup.keep(
      await startFairlead({
        cwd: root,
        listen: { provider: '127.0.0.1:9080', admin: '127.0.0.1:9081' },
        config: {
          sources: [{ name: 'cluster', kubernetes: { kubeconfig: cluster.kubeconfig } }],
          fleets: [{ name: 'default', addresses: ['edge.example.com'] }, { name: 'public' }],
        },
      }),
    );
    cleanup.keep(await startTraefik({ staticConfig: await readStaticConfig(fairlead, root), bind: edge }));
    mkdirSync(join(root, 'bin'));
    for (const name of ['fairlead', 'kubectl-fairlead'])
      symlinkSync(await buildFairlead(), join(root, 'bin', name));
    env = {
      ...hideOwnVariables(),
      PATH: `${join(root, 'bin')}:${process.env['PATH']}`,
      KUBECONFIG: cluster.kubeconfig,
      KUBECACHEDIR: join(root, 'cache'),
    };
  }, 120_000);
  afterAll(() => cleanup.run());

  it.each(inWorld('cluster'))('$page: $first', (snippet) => follow(snippet, { cwd: root, env }), 120_000);
});

describe('the tour', () => {
  const cleanup = new Cleanup();
  const [start, ...steps] = inWorld('demo');
  let root = '';

  beforeAll(async () => {
    const temp = makeTempFolder();
    cleanup.add(() => temp.remove());
    root = temp.path;
    await buildFairlead();
    // A checkout that the steps may write to.
    for (const name of ['dist', 'node_modules', 'package.json', 'scripts'])
      symlinkSync(join(projectRoot, name), join(root, name));
    cpSync(join(projectRoot, 'examples'), join(root, 'examples'), { recursive: true });
    const child = spawn('bash', ['-c', start?.text ?? 'false'], { cwd: root, detached: true, stdio: 'pipe' });
    const { pid = 0 } = child;
    cleanup.add(() => {
      process.kill(-pid, 'SIGINT');
      return Promise.resolve();
    });
    let log = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (log += text));
    const ended = (): string | undefined => (child.exitCode === null ? undefined : log);
    await eventually('the demo has asked all', 60_000, () => log.includes('Stop with Ctrl-C'), ended);
  }, 240_000);
  afterAll(() => cleanup.run());

  it.each(steps)(
    '$page: $first',
    (snippet) => follow(snippet, { cwd: root, env: hideOwnVariables() }),
    120_000,
  );
});
