import type { PortClaim } from '../model/ports.ts';
import type { Problem } from '../model/problem.ts';
import { boundProblems } from '../model/problem-list.ts';
import { byClaimOrder, type Pass } from './allocation/pass.ts';
import type { Refused } from './allocation/place-claims.ts';
import { isHeldBy, isInPool } from './allocation/pool.ts';
import { toLostProblem, toMissingPoolProblem, toRefusalProblem } from './problem-texts.ts';

interface Told {
  readonly claim: PortClaim;
  readonly problem: Problem;
}

/** What the Services should know: refused claims, lost ports, missing pools. The older Service first. */
export function toPortProblems(pass: Pass, refused: readonly Refused[]): readonly Problem[] {
  const told: Told[] = refused.map(({ waiting: { key, claim, ports }, refusal }) => ({
    claim,
    problem: toRefusalProblem(claim, ports, refusal, pass.homes.get(key)?.port),
  }));
  for (const [key, claim] of pass.claims) {
    for (const problem of listPoolProblems(pass, key, claim)) told.push({ claim, problem });
  }
  return boundProblems(told.sort((a, b) => byClaimOrder(a.claim, b.claim)).map(({ problem }) => problem));
}

function* listPoolProblems(pass: Pass, key: string, claim: PortClaim): Iterable<Problem> {
  const ports = pass.fleets.get(claim.fleet);
  const home = pass.homes.get(key)?.port;
  const outside = claim.protocols.filter(
    (protocol) => home === undefined || !isInPool(ports, protocol, home),
  );
  const lost = outside.filter(
    (protocol) => home !== undefined && isHeldBy(pass.slots.get(claim.fleet, protocol, home), claim),
  );
  const poolless = outside.filter(
    (protocol) => !lost.includes(protocol) && ports?.pools[protocol] === undefined,
  );
  if (home !== undefined && lost.length > 0) yield toLostProblem(claim, ports, home, lost);
  if (poolless.length > 0) yield toMissingPoolProblem(claim, ports, poolless);
}

/** The earliest time at which one of the refusals may end by itself. */
export function toReliefTime(refused: readonly Refused[]): number | null {
  let earliest: number | null = null;
  for (const { refusal } of refused) {
    const until = refusal.kind === 'blocked' || refusal.kind === 'exhausted' ? refusal.until : null;
    if (until !== null && (earliest === null || until < earliest)) earliest = until;
  }
  return earliest;
}
