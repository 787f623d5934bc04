import { toObjectPath, type ObjectRef } from '../model/object-ref.ts';
import type { Explanation, FormerPortRow, PortReport, PortRow } from '../model/published.ts';
import type { Problem } from '../model/problem.ts';

/** What is known of an object that no source has: the ports that are kept for it, or that it had. Undefined: nothing. */
export function explainGone(
  ref: ObjectRef,
  { ports, history }: Pick<PortReport, 'history' | 'ports'>,
  problems: readonly Problem[],
): Explanation | undefined {
  const object = toObjectPath(ref);
  const isOfRef = ({ holder, source }: FormerPortRow | PortRow): boolean =>
    holder === object && source === ref.source;
  const kept = ports.filter(isOfRef);
  const former = history.filter(isOfRef);
  if (kept.length + former.length === 0) return undefined;
  const says = kept.length > 0 ? kept.map(toKeptText) : former.slice(-1).map(toFormerText);
  return {
    object,
    source: ref.source,
    verdict: `No source has it now. ${says.join(' ')}`,
    annotations: [],
    routes: [],
    ports: kept,
    problems,
  };
}

function toKeptText({ port, fleet, state, since, until }: PortRow): string {
  const what = `Pool port ${port} of fleet ${fleet}`;
  switch (state) {
    case 'cooling':
      return until === undefined
        ? `${what} cools down after it since ${since}.`
        : `${what} cools down after it until ${until}: made again by then, it gets the port back.`;
    case 'held':
    case 'lost':
      return `${what} is kept for it since ${since}.`;
  }
}

function toFormerText({ port, fleet, until }: FormerPortRow): string {
  return `The last port that it had was pool port ${port} of fleet ${fleet}, until ${until}.`;
}
