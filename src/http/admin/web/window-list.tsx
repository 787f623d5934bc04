import type { ComponentChildren, TargetedFocusEvent, TargetedKeyboardEvent } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useBlocks } from './use-blocks.ts';
import { useNarrow } from './use-narrow.ts';

export interface WindowListProps<T> {
  /** What the list is, for who cannot see it. */
  readonly label: string;
  readonly path: string;
  readonly version: string;
  /** In pixels, on a wide screen and on a narrow one. */
  readonly rowHeight: readonly [number, number];
  /** A row; the index goes to its `Link`, and exactly one row may be reached by Tab. */
  readonly row: (row: T, index: number, tabIndex: number) => ComponentChildren;
  readonly onTotal?: (total: number) => void;
  /** What stands there when nothing was found. */
  readonly empty: ComponentChildren;
}

/** So many rows above and below what is seen are there too. */
const spare = 6;

/** A list of any length, of which only that part is in the document that is seen. */
export function WindowList<T>(props: WindowListProps<T>) {
  const { label, path, version, row, onTotal, empty } = props;
  const height = props.rowHeight[useNarrow() ? 1 : 0];
  const { total, error, row: rowAt, want } = useBlocks<T>(path, version);
  const list = useRef<HTMLOListElement>(null);
  const [first, last] = useSeen(list, height, total ?? 0);
  const keys = useArrows(list, height, total ?? 0);
  useEffect(() => want(first, last), [want, first, last]);
  useEffect(() => {
    if (total !== undefined) onTotal?.(total);
  }, [total, onTotal]);
  if (error !== undefined && total === undefined) return <p class="empty">{error.message}.</p>;
  if (total === undefined) return <p class="empty">Reading…</p>;
  if (total === 0) return <div class="empty">{empty}</div>;
  const reachable = Math.min(Math.max(keys.active, first), last);
  const shown = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
  return (
    <ol
      class="rows"
      ref={list}
      aria-label={label}
      style={{ height: `${total * height}px` }}
      onKeyDown={keys.onKeyDown}
      onFocusIn={keys.onFocus}
    >
      {shown.map((index) => {
        const found = rowAt(index);
        return (
          <li
            key={index}
            aria-setsize={total}
            aria-posinset={index + 1}
            style={{ top: `${index * height}px`, height: `${height}px` }}
          >
            {found === undefined ? (
              <span class="pending">…</span>
            ) : (
              row(found, index, index === reachable ? 0 : -1)
            )}
          </li>
        );
      })}
    </ol>
  );
}

/** The first and the last row that are on the screen. */
function useSeen(
  list: { readonly current: HTMLOListElement | null },
  height: number,
  total: number,
): readonly [number, number] {
  const [seen, setSeen] = useState<readonly [number, number]>([0, 30]);
  useEffect(() => {
    let frame = 0;
    const look = (): void => {
      frame = 0;
      const top = -(list.current?.getBoundingClientRect().top ?? 0);
      const from = Math.max(0, Math.floor(top / height) - spare);
      const to = Math.ceil((top + innerHeight) / height) + spare;
      setSeen((last) => (last[0] === from && last[1] === to ? last : [from, to]));
    };
    const later = (): void => {
      frame ||= requestAnimationFrame(look);
    };
    look();
    addEventListener('scroll', later, { passive: true });
    addEventListener('resize', later);
    return () => {
      cancelAnimationFrame(frame);
      removeEventListener('scroll', later);
      removeEventListener('resize', later);
    };
  }, [list, height, total]);
  // A list that has become shorter ends before what was seen of it.
  const lastRow = Math.max(0, total - 1);
  return [Math.min(seen[0], lastRow), Math.min(seen[1], lastRow)];
}

interface Arrows {
  readonly active: number;
  readonly onKeyDown: (event: TargetedKeyboardEvent<HTMLElement>) => void;
  readonly onFocus: (event: TargetedFocusEvent<HTMLElement>) => void;
}

/** The arrow keys go from row to row, also to those that are not there yet. */
function useArrows(
  list: { readonly current: HTMLOListElement | null },
  height: number,
  total: number,
): Arrows {
  const [active, setActive] = useState(0);
  const wanted = useRef<number | undefined>(undefined);
  const find = (index: number): HTMLElement | null =>
    list.current?.querySelector<HTMLElement>(`[data-index="${index}"]`) ?? null;
  // What was not there when it was asked for may be now.
  useEffect(() => {
    if (wanted.current === undefined) return;
    const target = find(wanted.current);
    if (target === null) return;
    wanted.current = undefined;
    target.focus({ preventScroll: true });
  });
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>): void => {
    const page = Math.max(1, Math.floor(innerHeight / height) - 3);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + page,
      PageUp: active - page,
      Home: 0,
      End: total - 1,
    };
    const step = steps[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const next = Math.min(Math.max(step, 0), total - 1);
    setActive(next);
    wanted.current = next;
    bringIntoView(list.current, next * height, height);
    find(next)?.focus({ preventScroll: true });
  };
  const onFocus = (event: TargetedFocusEvent<HTMLElement>): void => {
    const index = event.target instanceof HTMLElement ? event.target.dataset['index'] : undefined;
    if (index !== undefined) setActive(Number(index));
  };
  return { active, onKeyDown, onFocus };
}

/** What lies over the list at the top. */
const headPixels = 120;

function bringIntoView(list: HTMLElement | null, top: number, height: number): void {
  const start = (list?.getBoundingClientRect().top ?? 0) + top;
  if (start < headPixels) scrollBy(0, start - headPixels);
  else if (start + height > innerHeight) scrollBy(0, start + height - innerHeight + 8);
}
