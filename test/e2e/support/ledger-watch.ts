import { get, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Cluster } from './cluster.ts';

/** Looks at every version of the ledger in a cluster, not only at those that last. */
export interface LedgerWatch {
  /** Versions seen so far. */
  readonly versions: number;
  /** Ports with two holders, ports given twice, and ports that went from one holder to another without a cooldown, in words. */
  readonly faults: readonly string[];
  stop(): Promise<void>;
}

const eventSchema = z.object({
  type: z.string(),
  object: z.looseObject({ data: z.record(z.string(), z.string()).optional() }),
});
const entrySchema = z.looseObject({
  port: z.number(),
  protocols: z.array(z.string()),
  state: z.enum(['held', 'cooling']),
  kind: z.string(),
  namespace: z.string(),
  name: z.string(),
  listener: z.string().optional(),
  servicePort: z.number(),
  since: z.string().optional(),
  freed: z.string().optional(),
});
const ledgerSchema = z.object({ entries: z.array(entrySchema) });
type Entry = z.infer<typeof entrySchema>;

const path =
  '/api/v1/namespaces/fairlead-system/configmaps?watch=1&fieldSelector=metadata.name%3Dfairlead-ports';

/** Starts to look. A ledger that was deleted says nothing about what comes after it. */
export function watchLedger(cluster: Cluster, cooldownMs: number): LedgerWatch {
  const faults: string[] = [];
  const stop = new AbortController();
  let versions = 0;
  let last = new Map<string, Entry>();
  const see = (line: string): void => {
    const { type, object } = eventSchema.parse(JSON.parse(line));
    if (type !== 'ADDED' && type !== 'MODIFIED') {
      last = new Map();
      return;
    }
    versions += 1;
    const entries = toEntries(Object.values(object.data ?? {})[0] ?? '');
    if (entries === undefined) return;
    const next = toSlots(entries, faults);
    for (const [slot, entry] of next) findHaste(slot, last.get(slot), entry, cooldownMs, faults);
    last = next;
  };
  const run = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await readLines(`${cluster.httpUrl}${path}`, see, stop.signal).catch(() => sleep(50));
      // What came between two watches is not known.
      last = new Map();
    }
  };
  const running = run();
  return {
    get versions() {
      return versions;
    },
    faults,
    async stop() {
      stop.abort();
      await running;
    },
  };
}

/** Undefined when it is damaged: that says nothing, and who holds what stays as it was. */
function toEntries(text: string): readonly Entry[] | undefined {
  try {
    return ledgerSchema.parse(JSON.parse(text)).entries;
  } catch {
    return undefined;
  }
}

function toHolder({ kind, namespace, name, listener, servicePort }: Entry): string {
  return `${kind}/${namespace}/${name}:${listener ?? servicePort}`;
}

function toSlots(entries: readonly Entry[], faults: string[]): Map<string, Entry> {
  const slots = new Map<string, Entry>();
  for (const entry of entries) {
    for (const protocol of entry.protocols) {
      const slot = `${entry.port}/${protocol}`;
      const other = slots.get(slot);
      if (other !== undefined) faults.push(`${slot} is of ${toHolder(other)} and of ${toHolder(entry)}`);
      slots.set(slot, entry);
    }
  }
  return slots;
}

function findHaste(
  slot: string,
  former: Entry | undefined,
  entry: Entry,
  cooldownMs: number,
  faults: string[],
): void {
  if (former === undefined || entry.state !== 'held') return;
  if (toHolder(former) === toHolder(entry)) {
    // Two that write without knowing of each other would both give it to the same one.
    if (former.state === 'held' && former.since !== entry.since)
      faults.push(`${slot} was given to ${toHolder(entry)} twice, at ${former.since} and ${entry.since}`);
    return;
  }
  // A rest protects other tenants: the object that had it may have it again, also for another of its ports.
  if (former.kind === entry.kind && former.namespace === entry.namespace && former.name === entry.name)
    return;
  const cooledMs = former.freed === undefined ? 0 : Date.now() - Date.parse(former.freed);
  if (former.state === 'held' || cooledMs < cooldownMs)
    faults.push(
      `${slot} went from ${toHolder(former)} to ${toHolder(entry)} after a cooldown of ${cooledMs} ms`,
    );
}

async function readLines(url: string, see: (line: string) => void, signal: AbortSignal): Promise<void> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { signal }, resolve).once('error', reject);
  });
  for await (const line of createInterface({ input: response })) see(line);
}
