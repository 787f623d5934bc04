import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import type { SourceObject } from '../model/objects.ts';
import type { UnreadKinds } from '../model/unread-kinds.ts';
import { isKind } from '../kinds/index.ts';
import { toLabelPairs } from '../kinds/service.ts';
import { openRegularFile } from '../lib/read-regular-file.ts';

const fileKind = 'FairleadLastKnownGood';
const header = z.strictObject({
  kind: z.literal(fileKind),
  version: z.literal(1),
  source: z.string(),
  objects: z.int(),
  saved: z.string(),
  /** The kinds of which nothing was known then. */
  unread: z.array(z.string()).optional(),
});

/** What a file of `lastKnownGood` holds. */
export interface Kept {
  readonly saved: string;
  readonly unread: ReadonlySet<string>;
  readonly objects: readonly SourceObject[];
}

/** As a line has it. Labels of a Service are a record, as they always were there: whoever goes back to an older version loses no pool by that. */
type KeptObject = SourceObject & { readonly labels?: Readonly<Record<string, string>> };

/** Read line by line; 100,000 endpoints are a hundredth of it. */
const maxBytes = 2 * 1024 ** 3;
/** Objects between two breaths of the event loop, in reading and in writing. */
const batchSize = 200;

/** The lines of such a file. */
export async function* toLines(
  source: string,
  objects: readonly SourceObject[],
  unread: UnreadKinds,
): AsyncGenerator<string> {
  const head: z.infer<typeof header> = {
    kind: fileKind,
    version: 1,
    source,
    objects: objects.length,
    saved: new Date().toISOString(),
    ...(unread.length > 0 && { unread: [...unread] }),
  };
  yield `${JSON.stringify(head)}\n`;
  for (let start = 0; start < objects.length; start += batchSize) {
    yield objects
      .slice(start, start + batchSize)
      .map((object) => `${JSON.stringify(toKeptObject(object))}\n`)
      .join('');
    await nextTurn();
  }
}

/** Reads such a file. @throws Error when the file is missing, of another source, or not whole. */
export async function readKept(file: string, source: string): Promise<Kept> {
  const handle = await openRegularFile(file, maxBytes);
  try {
    const objects: SourceObject[] = [];
    let count = 0;
    let head: z.infer<typeof header> | undefined;
    for await (const line of handle.readLines({ encoding: 'utf8' })) {
      if (head === undefined) {
        head = header.parse(JSON.parse(line));
        continue;
      }
      // Written by this program, whole or not at all, and readable by nobody else.
      const object = JSON.parse(line) as KeptObject;
      // A later version may have written it, which knows more kinds.
      if (isKind(object.kind)) objects.push(toObject(object));
      count += 1;
      if (count % batchSize === 0) await nextTurn();
    }
    if (head?.source !== source || head.objects !== count)
      throw new Error(`${file} is not the whole state of source ${source}`);
    return { saved: head.saved, unread: new Set(head.unread), objects };
  } finally {
    await handle.close();
  }
}

function toKeptObject(object: SourceObject): KeptObject {
  if (object.kind !== 'Service' || object.labelPairs === undefined) return object;
  const { labelPairs, ...rest } = object;
  return { labels: Object.fromEntries(labelPairs.map(cutPair)), ...rest };
}

function cutPair(pair: string): readonly [string, string] {
  const at = pair.indexOf('=');
  return [pair.slice(0, at), pair.slice(at + 1)];
}

function toObject(kept: KeptObject): SourceObject {
  if (kept.kind !== 'Service' || kept.labels === undefined) return kept;
  const { labels, ...rest } = kept;
  return { labelPairs: toLabelPairs(Object.entries(labels)), ...rest };
}
