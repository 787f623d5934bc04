// Runs in a thread of its own; see `parser-thread.ts`.
import { parentPort } from 'node:worker_threads';
import { toMaxBytes } from './limits.ts';
import type { ManifestText, WrittenObject } from './manifest-text.ts';
import { openManifest } from './open-manifest.ts';
import type { ParserAnswer, ParserRequest } from './parser-protocol.ts';

/** Values in one answer: copying them takes a few milliseconds. */
const batchValues = 4_000;

let text: ManifestText | undefined;
let next = 0;

parentPort?.on('message', (request: ParserRequest) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is for windows
  void answer(request).then((result) => parentPort?.postMessage(result));
});

async function answer(request: ParserRequest): Promise<ParserAnswer> {
  switch (request.kind) {
    case 'open':
      return open(request.absolute);
    case 'next':
      return { kind: 'objects', objects: takeBatch(text?.objects ?? []) };
    case 'locate':
      return {
        kind: 'lines',
        lines: request.wanted.map(({ place, field }) => text?.toLine(place, field) ?? { line: 1, column: 1 }),
      };
    case 'close':
      text = undefined;
      return { kind: 'closed' };
  }
}

async function open(absolute: string): Promise<ParserAnswer> {
  next = 0;
  text = undefined;
  // Nobody else waits here.
  const opening = await openManifest(absolute, toMaxBytes(absolute), () => undefined);
  if (opening.kind === 'unreadable') return opening;
  if (opening.kind === 'fault') return { kind: 'opened', fault: opening.fault, notes: [] };
  ({ text } = opening);
  return { kind: 'opened', notes: text.notes, ...(text.fault && { fault: text.fault }) };
}

function takeBatch(objects: readonly WrittenObject[]): readonly WrittenObject[] {
  const batch: WrittenObject[] = [];
  let values = 0;
  while (next < objects.length && values < batchValues) {
    const object = objects[next];
    if (object !== undefined) batch.push(object);
    values += object?.values ?? 0;
    next += 1;
  }
  return batch;
}
