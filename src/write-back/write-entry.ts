import { toObjectKey, type ObjectKey } from '../model/object-ref.ts';
import { BackOff, type BackOffSettings } from '../lib/back-off.ts';
import type { Right } from './missing-rights.ts';
import type { Write } from './write.ts';

/** An object and a kind of write: different ones are made without regard to each other. */
export type EntryKey = `${ObjectKey} ${Write['kind']}`;

export function toEntryKey({ ref, kind }: Write): EntryKey {
  return `${toObjectKey(ref)} ${kind}`;
}

/** What is to be written, for comparison: on what it was planned is no part of it. */
export function toText(write: Write): string {
  return JSON.stringify({ ...write, base: undefined });
}

/** One kind of write of an object, from the first one until nothing has happened to it for a while. */
export interface WriteEntry {
  readonly key: EntryKey;
  readonly backOff: BackOff;
  /** What is to be written; undefined when nothing is. */
  wanted: { readonly write: Write; readonly text: string } | undefined;
  running: boolean;
  /** Somebody else has written the object since it was planned, which is not to be seen yet. */
  isStale: boolean;
  timer: NodeJS.Timeout | undefined;
  /** What was written last, and when. */
  done: { readonly text: string; readonly at: number; readonly seen: boolean } | undefined;
  /** How often in a row that has been undone by somebody. */
  undone: number;
  /** How often in a row that has not been seen in time. */
  unseen: number;
  /** The right that was missing. */
  lack: Right | undefined;
  /** What failed last, and has been logged. */
  complaint: string;
}

export function createEntry(key: EntryKey, backOff: BackOffSettings): WriteEntry {
  return {
    key,
    backOff: new BackOff(backOff),
    wanted: undefined,
    running: false,
    isStale: false,
    timer: undefined,
    done: undefined,
    undone: 0,
    unseen: 0,
    lack: undefined,
    complaint: '',
  };
}

/** The object is as it should be, so that what was written has been seen. */
export function settle(entry: WriteEntry): void {
  clearTimeout(entry.timer);
  entry.wanted = undefined;
  entry.lack = undefined;
  if (entry.done !== undefined) entry.done = { ...entry.done, seen: true };
}
