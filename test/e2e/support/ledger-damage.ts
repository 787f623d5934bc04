import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Cluster } from './cluster.ts';
import { eventually } from './eventually.ts';

const schema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ resourceVersion: z.string() }),
      data: z.record(z.string(), z.string()).default({}),
    }),
  ),
});
type Ledger = z.infer<typeof schema>['items'][number];

/** What may happen to a text that is edited by hand. */
const damages: readonly ((text: string) => string)[] = [
  (text) => text.slice(0, text.length / 2),
  (text) => text.replace('{', '{,'),
  () => '{}',
];

/**
 * Damages the ledger of a cluster by hand, does `meanwhile`, and puts back what stood there. Nobody may write over a damaged
 * ledger: it rejects when somebody did. Does nothing when there is no ledger.
 */
export async function damageLedger(
  cluster: Cluster,
  choice: number,
  meanwhile: () => Promise<unknown>,
): Promise<void> {
  const damage = damages[choice % damages.length];
  if (damage === undefined) return;
  // The leader may write in between.
  const former = await eventually('the ledger is damaged', 10_000, async () => {
    const ledger = await readLedger(cluster);
    if (ledger === undefined) return 'absent';
    await patchLedger(cluster, ledger, mapText(ledger.data, damage));
    return ledger;
  });
  if (former === 'absent') return;
  await meanwhile();
  await sleep(500);
  const damaged = await readLedger(cluster);
  if (!isDeepStrictEqual(damaged?.data, mapText(former.data, damage)))
    throw new Error(`the damaged ledger was written over: ${JSON.stringify(damaged)}`);
  if (damaged !== undefined) await patchLedger(cluster, damaged, former.data);
}

function mapText(
  data: Readonly<Record<string, string>>,
  change: (text: string) => string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(data).map(([key, text]) => [key, change(text)]));
}

async function readLedger(cluster: Cluster): Promise<Ledger | undefined> {
  const which = ['--field-selector', 'metadata.name=fairlead-ports'];
  const text = await cluster.kubectl('-n', 'fairlead-system', 'get', 'cm', ...which, '-o', 'json');
  return schema.parse(JSON.parse(text)).items[0];
}

/** Rejects when the ledger has changed since it was read. */
async function patchLedger(
  cluster: Cluster,
  { metadata: { resourceVersion } }: Ledger,
  data: Readonly<Record<string, string>>,
): Promise<void> {
  const patch = JSON.stringify({ metadata: { resourceVersion }, data });
  const what = ['cm', 'fairlead-ports', '--type=merge', '-p', patch];
  await cluster.kubectl('-n', 'fairlead-system', 'patch', ...what);
}
