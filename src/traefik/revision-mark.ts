/**
 * The name of the middleware that tells which answer a Traefik has applied. Nothing uses it; the API of Traefik shows it. No object's key
 * lacks a `_`.
 */
export const revisionMark = 'revision';

/** Where the revision stands in it, and in answers to those that poll. */
export const revisionHeader = 'X-Fairlead-Revision';

/**
 * A document with its revision in it, in pieces: what stands around the mark is new, and all after that are the given ones.
 * @param pieces As `Fragments` makes them: without white space, sections in order.
 */
export function markRevision(pieces: readonly Buffer[], revision: string): readonly Buffer[] {
  const member = `"${revisionMark}":{"headers":{"customResponseHeaders":{"${revisionHeader}":"${revision}"}}}`;
  const [head, others] = cutHead(pieces);
  for (const [start, open, close] of forms) {
    if (!head.subarray(0, start.length).equals(Buffer.from(start))) continue;
    const rest = head.subarray(start.length);
    // An empty map has no member that a comma could stand before.
    const comma = rest[0] === '}'.charCodeAt(0) ? '' : ',';
    return [Buffer.from(`${start}${open}${member}${close}${comma}`), rest, ...others];
  }
  return pieces;
}

/** What is enough of a document to know how it begins, and the pieces after that. */
function cutHead(pieces: readonly Buffer[]): readonly [Buffer, readonly Buffer[]] {
  let [count, length] = [0, 0];
  while (count < pieces.length && length <= longestForm) length += pieces[count++]?.length ?? 0;
  return [Buffer.concat(pieces.slice(0, count)), pieces.slice(count)];
}

/** How a document may begin, the longest first, and what stands around the mark then. */
const forms = [
  ['{"http":{"middlewares":{', '', ''],
  ['{"http":{', '"middlewares":{', '}'],
  ['{', '"http":{"middlewares":{', '}}'],
] as const;

const longestForm = forms[0][0].length;

/** The revision in a middleware as the API of Traefik shows it; undefined when it is none of ours. */
export function readRevision(middleware: unknown): string | undefined {
  const headers = get(middleware, 'headers');
  const revision = get(get(headers, 'customResponseHeaders'), revisionHeader);
  return typeof revision === 'string' && /^[0-9a-f]{1,64}$/.test(revision) ? revision : undefined;
}

function get(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
