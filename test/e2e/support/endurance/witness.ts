import { copyFileSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { certificates } from '../certificates.ts';
import { Cleanup, makeTempFolder } from '../cleanup.ts';
import type { Cluster } from '../cluster.ts';
import { startFairlead, type Fairlead } from '../fairlead.ts';
import { introduce } from '../replicas.ts';
import type { FakedClock } from './faked-clock.ts';
import { mountSmallDisk, type SmallDisk } from './small-disk.ts';
import { ownLimits } from './watch-limit.ts';
import { startPoller, type Poller } from './poller.ts';

/** The namespace of the cluster that it reads, and nobody else. */
export const witnessNamespace = 'witness';
const user = 'fairlead-witness';

/**
 * A Fairlead that lives through the whole run, so that its memory and handles can be looked at: it reads a namespace of the cluster and a
 * folder, writes to both, has its ledger and what was last known on a small disk, limits of its own, and a listener with TLS.
 */
export interface Witness {
  readonly fairlead: Fairlead;
  readonly poller: Poller;
  /** Of manifests. */
  readonly folder: string;
  readonly disk: SmallDisk;
  /** Another certificate of the listener, and another authority of clients. */
  rotateCertificates(): void;
  rotateToken(): Promise<void>;
  /** To a server that has been started again. */
  reissueToken(): Promise<void>;
  /** One that starts now, with a copy of the ledger. */
  startFresh(): Promise<{ readonly fairlead: Fairlead; ask(): Promise<string>; stop(): Promise<void> }>;
  stop(): Promise<void>;
}

export async function startWitness(cluster: Cluster, clock: FakedClock | undefined): Promise<Witness> {
  const cleanup = new Cleanup();
  const temp = makeTempFolder();
  cleanup.add(() => temp.remove());
  try {
    const root = temp.path;
    const folder = join(root, 'manifests');
    mkdirSync(folder);
    const disk = cleanup.keep(mountSmallDisk(join(root, 'disk')));
    let generation = 0;
    const reissueToken = (): Promise<void> => introduce(cluster, user, `witness-token-${generation}`, root);
    await reissueToken();
    let turn = 0;
    const rotateCertificates = (): void => writeCertificates(root, (turn += 1));
    rotateCertificates();
    const config = toConfig(folder, disk.path);
    const fairlead = cleanup.keep(
      await startFairlead({ cwd: root, config, through: ownLimits, env: clock?.env ?? {} }),
    );
    const poller = cleanup.keep(startPoller(fairlead.providerUrl, root));
    return {
      fairlead,
      poller,
      folder,
      disk,
      rotateCertificates,
      async rotateToken() {
        const former = `witness-token-${generation}`;
        generation += 1;
        await reissueToken();
        await cluster.server.rig('unauthorized', { token: former, on: true });
      },
      reissueToken,
      startFresh: () => startCopy(cluster, { root, folder, disk }),
      stop: () => cleanup.run(),
    };
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

function toConfig(folder: string, disk: string): Readonly<Record<string, unknown>> {
  return {
    sources: [
      { name: 'prod', kubernetes: { kubeconfig: './kubeconfig', namespaces: [witnessNamespace] } },
      { name: 'vms', directory: { path: folder } },
    ],
    fleets: [
      {
        name: 'default',
        addresses: ['edge.example.com'],
        ports: { tcp: { range: '21000-21029' }, udp: null, requestable: null, cooldown: '1s' },
      },
    ],
    ledger: { file: join(disk, 'ports.json') },
    lastKnownGood: join(disk, 'last-known-good'),
    leaderElection: { lease: 'fairlead-system/witness' },
    provider: { tls: { cert: './tls.crt', key: './tls.key', clientCA: './ca.crt' } },
  };
}

function writeCertificates(root: string, turn: number): void {
  const { bbsTestCom, edgeClient, unrelated, wildcardTestCom } = certificates;
  const { cert, key } = turn % 2 === 0 ? bbsTestCom : wildcardTestCom;
  const authorities = turn % 3 === 0 ? `${edgeClient.cert}\n${unrelated.cert}` : edgeClient.cert;
  for (const [name, text] of Object.entries({ 'tls.key': key, 'tls.crt': cert, 'ca.crt': authorities })) {
    writeFileSync(join(root, `${name}.new`), text);
    renameSync(join(root, `${name}.new`), join(root, name));
  }
}

interface Place {
  readonly root: string;
  readonly folder: string;
  readonly disk: SmallDisk;
}

/** It elects and writes by itself, on a copy of the ledger, as one does that is started on another machine. */
async function startCopy(cluster: Cluster, { root, folder, disk }: Place): ReturnType<Witness['startFresh']> {
  const cleanup = new Cleanup();
  const temp = makeTempFolder();
  cleanup.add(() => temp.remove());
  const cwd = temp.path;
  for (const name of ['tls.crt', 'tls.key', 'ca.crt']) copyFileSync(join(root, name), join(cwd, name));
  const ledger = join(disk.path, 'ports.json');
  if (existsSync(ledger)) copyFileSync(ledger, join(cwd, 'ports.json'));
  await introduce(cluster, 'fairlead-fresh', 'fresh-witness-token', cwd);
  const config = {
    ...toConfig(folder, disk.path),
    ledger: { file: './ports.json' },
    lastKnownGood: null,
    leaderElection: { lease: 'fairlead-system/fresh' },
  };
  const fairlead = cleanup.keep(await startFairlead({ cwd, config }));
  const poller = startPoller(fairlead.providerUrl, cwd);
  cleanup.keep(poller);
  return { fairlead, ask: () => poller.ask(), stop: () => cleanup.run() };
}
