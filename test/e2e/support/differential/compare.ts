import type { Answer } from './answer.ts';

/** One thing in which two answers differ; an empty text stands for what is not there. */
export interface Divergence {
  /** `status`, `location`, `header NAME`, `cookies`, `body`, `backends`, `certificate`, or `seen WHAT` of what the server behind saw. */
  readonly aspect: string;
  readonly reference: string;
  readonly fairlead: string;
}

/** All of them. Where the status differs, nothing but it, the place of a redirect and the certificate is compared. */
export function compareAnswers(reference: Answer, fairlead: Answer): readonly Divergence[] {
  const found: Divergence[] = [];
  const note = (aspect: string, one: string, other: string): void => {
    if (one !== other) found.push({ aspect, reference: one, fairlead: other });
  };
  const compareMaps = (prefix: string, one: Answer['seen'], other: Answer['seen']): void => {
    for (const name of new Set([...Object.keys(one), ...Object.keys(other)]))
      note(`${prefix}${name}`, one[name] ?? '', other[name] ?? '');
  };
  note('status', reference.statuses.join(' '), fairlead.statuses.join(' '));
  note('certificate', reference.certificate, fairlead.certificate);
  const areRedirects = [reference, fairlead].every(({ statuses }) =>
    statuses.every((status) => status.startsWith('3')),
  );
  if (found.some(({ aspect }) => aspect === 'status')) {
    if (areRedirects)
      note('header location', reference.headers['location'] ?? '', fairlead.headers['location'] ?? '');
    return found;
  }
  compareMaps('header ', reference.headers, fairlead.headers);
  note('cookies', reference.cookies.join(' | '), fairlead.cookies.join(' | '));
  note('body', reference.body, fairlead.body);
  note('backends', reference.backends.join(' '), fairlead.backends.join(' '));
  compareMaps('seen ', reference.seen, fairlead.seen);
  return found;
}
