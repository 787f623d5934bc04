import { isObject, type RawObject } from '../lib/raw-object.ts';
import { KubeError } from './kube-error.ts';
import { ListText } from './list-text.ts';

/** What one page says of the list. */
export interface PageEnd {
  readonly version: string;
  /** Where the next page begins; empty after the last one. */
  readonly next: string;
}

/** So many items are parsed and taken at a time: two or three milliseconds of work. */
const pieceSize = 50;

/** Hands over the items of a page, some in each turn. Rejects with a `KubeError` when the text is no list. */
export async function readPage(
  text: string,
  take: (items: readonly unknown[]) => void,
  turn: <T>(work: () => T) => Promise<T>,
): Promise<PageEnd> {
  const page = await turn(() => parsed(() => new ListText(text)));
  for (let count = -1; count !== 0;) {
    count = await turn(() => {
      const items = parsed(() => page.take(pieceSize));
      if (items.length > 0) take(items);
      return items.length;
    });
  }
  const list = parsed(() => page.rest());
  const { items } = list;
  // An empty list may be null in JSON. Anything else that is no list would look like a cluster without objects.
  if (!Array.isArray(items) && items !== null) throw toBadAnswer('it has no items');
  return toPageEnd(list);
}

/** Does the work at once. */
export function runNow<T>(work: () => T): Promise<T> {
  return Promise.resolve().then(work);
}

function toPageEnd(list: RawObject): PageEnd {
  const metadata = isObject(list['metadata']) ? list['metadata'] : {};
  const { resourceVersion, continue: next } = metadata;
  if (typeof resourceVersion !== 'string') throw toBadAnswer('it has no version');
  return { version: resourceVersion, next: typeof next === 'string' ? next : '' };
}

function parsed<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    // The message of the parser would show a piece of the text, which may be that of a Secret.
    if (error instanceof SyntaxError) throw toBadAnswer('it is no JSON');
    throw error;
  }
}

function toBadAnswer(why: string): KubeError {
  return new KubeError(0, 'BadAnswer', `the answer is no list of Kubernetes objects: ${why}`);
}
