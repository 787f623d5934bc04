import type { BankStates } from '../model/bank.ts';
import type { PortClaim } from '../model/ports.ts';
import type { Problem } from '../model/problem.ts';
import { boundProblems } from '../model/problem-list.ts';
import { byClaimOrder, type Pass } from './allocation/pass.ts';
import type { Refused } from './allocation/place-claims.ts';
import { isHeldBy, toClaimKey, type ClaimKey } from './claim.ts';
import { choosePool } from './allocation/choose-pool.ts';
import { findPoolOfEntry } from './allocation/pool.ts';
import { listRuns } from './allocation/runs.ts';
import { toBrokenRunProblem } from './run-texts.ts';
import { toAsker } from './shared-ports.ts';
import { toLostProblem, toMissingPoolProblem, toRefusalProblem } from './problem-texts.ts';

interface ClaimProblem {
  readonly claim: PortClaim;
  readonly problem: Problem;
}

/** What the Services should know: refused claims, lost ports, missing pools. The older Service first. */
export function toPortProblems(
  pass: Pass,
  refused: readonly Refused[],
  banks: BankStates,
): readonly Problem[] {
  const found: ClaimProblem[] = refused.map(({ waiting: { key, claim, pool }, refusal }) => ({
    claim,
    problem: toRefusalProblem(claim, pool, refusal, {
      held: pass.heldPorts.get(key)?.port,
      banks: banks.get(claim.fleet) ?? [],
    }),
  }));
  for (const [key, claim] of pass.claims) {
    for (const problem of listPoolProblems(pass, key, claim)) found.push({ claim, problem });
  }
  found.push(...listBrokenRuns(pass));
  const all = found.flatMap((each) => listForAskers(pass, each));
  return boundProblems(all.sort((a, b) => byClaimOrder(a.claim, b.claim)).map(({ problem }) => problem));
}

/** Of a port that several Services share each of them hears. */
function listForAskers({ shared }: Pass, { claim, problem }: ClaimProblem): readonly ClaimProblem[] {
  const claims = shared.get(toClaimKey(claim));
  if (claims === undefined) return [{ claim, problem }];
  return claims.map((each) => ({
    claim: each,
    problem: { ...problem, subject: toAsker(each), field: each.field },
  }));
}

/** One for each run of which two ports are not as far from each other as their places are. */
function listBrokenRuns(pass: Pass): readonly ClaimProblem[] {
  return listRuns(pass.claims.values()).flatMap((claims) => {
    const held = claims.flatMap((claim) => pass.heldPorts.get(toClaimKey(claim)) ?? []);
    const [claim] = claims;
    const isBroken = held.some(({ port }, index) => index > 0 && port !== (held[index - 1]?.port ?? 0) + 1);
    return claim !== undefined && isBroken && held.length === claims.length
      ? [{ claim, problem: toBrokenRunProblem(claim, held) }]
      : [];
  });
}

function* listPoolProblems(pass: Pass, key: ClaimKey, claim: PortClaim): Iterable<Problem> {
  const fleet = pass.fleetOf(claim);
  const holds = pass.heldPorts.get(key);
  const pool = choosePool(pass, claim, holds, []);
  const lost = claim.protocols.filter(
    (protocol) =>
      holds !== undefined &&
      findPoolOfEntry(fleet, protocol, holds) === undefined &&
      isHeldBy(pass.entries.get(claim.fleet, protocol, holds.port), claim),
  );
  const poolless = claim.protocols.filter((protocol) => {
    const isServed = holds !== undefined && findPoolOfEntry(fleet, protocol, holds) !== undefined;
    return (
      pool?.ranges[protocol] === undefined &&
      !lost.includes(protocol) &&
      !(isServed && claim.pool === undefined)
    );
  });
  if (holds !== undefined && lost.length > 0) yield toLostProblem(claim, fleet, holds.port, lost);
  // That there is no pool for a Service has been reported when it was read.
  if (poolless.length > 0 && (fleet === undefined || pool !== undefined))
    yield toMissingPoolProblem(claim, pool, poolless);
}

/** The earliest time at which one of the refusals may end by itself. */
export function toReliefTime(refused: readonly Refused[]): number | null {
  let earliest: number | null = null;
  for (const { refusal } of refused) {
    const until = 'until' in refusal ? refusal.until : null;
    if (until !== null && (earliest === null || until < earliest)) earliest = until;
  }
  return earliest;
}
