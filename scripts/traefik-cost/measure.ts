import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readFileSync, writeFileSync } from 'node:fs';
import { Cleanup, makeTempFolder } from '../../test/e2e/support/cleanup.ts';
import { eventually } from '../../test/e2e/support/eventually.ts';
import { projectRoot, startFairlead, type Fairlead } from '../../test/e2e/support/fairlead.ts';
import { toCertificateSecret } from '../../test/e2e/support/manifests.ts';
import { readCpuMs, readPeakMb, readResidentMb } from '../../test/e2e/support/process-figures.ts';
import { startTraefik } from '../../test/e2e/support/traefik.ts';
import { readStaticConfig } from '../../test/e2e/support/world.ts';
import { untilApplied } from '../bench-world/until-applied.ts';
import { writeManifests, type ManifestFolder, type Size } from '../bench-world/manifests.ts';

/** What a Traefik is measured with. */
export interface Shape extends Size {
  /** `provider.shards`. */
  readonly shards: number;
}

/** The environment of a Traefik: what the runtime of Go reads of it. */
export type GoSettings = Readonly<Record<string, string>>;

/** Of one Traefik; memory in MB. */
export interface TraefikFigures {
  readonly bytes: number;
  /** Processor time of one change, in milliseconds. */
  readonly cpu: number;
  readonly resident: number;
  readonly peak: number;
}

/** A Fairlead that serves documents of one shape, to one Traefik after the other. */
export interface Bench {
  measure(settings: GoSettings): Promise<TraefikFigures>;
  stop(): Promise<void>;
}

const changes = 8;
const quietMs = 1_500;

export async function startBench({ shards, ...size }: Shape): Promise<Bench> {
  const cleanup = new Cleanup();
  const root = makeTempFolder();
  cleanup.add(() => root.remove());
  const folder = writeManifests(root.path, size);
  writeFileSync(
    join(folder.path, 'certificate.yaml'),
    toCertificateSecret('edge', 'edge', readCertificate()),
  );
  // Without a certificate Traefik makes itself one at each change, which costs more than a small document.
  const fleet = {
    defaultCertificate: { secret: 'edge/edge' },
    ports: { tcp: { range: '20000-20001' }, udp: null },
  };
  const fairlead = cleanup.keep(
    await startFairlead({
      cwd: root.path,
      config: {
        sources: [{ name: 'bench', directory: { path: folder.path } }],
        fleets: [fleet],
        provider: { shards },
        ledger: { file: join(root.path, 'ports.json') },
      },
    }),
  );
  let generation = 0;
  const change = async (): Promise<string> => publish(fairlead, folder, ++generation);
  return {
    measure: (settings) => measure(fairlead, root.path, settings, change),
    stop: () => cleanup.run(),
  };
}

function readCertificate(): { readonly cert: string; readonly key: string } {
  return { cert: readFixture('wildcard-test-com.crt'), key: readFixture('wildcard-test-com.key') };
}

function readFixture(name: string): string {
  return readFileSync(join(projectRoot, 'test/e2e/fixtures', name), 'utf8');
}

function toUrl({ providerUrl }: Fairlead): string {
  return `${providerUrl}/traefik/default`;
}

async function readRevision(fairlead: Fairlead): Promise<string> {
  const response = await fetch(toUrl(fairlead), { method: 'HEAD' });
  return response.headers.get('x-fairlead-revision') ?? '';
}

/** Changes the endpoints of one Service; returns the revision that has them. */
async function publish(fairlead: Fairlead, folder: ManifestFolder, generation: number): Promise<string> {
  const before = await readRevision(fairlead);
  folder.change(generation);
  return eventually('it is published', 60_000, async () => {
    const now = await readRevision(fairlead);
    return now !== before && now;
  });
}

async function measure(
  fairlead: Fairlead,
  cwd: string,
  env: GoSettings,
  change: () => Promise<string>,
): Promise<TraefikFigures> {
  const staticConfig = await readStaticConfig(fairlead, cwd);
  const traefik = await startTraefik({ staticConfig, logLevel: 'ERROR', env });
  try {
    await untilApplied(traefik, await readRevision(fairlead));
    await sleep(quietMs);
    const before = readCpuMs(traefik.pid);
    for (let each = 0; each < changes; each++) {
      await untilApplied(traefik, await change());
      // What is collected of the former state belongs to the change.
      await sleep(quietMs);
    }
    const cpu = (readCpuMs(traefik.pid) - before) / changes;
    const body = await (await fetch(toUrl(fairlead))).arrayBuffer();
    const { pid } = traefik;
    return { bytes: body.byteLength, cpu, resident: readResidentMb(pid), peak: readPeakMb(pid) };
  } finally {
    await traefik.stop();
  }
}
