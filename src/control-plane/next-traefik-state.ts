import type { Moment } from '../model/moment.ts';
import type { TraefikState } from '../model/traefik-state.ts';

/** The state of a Traefik after it was asked again, and whether it says anything else than before. */
export function toNextTraefikState(
  former: TraefikState,
  next: Pick<TraefikState, 'error' | 'seen'>,
  now: Moment,
): { readonly state: TraefikState; readonly hasNews: boolean } {
  const { seen, error, since } = former;
  const isSame = (next.error === null) === (error === null) && next.seen?.revision === seen?.revision;
  const state = { ...former, ...next, since: isSame ? since : now };
  // The very object while it says the same: what is worked out from it is kept by it.
  const hasNews = !isSame || JSON.stringify(next.seen) !== JSON.stringify(seen);
  return { state: hasNews ? state : { ...state, seen }, hasNews };
}
