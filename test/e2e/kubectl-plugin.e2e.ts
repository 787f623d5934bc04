import { execFile } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findApiServer } from './support/apiserver.ts';
import { Cleanup, makeTempFolder } from './support/cleanup.ts';
import { startCluster, type Cluster } from './support/cluster.ts';
import { eventually } from './support/eventually.ts';
import { buildFairlead, hideOwnVariables, startFairlead, type CommandResult } from './support/fairlead.ts';

const program = findApiServer('kubectl fairlead');

const objects = `
apiVersion: v1
kind: Namespace
metadata: { name: fairlead-system }
---
apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: v1
kind: Service
metadata:
  name: db
  namespace: shop
  annotations: { fairlead.dev/expose: 'true', fairlead.dev/backends: clusterip }
spec:
  clusterIP: 10.96.0.9
  ports: [{ port: 3306 }]
`;

describe.skipIf(program === undefined)('kubectl fairlead', () => {
  const cleanup = new Cleanup();
  let cluster: Cluster;
  let root = '';

  beforeAll(async () => {
    cluster = cleanup.keep(await startCluster(program ?? ''));
    await cluster.apply(objects);
    const temp = makeTempFolder();
    cleanup.add(() => temp.remove());
    root = temp.path;
    mkdirSync(join(root, 'bin'));
    // As `npm install --global` does it.
    for (const name of ['fairlead', 'kubectl-fairlead'])
      symlinkSync(await buildFairlead(), join(root, 'bin', name));
  });
  afterAll(() => cleanup.run());

  /** Runs a command line with the kubeconfig of the cluster in KUBECONFIG, after one that is not there. */
  function run(line: string): Promise<CommandResult> {
    const env = {
      ...process.env,
      ...hideOwnVariables(),
      KUBECONFIG: `${join(root, 'none')}:${cluster.kubeconfig}`,
      PATH: `${join(root, 'bin')}:${process.env['PATH']}`,
    };
    return new Promise((resolve) => {
      const child = execFile('sh', ['-c', line], { cwd: root, env }, (_error, stdout, stderr) =>
        resolve({ status: child.exitCode ?? -1, stdout, stderr }),
      );
    });
  }

  /** Where it listens by default. */
  const serve = () =>
    startFairlead({
      cwd: root,
      listen: { provider: '127.0.0.1:9080', admin: '127.0.0.1:9081' },
      env: {
        FAIRLEAD_SOURCES: `[{name: cluster, kubernetes: {kubeconfig: "${cluster.kubeconfig}"}}]`,
      },
    });

  it('reads the cluster of the current context, with its ledger', async () => {
    const fairlead = await serve();
    const isHeld = async (): Promise<boolean> =>
      (await (await fetch(`${fairlead.adminUrl}/api/ports`)).text()).includes('"state":"held"');
    await eventually('a port is held', 15_000, isHeld);
    await fairlead.stop();

    const reading =
      /^fairlead: no configuration: reading the cluster of context \S+ of \S+none:\S+ with the defaults; [^\n]+\n$/;
    for (const name of ['kubectl fairlead', 'fairlead']) {
      const ports = await run(`${name} ports`);
      expect([ports.status, ports.stderr]).toEqual([0, expect.stringMatching(reading)]);
      expect(ports.stdout).toMatch(/^default +20000\/tcp +held +Service\/shop\/db +3306/m);
    }
    const explained = await run('kubectl fairlead explain svc/shop/db');
    expect(explained.stdout).toMatch(/^Service\/shop\/db \(source cluster\)\n/);
    const checked = await run('kubectl fairlead check');
    expect([checked.status, checked.stderr]).toEqual([0, expect.stringMatching(/^\d+ objects, 0 errors/m)]);
  });

  it('asks a Fairlead that runs on this machine', async () => {
    const fairlead = cleanup.keep(await serve());
    for (const line of ['kubectl fairlead ports', 'fairlead explain svc/shop/db']) {
      const { status, stdout, stderr } = await run(line);
      expect([status, stderr]).toEqual([
        0,
        `fairlead: no configuration: asking the Fairlead at ${fairlead.adminUrl}\n`,
      ]);
      expect(stdout).toContain('Service/shop/db');
    }
    // Not where the cluster is named.
    expect((await run(`fairlead ports --kubeconfig ${cluster.kubeconfig}`)).stderr).toContain(
      'reading the cluster',
    );
    await fairlead.stop();
  });

  it('reads it with the configuration of the pod', async () => {
    writeFileSync(
      join(root, 'in-pod.yaml'),
      'sources: [{ name: cluster, kubernetes: {} }]\nfleets: [{ name: edge, ports: { tcp: { range: 30000-30009 } } }]\n',
    );
    const { status, stdout, stderr } = await run('fairlead render -c in-pod.yaml --fleet edge');
    expect([status, stderr]).toEqual([0, expect.not.stringContaining('fairlead:')]);
    expect(stdout).toContain('10.96.0.9:3306');
  });

  it.each([
    [
      'fairlead explain svc/shop/db --context prod',
      /^fairlead: the kubeconfig \S+ has no context prod; its contexts are [^\n]+\n$/,
    ],
    [
      'fairlead ports --kubeconfig ./nowhere',
      /^fairlead: the kubeconfig \S+nowhere cannot be read: there is no such file \(ENOENT\); [^\n]+\n$/,
    ],
    [
      'KUBECONFIG= HOME=/nowhere kubectl fairlead ports',
      /^fairlead: there is no kubeconfig, and no folder or configuration is named; [^\n]+\n$/,
    ],
  ])('%s: one line says what is wrong', async (line, expected) => {
    const { status, stdout, stderr } = await run(line);
    expect([status, stdout, stderr]).toEqual([2, '', expect.stringMatching(expected)]);
  });
});
