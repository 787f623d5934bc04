import type { TraefikRow } from '../../../../model/published.ts';
import type { Status } from '../../status.ts';
import { toAge, toCount, toNumber } from '../words.ts';
import { graceMs, silentMs } from './patience.ts';

/** Of a long list so many are named. */
const mostNamed = 4;

/** How one Traefik stands to what is served, for people. */
export interface AppliedState {
  readonly mark: 'bad' | 'good' | 'idle' | 'warn';
  readonly text: string;
  /** What it lacks or refuses, a line each. */
  readonly faults: readonly string[];
}

/** What a Traefik says of itself, against what those that poll for its bank hold. */
export function toAppliedState(row: TraefikRow, status: Status): AppliedState {
  const faults = findFaults(row);
  const age = Date.parse(status.time) - Date.parse(row.since);
  const isLate = age >= graceMs;
  switch (row.state) {
    case 'current':
      return { mark: faults.length === 0 ? 'good' : 'bad', text: 'has applied the current revision', faults };
    case 'unknown':
      return { mark: 'idle', text: 'not asked yet', faults: [] };
    case 'unreachable':
      return {
        mark: isLate ? 'warn' : 'idle',
        text: `its API has not answered for ${toAge(age)}: ${row.error ?? ''}`,
        faults: [],
      };
    case 'behind':
    case 'empty': {
      const what = row.state === 'empty' ? 'has applied no revision' : 'has not applied the current revision';
      const although = isLate && isHeld(row, status) ? ', although all that poll have it' : '';
      return { mark: isLate ? 'bad' : 'idle', text: `${what} for ${toAge(age)}${although}`, faults };
    }
  }
}

/** Whether everybody who polls for its bank has the current answer: then it is no matter of fetching it. */
function isHeld({ fleet, bank }: TraefikRow, { traefiks, time }: Status): boolean {
  const polling = traefiks.rows.filter(
    (row) =>
      row.fleet === fleet && row.bank === bank && Date.parse(time) - Date.parse(row.lastPoll) <= silentMs,
  );
  return polling.length > 0 && polling.every(({ behindSeconds }) => behindSeconds === 0);
}

function findFaults(row: TraefikRow): readonly string[] {
  const { entryPointsMissing, entryPointsMissingCount, routerFaults, routerFaultsCount } = row;
  const named = entryPointsMissing.slice(0, mostNamed).join(', ');
  const unnamed = entryPointsMissingCount - Math.min(mostNamed, entryPointsMissing.length);
  const more = unnamed > 0 ? ` and ${toNumber(unnamed)} more` : '';
  const lacks =
    entryPointsMissingCount === 0
      ? []
      : [`lacks the ${entryPointsMissingCount === 1 ? 'entryPoint' : 'entryPoints'} ${named}${more}`];
  // What an entryPoint that is missing explains is said once.
  const others = routerFaults.filter(
    (fault) => !fault.entryPoints.some((name) => entryPointsMissing.includes(name)),
  );
  const refused = others.slice(0, mostNamed).map(({ protocol, router, status, errors }) => {
    const how = status === 'disabled' ? 'disabled' : 'served in part only';
    return `${protocol} router ${router} ${how}: ${errors.join('; ') || 'it does not say why'}`;
  });
  const rest = routerFaultsCount - (routerFaults.length - others.length) - refused.length;
  const also = refused.length > 0 ? 'more ' : '';
  const last = rest > 0 ? [`${toCount(rest, `${also}router`)} not served as asked for`] : [];
  return [...lacks, ...refused, ...last];
}
