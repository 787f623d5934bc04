import { isObject, type RawObject } from '../lib/raw-object.ts';
import { toStatusError, type KubeError } from './kube-error.ts';

/** One line of a watch, as the API conventions of Kubernetes describe it. */
export type WatchEvent =
  | { readonly kind: 'set'; readonly raw: RawObject; readonly version: string }
  | { readonly kind: 'delete'; readonly raw: RawObject; readonly version: string }
  /** Nothing changed up to this version. */
  | { readonly kind: 'bookmark'; readonly version: string }
  | { readonly kind: 'error'; readonly error: KubeError };

/** Reads one line. @throws SyntaxError when it is no watch event: then what it would have said is lost. */
export function toWatchEvent(line: string): WatchEvent {
  const parsed = parseJson(line);
  const raw = isObject(parsed) ? parsed['object'] : undefined;
  if (!isObject(parsed) || !isObject(raw)) throw new SyntaxError('a line of the watch is no event');
  const { type } = parsed;
  if (type === 'ERROR') return { kind: 'error', error: toStatusError(raw, 500) };
  const metadata = isObject(raw['metadata']) ? raw['metadata'] : {};
  const version = metadata['resourceVersion'];
  if (typeof version !== 'string' || version === '')
    throw new SyntaxError('an event of the watch has no version');
  if (type === 'BOOKMARK') return { kind: 'bookmark', version };
  if (type === 'ADDED' || type === 'MODIFIED') return { kind: 'set', raw, version };
  if (type === 'DELETED') return { kind: 'delete', raw, version };
  throw new SyntaxError('an event of the watch has an unknown type');
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // Not the message of the parser: it shows a piece of the line, which may be that of a Secret.
    throw new SyntaxError('a line of the watch is no JSON');
  }
}
