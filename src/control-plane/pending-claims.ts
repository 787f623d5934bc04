import type { PortClaim } from '../model/ports.ts';
import { toClaimKey, type ClaimKey } from '../ports/claim.ts';
import { toTargetText } from '../ports/problem-words.ts';
import { toAsker } from '../ports/shared-ports.ts';
import { toProblem, type Problem } from '../model/problem.ts';
import { boundProblems } from '../model/problem-list.ts';

interface Pending {
  readonly claim: PortClaim;
  /** Milliseconds of a clock that does not jump. */
  readonly since: number;
}

/** How long a port may take to be recorded before that is reported: longer than it takes another replica to lead. */
const patienceMs = 20_000;

/** Claims for which there is a port that nobody has recorded yet. Each is reported when that lasts. */
export class PendingClaims {
  #pending: ReadonlyMap<ClaimKey, Pending> = new Map();

  /** Takes over all of them. */
  update(claims: readonly PortClaim[], now: number): void {
    const former = this.#pending;
    this.#pending = new Map(
      claims.map((claim) => {
        const key = toClaimKey(claim);
        return [key, { claim, since: former.get(key)?.since ?? now }];
      }),
    );
  }

  /** In how many milliseconds there is one more to report; undefined when there will be none. */
  nextIn(now: number): number | undefined {
    const waits = [...this.#pending.values()].map(({ since }) => since + patienceMs - now);
    const future = waits.filter((wait) => wait > 0);
    return future.length === 0 ? undefined : Math.min(...future);
  }

  /** @param why What keeps them waiting, as the end of a sentence. */
  problems(now: number, why: string): readonly Problem[] {
    const late = [...this.#pending.values()].filter(({ since }) => now - since >= patienceMs);
    return boundProblems(late.map(({ claim }) => toPendingProblem(claim, why)));
  }
}

function toPendingProblem(claim: PortClaim, why: string): Problem {
  const { fleet, field } = claim;
  return toProblem('port-pending', toAsker(claim), {
    field,
    message: `${toTargetText(claim)} waits for its pool port of fleet ${fleet}: ${why}.`,
    hint: 'Nothing is wrong with this object. Ask the operators of the edge to look at the ledger and at the log of the leader.',
  });
}
