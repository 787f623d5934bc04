import type { Port } from '../../model/port.ts';

/** Runs of consecutive free ports. Ports that were free once and are taken by now never come back while this is used. */
export interface FreeRuns {
  /** The first port of the lowest run of this length: of ports that nobody has used, if there is one, else of any. Takes nothing. */
  find(length: number): Port | undefined;
  /** How many ports the longest run has. As of the first call. */
  longest(): number;
}

/** A port that can be handed out. */
export interface RunCandidate {
  readonly port: Port;
  /** Nobody has used it or names it. */
  readonly isFresh: boolean;
}

/**
 * @param candidates In ascending order.
 * @param isFree Whether a candidate is still free.
 */
export function createFreeRuns(
  candidates: readonly RunCandidate[],
  isFree: (port: Port) => boolean,
): FreeRuns {
  // Where the search for each length goes on: what lies before is too short for good.
  const cursors = new Map<string, number>();
  let longest: number | undefined;
  const search = (length: number, onlyFresh: boolean): Port | undefined => {
    const key = `${length}|${onlyFresh}`;
    let begin = cursors.get(key) ?? 0;
    for (let at = begin; at < candidates.length; at += 1) {
      const candidate = candidates[at];
      if (candidate === undefined || (onlyFresh && !candidate.isFresh) || !isFree(candidate.port)) {
        begin = at + 1;
      } else if (at > begin && candidates[at - 1]?.port !== candidate.port - 1) {
        begin = at;
      }
      if (at - begin + 1 === length) {
        cursors.set(key, begin);
        return candidates[begin]?.port;
      }
    }
    cursors.set(key, candidates.length);
    return undefined;
  };
  return {
    find: (length) => search(length, true) ?? search(length, false),
    longest: () => (longest ??= findLongest(candidates, isFree)),
  };
}

function findLongest(candidates: readonly RunCandidate[], isFree: (port: Port) => boolean): number {
  let longest = 0;
  let length = 0;
  let last = -1;
  for (const { port } of candidates) {
    length = !isFree(port) ? 0 : port === last + 1 ? length + 1 : 1;
    last = port;
    longest = Math.max(longest, length);
  }
  return longest;
}
