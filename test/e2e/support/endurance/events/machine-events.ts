import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../eventually.ts';
import type { Random } from '../../random.ts';
import type { EventKind } from '../schedule.ts';
import { limitWatches } from '../watch-limit.ts';
import type { Witness } from '../witness.ts';
import type { EnduranceWorld } from '../world.ts';
import type { ManifestFolder } from './manifest-folder.ts';

const hourSeconds = 3_600;
/** As long as the library takes to see another time, and then some. */
const seenMs = 1_500;
const manyWatches = 100_000;
const foundMs = 20_000;
const unwatched = 'a folder cannot be watched; changes are looked for instead';
const watchedAgain = 'all folders are watched again';

/** What happens to the machine: its clock, its disk and its limits. */
export function listMachineEvents(
  world: EnduranceWorld,
  folder: ManifestFolder,
  random: Random,
): readonly EventKind[] {
  const { clock, witness } = world;
  const jumps: readonly EventKind[] =
    clock === undefined
      ? []
      : [1, -1].map((way) => ({
          name: `clock ${way > 0 ? 'forward' : 'back'} by an hour, and set right`,
          share: 1,
          async run() {
            clock.set(way * hourSeconds);
            folder.edit();
            await sleep(seenMs);
            clock.set(0);
            folder.edit();
            await sleep(seenMs);
          },
        }));
  return [
    ...jumps,
    {
      name: 'disk full',
      share: 2,
      async run() {
        witness.disk.fill();
        for (let edit = 0; edit < 3; edit += 1) folder.edit();
        await sleep(random.pick([300, 1_500]));
        witness.disk.free();
      },
    },
    { name: 'watches of folders exhausted', share: 1, run: () => exhaustWatches(world) },
  ];
}

/** What comes where nothing can be watched is to be found all the same. */
async function exhaustWatches({ witness }: EnduranceWorld): Promise<void> {
  const { adminUrl, pid } = witness.fairlead;
  const late = join(witness.folder, 'late');
  const said = countLines(witness, unwatched);
  const mended = countLines(witness, watchedAgain);
  limitWatches(pid, 0);
  try {
    mkdirSync(late);
    for (const version of ['one', 'two']) {
      writeFileSync(join(late, 'late.yaml'), toLate(version));
      await eventually(`${version} is found without a watch`, foundMs, async () => {
        const response = await fetch(`${adminUrl}/api/routes`, { headers: { connection: 'close' } });
        return (await response.text()).includes(`${version}.late.test`);
      });
    }
    limitWatches(pid, manyWatches);
    await eventually('it is watched again', foundMs, () => countLines(witness, watchedAgain) === mended + 1);
    if (countLines(witness, unwatched) !== said + 1)
      throw new Error('it was not logged once that nothing can be watched');
  } finally {
    limitWatches(pid, manyWatches);
    rmSync(late, { recursive: true, force: true });
  }
}

function countLines({ fairlead }: Witness, message: string): number {
  return fairlead.logs().split(message).length - 1;
}

function toLate(version: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'late',
      namespace: 'vms',
      annotations: { 'fairlead.dev/host': `${version}.late.test` },
    },
    spec: { ports: [{ name: 'http', port: 80, protocol: 'TCP' }] },
  });
}
