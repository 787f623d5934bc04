import { toObjectKey, type ObjectKey } from '../../model/object-ref.ts';
import { isGatewayHolder } from '../../model/ports.ts';
import type { Problem } from '../../model/problem.ts';
import { refusalCodes } from '../../model/refusal-codes.ts';
import { isClosedHost } from './closed-hosts.ts';

/** What keeps objects of the Gateway API from their pool ports, and which hosts of them are closed. Their status says it, and none of them need have changed for it. */
export class HolderProblems {
  #known: ReadonlyMap<ObjectKey, string> = new Map();

  /** Takes over all problems. Returns the objects that others are in the way of than before. */
  update(problems: readonly Problem[]): readonly ObjectKey[] {
    const next = new Map<ObjectKey, string>();
    for (const problem of problems) {
      const { code, subject, field, message, hint } = problem;
      if (!isClosedHost(problem) && !(isGatewayHolder(subject) && refusalCodes.has(code))) continue;
      const key = toObjectKey(subject);
      next.set(key, [next.get(key), code, field, message, hint].join('\n'));
    }
    const former = this.#known;
    this.#known = next;
    const all = new Set([...former.keys(), ...next.keys()]);
    return [...all].filter((key) => former.get(key) !== next.get(key));
  }
}
