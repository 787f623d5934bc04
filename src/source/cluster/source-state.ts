import { compareText } from '../../model/object-ref.ts';
import type { UnreadKinds } from '../../model/unread-kinds.ts';
import type { SourceState } from '../source.ts';
import type { KindCondition } from '../../kubernetes/condition.ts';

/** A kind, and for how many milliseconds there has been no watch and no answer; undefined while there is a watch. */
export interface KindView {
  readonly condition: KindCondition;
  readonly outMs: number | undefined;
}

export interface SourceView {
  readonly state: SourceState;
  /** When the state may change by the passing of time alone; undefined: it will not. */
  readonly nextCheckMs: number | undefined;
}

/**
 * The state of a source from that of its kinds. Before everything has come once it is starting, whatever else is
 * wrong; later a kind that is out of reach for `staleMs` makes it stale. Kinds that are done without do neither. `previous` keeps the beginning of that.
 */
export function toSourceState(
  kinds: readonly KindView[],
  staleMs: number,
  previous: SourceState,
  now: Date,
): SourceView {
  const missing = kinds.filter(({ condition }) => !condition.synced && !condition.unread);
  if (missing.length > 0) return { state: toStarting(missing), nextCheckMs: undefined };
  const read = kinds.filter(({ condition }) => !condition.unread);
  const without = toWithout(kinds);
  const out = read.filter(({ outMs }) => outMs !== undefined && outMs >= staleMs);
  const waits = read.flatMap(({ outMs }) =>
    outMs !== undefined && outMs < staleMs ? [staleMs - outMs] : [],
  );
  const nextCheckMs = waits.length === 0 ? undefined : Math.min(...waits) + 1;
  if (out.length === 0) return { state: { kind: 'synced', ...without }, nextCheckMs };
  const longest = Math.max(...out.map(({ outMs = 0 }) => outMs));
  const since = previous.kind === 'stale' ? previous.since : new Date(now.getTime() - longest).toISOString();
  return { state: { kind: 'stale', since, detail: toDetail(out), ...without }, nextCheckMs };
}

/** One that may be read in some namespaces only is not known as a whole. */
function toWithout(kinds: readonly KindView[]): { readonly unread?: UnreadKinds } {
  const unread = [...new Set(kinds.flatMap(({ condition }) => (condition.unread ? condition.kind : [])))];
  return unread.length === 0 ? {} : { unread: unread.toSorted(compareText) };
}

function toStarting(missing: readonly KindView[]): SourceState {
  const names = missing.map(({ condition }) => toName(condition)).join(', ');
  const troubles = toDetails(missing);
  return { kind: 'starting', detail: [`waiting for ${names}`, ...troubles].join('; ') };
}

function toDetail(out: readonly KindView[]): string {
  const troubles = toDetails(out);
  if (troubles.length > 0) return troubles.join(' ');
  return `no answer for ${out.map(({ condition }) => toName(condition)).join(', ')}`;
}

function toDetails(kinds: readonly KindView[]): readonly string[] {
  return [...new Set(kinds.map(({ condition }) => condition.detail))].filter((detail) => detail !== '');
}

function toName({ kind, namespace }: KindCondition): string {
  return namespace === '' ? kind : `${kind} in ${namespace}`;
}
