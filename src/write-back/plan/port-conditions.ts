import { toObjectKey, type ObjectKey, type ObjectRef } from '../../model/object-ref.ts';
import { isGatewayHolder, type HeldPort, type LedgerState, type PortClaim } from '../../model/ports.ts';
import type { Problem } from '../../model/problem.ts';
import type { AddressedFleet } from '../../pipeline/addressed-fleet.ts';
import { toHeldPorts } from '../../ports/claim.ts';
import { toPortAnswer, type PortAnswer } from '../../ports/port-answer.ts';
import {
  pendingPort,
  portCondition,
  type Condition,
  type ListenerStatus,
  type ParentStatus,
} from '../../routes/status.ts';

/** What is looked at for what became of claims. */
export interface PortState {
  readonly fleets: readonly AddressedFleet[];
  /** Without the ports that may not be announced yet. */
  readonly ledger: LedgerState;
  readonly claimsOf: (object: ObjectKey) => readonly PortClaim[];
  readonly problems: () => readonly Problem[];
}

/** Fills in what the ledger says of pool ports, for one plan: what it looks up is looked up once. */
export class PortConditions {
  readonly #state: PortState;
  readonly #held: ReadonlyMap<ObjectKey, readonly HeldPort[]>;
  #problems: ReadonlyMap<ObjectKey, readonly Problem[]> | undefined;

  constructor(state: PortState) {
    this.#state = state;
    this.#held = toHeldPorts(state.ledger);
  }

  /** A listener with what became of the pool port that it asks for; as it is when it asks for none. */
  ofListener(owner: ObjectRef, listener: ListenerStatus): ListenerStatus {
    const answer = this.#answer(
      owner,
      ({ part }) => part?.kind === 'listener' && part.name === listener.name,
    );
    return answer === undefined
      ? listener
      : { ...listener, conditions: withAnswer(listener.conditions, answer) };
  }

  /** What the status of a route says of a parent that gives it a port of its own; of others as it is. */
  ofParent(route: ObjectRef, parent: ParentStatus): ParentStatus {
    if (!parent.conditions.some(({ type }) => type === portCondition)) return parent;
    const answer = this.#answer(route, ({ part }) => part === undefined) ?? { kind: 'pending' };
    const others = parent.conditions.filter(({ type }) => type !== portCondition);
    return { ...parent, conditions: [...others, toOwn(answer)] };
  }

  #answer(owner: ObjectRef, isMeant: (claim: PortClaim) => boolean): PortAnswer | undefined {
    const key = toObjectKey(owner);
    const claims = this.#state.claimsOf(key).filter((claim) => isMeant(claim));
    if (claims.length === 0) return undefined;
    this.#problems ??= groupProblems(this.#state.problems());
    const problems = this.#problems.get(key) ?? [];
    return toPortAnswer(claims, { fleets: this.#state.fleets, held: this.#held.get(key) ?? [], problems });
  }
}

function groupProblems(problems: readonly Problem[]): ReadonlyMap<ObjectKey, readonly Problem[]> {
  const groups = new Map<ObjectKey, Problem[]>();
  for (const problem of problems) {
    if (!isGatewayHolder(problem.subject)) continue;
    const key = toObjectKey(problem.subject);
    groups.set(key, [...(groups.get(key) ?? []), problem]);
  }
  return groups;
}

/** What is False for another reason stays so: of a listener whose certificate is missing it is told that, and its port beside it. */
function withAnswer(conditions: readonly Condition[], answer: PortAnswer): readonly Condition[] {
  return [...conditions.map((condition) => toAnswered(condition, answer)), toOwn(answer)];
}

function toAnswered(condition: Condition, answer: PortAnswer): Condition {
  const { type, status } = condition;
  if (status === 'False') return condition;
  const refused = { type, status: 'False', reason: 'PortUnavailable' } as const;
  switch (answer.kind) {
    case 'allocated':
      return type === 'Programmed' ? { ...condition, message: answer.message } : condition;
    case 'refused':
      return type === 'Accepted' || type === 'Programmed'
        ? { ...refused, message: answer.message }
        : condition;
    case 'pending':
      return type === 'Programmed' ? { ...pendingPort, type } : condition;
  }
}

function toOwn(answer: PortAnswer): Condition {
  const type = portCondition;
  switch (answer.kind) {
    case 'allocated':
      return { type, status: 'True', reason: 'Allocated', message: answer.message };
    case 'refused':
      return { type, status: 'False', reason: 'PortUnavailable', message: answer.message };
    case 'pending':
      return pendingPort;
  }
}
