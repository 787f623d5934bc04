import { bySeniority, toObjectPath, type Aged, type ObjectKey } from '../model/object-ref.ts';
import { toProblem, type Problem } from '../model/problem.ts';
import { toClaimKey, type Intent, type Translation } from '../routes/intent.ts';
import { Hosts } from './hosts.ts';

/** One object that wants a host and path (or a certificate's names) for itself. */
interface Claimant {
  readonly unit: ObjectKey;
  readonly owner: Aged;
}

/** The intents of one object that stand, and a problem for each that an older object has taken. */
export interface Settlement {
  readonly intents: readonly Intent[];
  readonly problems: readonly Problem[];
}

/**
 * Who has which host and path, for all objects: the elder wins.
 * Kept up to date object by object, so that one change costs what it touches and not a walk over everything.
 */
export class Claims {
  /** Sorted by seniority; the first is the winner. */
  readonly #byKey = new Map<string, readonly Claimant[]>();
  readonly #byUnit = new Map<ObjectKey, ReadonlySet<string>>();
  readonly #hosts = new Hosts();

  /** Puts the claims of an object in place of its former ones, and returns the other objects whose standing may have changed. */
  replace(translation: Translation): ReadonlySet<ObjectKey> {
    const { unit, intents } = translation;
    const former = this.#byUnit.get(unit) ?? new Set();
    const owners = new Map<string, Aged>();
    for (const intent of intents) {
      const key = toClaimKey(intent);
      if (key !== undefined) owners.set(key, intent.owner);
    }
    const touched = new Set<ObjectKey>(this.#hosts.replace(translation));
    for (const key of former) if (!owners.has(key)) this.#remove(key, unit, touched);
    for (const [key, owner] of owners) this.#put(key, { unit, owner }, touched);
    if (owners.size > 0) this.#byUnit.set(unit, new Set(owners.keys()));
    else this.#byUnit.delete(unit);
    touched.delete(unit);
    return touched;
  }

  /**
   * Decides about each intent of an object. Within one object the first of two equal ones stands. A route gets TLS when
   * another route of its host has it.
   */
  settle(translation: Translation): Settlement {
    const problems: Problem[] = [];
    const taken = new Map<string, Intent>();
    const intents = translation.intents.filter((intent) => {
      const key = toClaimKey(intent);
      if (key === undefined) return true;
      const foreign = intent.kind === 'certificate' ? this.#hosts.findForeignName(intent) : undefined;
      if (foreign !== undefined) {
        problems.push(describeForeignName(intent, foreign));
        return false;
      }
      const winner = this.#byKey.get(key)?.[0];
      const twin = taken.get(key);
      if (winner?.unit === translation.unit && twin === undefined) {
        taken.set(key, intent);
        return true;
      }
      const problem = describeLoss(
        intent,
        winner?.unit === translation.unit ? intent.owner : winner?.owner,
        twin,
      );
      if (problem) problems.push(problem);
      return false;
    });
    return { intents: intents.map((intent) => this.#secure(intent)), problems };
  }

  #secure(intent: Intent): Intent {
    const isOpen = intent.kind === 'http' && intent.tls === undefined;
    return isOpen && this.#hosts.isSecured(intent.fleet, intent.host) ? { ...intent, tls: {} } : intent;
  }

  #remove(key: string, unit: ObjectKey, touched: Set<ObjectKey>): void {
    const rest = (this.#byKey.get(key) ?? []).filter((each) => each.unit !== unit);
    if (rest.length > 0) this.#byKey.set(key, rest);
    else this.#byKey.delete(key);
    for (const each of rest) touched.add(each.unit);
  }

  #put(key: string, claimant: Claimant, touched: Set<ObjectKey>): void {
    const others = (this.#byKey.get(key) ?? []).filter((each) => each.unit !== claimant.unit);
    for (const each of others) touched.add(each.unit);
    this.#byKey.set(
      key,
      [...others, claimant].sort((a, b) => bySeniority(a.owner, b.owner)),
    );
  }
}

function describeForeignName({ owner, ...intent }: Intent, name: string): Problem {
  return toProblem('certificate-conflict', owner.ref, {
    field: intent.field,
    message: `the certificate also names ${name}, which another namespace routes and this one does not`,
    hint: 'Use a certificate for the hosts of this namespace only.',
  });
}

function describeLoss(
  intent: Intent,
  winner: Aged | undefined,
  twin: Intent | undefined,
): Problem | undefined {
  switch (intent.kind) {
    case 'http': {
      const what = `${intent.host ?? 'any host'}${intent.path.value} (${intent.fallback ? 'default backend' : intent.path.type})`;
      const where =
        twin?.kind === 'http' ? `${twin.field} of the same object` : describeWinner(winner, intent.owner);
      return toProblem('route-conflict', intent.owner.ref, {
        field: intent.field,
        message: `${what} is already routed by ${where}`,
        hint: 'Use another host or path, or remove one of the two.',
      });
    }
    case 'certificate':
      // Two Ingresses of one namespace that name the same Secret, or one that names it twice, do not differ about anything.
      return twin !== undefined ||
        (winner?.ref.namespace === intent.owner.ref.namespace &&
          winner.ref.source === intent.owner.ref.source)
        ? undefined
        : toProblem('certificate-conflict', intent.owner.ref, {
            field: intent.field,
            message: `a certificate for the same names is already brought by ${describeWinner(winner, intent.owner)}`,
            hint: 'Remove one of the two certificates.',
          });
    case 'default-certificate':
    case 'port':
      return undefined;
  }
}

/** Objects of manifests often have no time of creation: then the name has decided. */
function describeWinner(winner: Aged | undefined, loser: Aged): string {
  if (winner === undefined) return 'another object';
  const why = winner.created === loser.created ? 'which comes first by namespace and name' : 'which is older';
  const source = winner.ref.source === loser.ref.source ? '' : ` of source ${winner.ref.source}`;
  return `${toObjectPath(winner.ref)}${source}, ${why}`;
}
