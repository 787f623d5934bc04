import type { ObjectKey } from '../model/object-ref.ts';
import { BackOff, type BackOffSettings } from '../lib/back-off.ts';
import type { Right } from './missing-rights.ts';
import type { Write } from './write.ts';

/** One object, from its first write until nothing has happened to it for a while. */
export interface WriteEntry {
  readonly key: ObjectKey;
  readonly backOff: BackOff;
  /** What is to be written; undefined when nothing is. */
  wanted: { readonly write: Write; readonly text: string } | undefined;
  running: boolean;
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

export function createEntry(key: ObjectKey, backOff: BackOffSettings): WriteEntry {
  return {
    key,
    backOff: new BackOff(backOff),
    wanted: undefined,
    running: false,
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
