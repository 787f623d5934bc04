import type { Answer } from './answer.ts';

/** One thing in which two answers differ; an empty text stands for what is not there. */
export interface Divergence {
  readonly aspect: string;
  readonly reference: string;
  readonly fairlead: string;
}

/**
 * An answer as texts by name: `status`, `certificate`, `cookies`, `body`, `backends`, `header NAME` of the answer, and `seen WHAT` or
 * `seen header NAME` of what the server behind saw.
 */
export function toAspects(answer: Answer): ReadonlyMap<string, string> {
  const { statuses, certificate, headers, cookies, body, backends, seen } = answer;
  return new Map([
    ['status', statuses.join(' ')],
    ['certificate', certificate],
    ['cookies', cookies.join(' | ')],
    ['body', body],
    ['backends', backends.join(' ')],
    ...Object.entries(headers).map(([name, value]) => [`header ${name}`, value] as const),
    ...Object.entries(seen).map(([name, value]) => [`seen ${name}`, value] as const),
  ]);
}

/** All of them. Where the status differs, the rest follows from it: only the certificate and the place of a redirect are compared. */
export function compareAnswers(reference: Answer, fairlead: Answer): readonly Divergence[] {
  const [one, other] = [toAspects(reference), toAspects(fairlead)];
  const all = [...new Set([...one.keys(), ...other.keys()])].map((aspect) => ({
    aspect,
    reference: one.get(aspect) ?? '',
    fairlead: other.get(aspect) ?? '',
  }));
  const found = [
    ...all.filter((each) => each.reference !== each.fairlead),
    ...compareShares(reference.shares, fairlead.shares, reference.requests),
  ];
  if (found[0]?.aspect !== 'status') return found;
  const areRedirects = [reference, fairlead].every(({ statuses }) =>
    statuses.every((status) => status.startsWith('3')),
  );
  const kept = new Set(['status', 'certificate', ...(areRedirects ? ['header location'] : [])]);
  return found.filter(({ aspect }) => kept.has(aspect));
}

/** Rounding and the order in which servers have their turn make a difference that means nothing. */
const tolerance = 0.08;

function compareShares(
  reference: Answer['shares'],
  fairlead: Answer['shares'],
  requests: number,
): readonly Divergence[] {
  const names = Object.keys(reference);
  // One request more or less is the turn at which each began.
  const most = Math.max(tolerance, 1.01 / requests);
  const isSame = names.every((name) => Math.abs((reference[name] ?? 0) - (fairlead[name] ?? 0)) <= most);
  // Of other servers the aspect `backends` speaks, and of few requests nothing can be said.
  if (isSame || names.join() !== Object.keys(fairlead).join()) return [];
  return [{ aspect: 'shares', reference: toPercents(reference), fairlead: toPercents(fairlead) }];
}

function toPercents(shares: Answer['shares']): string {
  return Object.entries(shares)
    .map(([name, share]) => `${name} ${Math.round(share * 100)} %`)
    .join(' ');
}
