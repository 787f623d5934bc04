import type { LineAndColumn } from '../../lib/text-lines.ts';
import type { TimeSlice } from '../../lib/time-slice.ts';
import { toMaxBytes, toSmallBytes } from './limits.ts';
import type { TextFault, WrittenObject } from './manifest-text.ts';
import { openManifest, toFault } from './open-manifest.ts';
import type { WantedLine } from './parser-protocol.ts';
import { ParserLostError, ParserThread, type AskParser } from './parser-thread.ts';

/** A file that has been read and taken apart. It does not change any more. */
export interface OpenedFile {
  readonly kind: 'opened';
  /** What keeps it from being used; then its objects are not asked for. */
  readonly fault?: TextFault;
  /** What it works without, but is not as it was meant. */
  readonly notes: readonly TextFault[];
  objects(): AsyncGenerator<readonly WrittenObject[]>;
  locate(wanted: readonly WantedLine[]): Promise<readonly LineAndColumn[]>;
}

/** A file that cannot be read, with the code of the error. */
export interface UnreadableFile {
  readonly kind: 'unreadable';
  readonly code: string;
}

/** Opens manifest files: small ones at once, large ones in a thread. */
export class ManifestFiles {
  readonly #thread = new ParserThread();

  /** Opens a file for as long as `work` takes. Large ones wait for each other. Rejects only with what `work` rejects with. */
  async use<T>(
    { absolute, large }: { readonly absolute: string; readonly large: boolean },
    breathe: TimeSlice,
    work: (file: OpenedFile | UnreadableFile) => Promise<T>,
  ): Promise<T> {
    if (!large) {
      const file = await openHere(absolute, breathe);
      // It has grown since it was looked at.
      if (file.kind !== 'unreadable' || file.code !== 'TOO_LARGE') return work(file);
    }
    try {
      return await this.#thread.use(async (ask) => {
        const result = await work(await openThere(absolute, ask));
        await ask({ kind: 'close' });
        return result;
      });
    } catch (error) {
      if (!(error instanceof ParserLostError)) throw error;
      const message = `The file is too much to read: the thread that reads it ${error.message}.`;
      return work(toBroken(toFault(message, 'Split it into several files.')));
    }
  }

  /** Ends the thread, if there is one. */
  close(): void {
    this.#thread.close();
  }
}

async function openHere(absolute: string, breathe: TimeSlice): Promise<OpenedFile | UnreadableFile> {
  const opening = await openManifest(absolute, toSmallBytes(absolute), breathe);
  switch (opening.kind) {
    case 'unreadable':
      return opening;
    case 'fault':
      return toBroken(opening.fault);
    case 'text': {
      const { text } = opening;
      return {
        kind: 'opened',
        notes: text.notes,
        ...(text.fault && { fault: text.fault }),
        async *objects() {
          yield text.objects;
        },
        locate: (wanted) => Promise.resolve(wanted.map(({ place, field }) => text.toLine(place, field))),
      };
    }
  }
}

async function openThere(absolute: string, ask: AskParser): Promise<OpenedFile | UnreadableFile> {
  const opened = await ask({ kind: 'open', absolute });
  if (opened.kind === 'unreadable') return opened.code === 'TOO_LARGE' ? toTooLarge(absolute) : opened;
  return {
    kind: 'opened',
    notes: opened.kind === 'opened' ? opened.notes : [],
    ...(opened.kind === 'opened' && opened.fault && { fault: opened.fault }),
    async *objects() {
      for (;;) {
        const batch = await ask({ kind: 'next' });
        if (batch.kind !== 'objects' || batch.objects.length === 0) return;
        yield batch.objects;
      }
    },
    async locate(wanted) {
      const answer = wanted.length === 0 ? undefined : await ask({ kind: 'locate', wanted });
      return answer?.kind === 'lines' ? answer.lines : [];
    },
  };
}

function toTooLarge(absolute: string): OpenedFile {
  const message = `The file has more than the ${toMaxBytes(absolute)} bytes that are read.`;
  const hint = 'Split it into several files, or write it as JSON, which is read up to 64 MiB.';
  return toBroken(toFault(message, hint));
}

function toBroken(fault: TextFault): OpenedFile {
  return { kind: 'opened', notes: [], fault, objects: noObjects, locate: firstLines };
}

async function* noObjects(): AsyncGenerator<readonly WrittenObject[]> {
  // There are none.
}

function firstLines(wanted: readonly WantedLine[]): Promise<readonly LineAndColumn[]> {
  return Promise.resolve(wanted.map(() => ({ line: 1, column: 1 })));
}
