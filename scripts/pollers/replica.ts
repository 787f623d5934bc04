import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from '../../test/e2e/support/eventually.ts';
import { startFairlead, type Fairlead } from '../../test/e2e/support/fairlead.ts';

const probe = fileURLToPath(new URL('loop-delay-probe.mjs', import.meta.url));

/** Of one process since the last look; times in milliseconds, memory in MB. */
export interface LoopFigures {
  readonly max: number;
  readonly p99: number;
  readonly rss: number;
}

/** A Fairlead whose event loop is watched from inside. */
export interface Replica {
  readonly fairlead: Fairlead;
  /** Its working directory. */
  readonly root: string;
  /** Where it is polled. */
  readonly url: string;
  /** How long its event loop was blocked since the last look. */
  look(): Promise<LoopFigures>;
  readRevision(): Promise<string>;
  stop(): Promise<void>;
}

/** Starts one that serves a folder of manifests. `root` is a folder that it has for itself. */
export async function startReplica(root: string, manifests: string): Promise<Replica> {
  mkdirSync(root);
  const file = join(root, 'figures.json');
  const fairlead = await startFairlead({
    cwd: root,
    config: {
      sources: [{ name: 'bench', directory: { path: manifests } }],
      fleets: [{ ports: { tcp: { range: '20000-20001' }, udp: null } }],
      ledger: { file: join(root, 'ports.json') },
    },
    env: { NODE_OPTIONS: `--import=${probe}`, LOOP_DELAY_FILE: file },
  });
  const url = `${fairlead.providerUrl}/traefik/default`;
  return {
    fairlead,
    root,
    url,
    async look() {
      rmSync(file, { force: true });
      process.kill(fairlead.pid, 'SIGUSR2');
      const text = await eventually(
        'the process says how it is',
        5_000,
        () => existsSync(file) && (readFileSync(file, 'utf8') || undefined),
      );
      const { max, p99, rss } = JSON.parse(text);
      return { max, p99, rss: rss / 1e6 };
    },
    async readRevision() {
      const response = await fetch(url, { method: 'HEAD' });
      return response.headers.get('x-fairlead-revision') ?? '';
    },
    stop: () => fairlead.stop(),
  };
}
