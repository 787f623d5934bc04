import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Page } from '../../../model/listing.ts';
import { ask, AskError } from './ask.ts';

/** A list is read in blocks of so many rows; so many of them are kept. */
export const blockRows = 50;
const mostBlocks = 8;

export interface Blocks<T> {
  /** Undefined until it is known. */
  readonly total: number | undefined;
  readonly error: AskError | undefined;
  /** Undefined while it is being read. */
  readonly row: (index: number) => T | undefined;
  /** These rows are to be seen. */
  readonly want: (first: number, last: number) => void;
}

interface Held<T> {
  readonly path: string;
  readonly total: number | undefined;
  readonly blocks: ReadonlyMap<number, readonly T[]>;
  readonly error?: AskError;
}

/** The list at an address, read as far as it is looked at. While another one is read, the former one stays. */
export function useBlocks<T>(path: string, version: string): Blocks<T> {
  const [held, setHeld] = useState<Held<T>>({ path, total: undefined, blocks: new Map() });
  const [range, setRange] = useState<readonly [number, number]>([0, 0]);
  const asked = useRef({ key: '', blocks: new Set<number>() });
  const control = useRef<AbortController | undefined>(undefined);
  const key = `${path} ${version}`;
  useEffect(() => {
    control.current = new AbortController();
    asked.current = { key, blocks: new Set() };
    return () => control.current?.abort();
  }, [key]);
  useEffect(() => {
    const { signal } = control.current ?? new AbortController();
    for (let block = range[0]; block <= range[1]; block += 1) {
      if (asked.current.blocks.has(block)) continue;
      asked.current.blocks.add(block);
      const url = `${path}${path.includes('?') ? '&' : '?'}offset=${block * blockRows}&limit=${blockRows}`;
      ask<Page<T>>(url, signal).then(
        ({ total, rows }) => setHeld((last) => put(last, path, block, rows, total)),
        (error: unknown) => {
          if (signal.aborted) return;
          asked.current.blocks.delete(block);
          const told = error instanceof AskError ? error : new AskError(String(error));
          setHeld((last) => ({ ...last, error: told }));
        },
      );
    }
    for (const block of asked.current.blocks)
      if (block < range[0] - mostBlocks || block > range[1] + mostBlocks) asked.current.blocks.delete(block);
  }, [path, key, range]);
  const want = useCallback((first: number, last: number) => {
    const next = [Math.floor(first / blockRows), Math.floor(last / blockRows)] as const;
    setRange((now) => (now[0] === next[0] && now[1] === next[1] ? now : next));
  }, []);
  const row = (index: number): T | undefined =>
    held.blocks.get(Math.floor(index / blockRows))?.[index % blockRows];
  return { total: held.total, error: held.error, row, want };
}

/** With another block; those far from it are let go. Blocks of another list do not stay beside it. */
function put<T>(last: Held<T>, path: string, block: number, rows: readonly T[], total: number): Held<T> {
  const blocks = new Map(last.path === path ? last.blocks : []);
  blocks.set(block, rows);
  for (const each of blocks.keys()) if (Math.abs(each - block) > mostBlocks) blocks.delete(each);
  return { path, total, blocks };
}
