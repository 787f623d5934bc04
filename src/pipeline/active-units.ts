import type { ObjectKey } from '../model/object-ref.ts';
import type { Translation } from '../routes/intent.ts';

/** The objects that add something: of tens of thousands of Services most are only led to by Ingresses. */
export class ActiveUnits {
  readonly #units = new Set<ObjectKey>();

  /** Takes over what an object came to. Returns whether it adds nothing to anything, and added nothing before. */
  isIdle(unit: ObjectKey, translation: Translation | undefined): boolean {
    if (translation === undefined || addsNothing(translation)) return !this.#units.delete(unit);
    this.#units.add(unit);
    return false;
  }
}

function addsNothing({ intents, asked, uses, problems, portClaims }: Translation): boolean {
  return [intents, asked, uses, problems, portClaims].every((list) => list.length === 0);
}
