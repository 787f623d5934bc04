import { toProblem, type Problem } from '../model/problem.ts';
import { BackOff, type BackOffSettings } from '../lib/back-off.ts';
import { KubeError } from '../kubernetes/kube-error.ts';

/** A verb on a resource, as a role grants it. */
export interface Right {
  readonly verb: string;
  /** Empty: the core group. */
  readonly group: string;
  /** With its subresource, such as `ingresses/status`. */
  readonly resource: string;
}

/** Equal for equal rights. */
export function toRightKey({ verb, group, resource }: Right): string {
  return `${verb} ${group}/${resource}`;
}

interface Lack {
  readonly right: Right;
  readonly backOff: BackOff;
  /** Where it is missing; empty: in the whole cluster. Roles may be bound by namespace. */
  readonly namespaces: Set<string>;
  /** When it is worth another try, somewhere. */
  nextAt: number;
  /** Whether what is refused next says something new: requests that were under way before do not. */
  isTried: boolean;
}

const defaultBackOff: BackOffSettings = { firstMs: 5_000, mostMs: 60_000, healthyMs: 60_000 };
/** The least time between two tries of one right, however many namespaces wait for it. */
const leastMs = 1_000;

/**
 * Whether a request was refused because the account lacks a right. 403 is also the answer of admission plugins, and of a namespace
 * that is being deleted: these say something about one object.
 */
export function isLackOfRight(error: unknown): boolean {
  return error instanceof KubeError && error.status === 403 && / is forbidden: User "/.test(error.message);
}

/**
 * The rights that one cluster refuses: what is to be reported, and when each may be tried again. Whoever sends a request
 * says what came of it; all times are in milliseconds of a clock that does not jump.
 */
export class MissingRights {
  readonly #source: string;
  readonly #changed: () => void;
  readonly #backOff: BackOffSettings;
  readonly #lacks = new Map<string, Lack>();
  readonly #listeners: (() => void)[] = [];
  #problems: readonly Problem[] = [];

  /** @param changed Called when the problems have changed. */
  constructor(source: string, changed: () => void, backOff: BackOffSettings = defaultBackOff) {
    this.#source = source;
    this.#changed = changed;
    this.#backOff = backOff;
  }

  /** One for each right. */
  get problems(): readonly Problem[] {
    return this.#problems;
  }

  get isEmpty(): boolean {
    return this.#lacks.size === 0;
  }

  /** Calls `restored` whenever a right that was missing has worked. */
  onRestored(restored: () => void): void {
    this.#listeners.push(restored);
  }

  /** For how long it is not worth a try; 0: not at all. */
  waitMs(right: Right, namespace: string, now: number): number {
    const lack = this.#lacks.get(toRightKey(right));
    return lack?.namespaces.has(namespace) === true ? Math.max(0, lack.nextAt - now) : 0;
  }

  /** It is tried now: others wait for what comes of it. */
  trying(right: Right, namespace: string, now: number): void {
    const lack = this.#lacks.get(toRightKey(right));
    if (lack?.namespaces.has(namespace) !== true) return;
    lack.isTried = true;
    lack.nextAt = now + leastMs;
  }

  /** The server refused it. */
  refused(right: Right, namespace: string, now: number): void {
    const key = toRightKey(right);
    const lack = this.#lacks.get(key) ?? this.#create(right);
    this.#lacks.set(key, lack);
    lack.namespaces.add(namespace);
    if (lack.isTried) {
      lack.isTried = false;
      // Each namespace is tried about as often as if there were no other.
      lack.nextAt = now + Math.max(leastMs, lack.backOff.next(now) / lack.namespaces.size);
    }
    this.#report();
  }

  /** The server allowed it. If it did not before, it may do so everywhere now, and allow the others, too. */
  worked(right: Right, namespace: string, now: number): void {
    if (this.#lacks.get(toRightKey(right))?.namespaces.has(namespace) !== true) return;
    this.#lacks.delete(toRightKey(right));
    for (const other of this.#lacks.values()) other.nextAt = now;
    this.#report();
    for (const restored of this.#listeners) restored();
  }

  /** Forgets what nobody needs any more: it would never be tried again. */
  keep(isNeeded: (right: Right, namespace: string) => boolean): void {
    for (const [key, { right, namespaces }] of this.#lacks) {
      for (const namespace of namespaces) if (!isNeeded(right, namespace)) namespaces.delete(namespace);
      if (namespaces.size === 0) this.#lacks.delete(key);
    }
    this.#report();
  }

  clear(): void {
    this.#lacks.clear();
    this.#report();
  }

  #create(right: Right): Lack {
    return { right, backOff: new BackOff(this.#backOff), namespaces: new Set(), nextAt: 0, isTried: true };
  }

  #report(): void {
    const problems = [...this.#lacks.values()].map((lack) => this.#toProblem(lack));
    if (JSON.stringify(problems) === JSON.stringify(this.#problems)) return;
    this.#problems = problems;
    this.#changed();
  }

  #toProblem({ right: { verb, group, resource }, namespaces }: Lack): Problem {
    const [namespace = ''] = namespaces;
    const what = `${resource} of ${group === '' ? 'the core API group' : `the API group ${group}`}`;
    const where = namespace === '' ? '' : `, in the namespace ${namespace} for one`;
    const subject = { source: this.#source, kind: 'Source', namespace: '', name: this.#source };
    return toProblem('write-back-refused', subject, {
      message: `The role lacks the verb ${verb} on ${what}${where}.`,
      hint: `Apply manifests/base/rbac/${toFile(resource)}, which grants it, to this cluster; Fairlead goes on by itself.`,
    });
  }
}

/** Classes have no namespace, so their rights stand by themselves. */
function toFile(resource: string): string {
  return resource.startsWith('gatewayclasses') ? 'ingress-classes.yaml' : 'write-back.yaml';
}
