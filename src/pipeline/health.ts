import { noneFailing, type FailingEndpoints, type HealthCheck } from '../model/health.ts';
import type { ObjectKey } from '../model/object-ref.ts';
import type { Intent } from '../routes/intent.ts';
import type { Dependency } from '../source/object-store.ts';
import { healthOf } from './tracking-view.ts';

/** What the objects ask Fairlead to check, kept up to date object by object, and what came of it. */
export class Health {
  readonly #byUnit = new Map<ObjectKey, readonly HealthCheck[]>();
  #all: readonly HealthCheck[] | undefined;
  #failing = noneFailing;

  get failing(): FailingEndpoints {
    return this.#failing;
  }

  /** Takes over which endpoints fail, and returns the Services for which that has changed. */
  take(failing: FailingEndpoints): readonly Dependency[] {
    const former = this.#failing;
    if (failing === former) return [];
    this.#failing = failing;
    const services = new Set([...former.keys(), ...failing.keys()]);
    return [...services]
      .filter((each) => (former.get(each) ?? []).join() !== (failing.get(each) ?? []).join())
      .map(healthOf);
  }

  /** Each endpoint of a Service once. The very list of the last call for as long as nothing has changed. */
  get all(): readonly HealthCheck[] {
    this.#all ??= [...this.#byUnit.values()].flat();
    return this.#all;
  }

  /** Puts the checks of a unit in place of its former ones. */
  replace(unit: ObjectKey, intents: readonly Intent[]): void {
    const byAddress = new Map<string, HealthCheck>();
    for (const intent of intents) {
      if (intent.kind !== 'port') continue;
      for (const check of intent.checks ?? []) byAddress.set(check.address, check);
    }
    const former = this.#byUnit.get(unit);
    const checks = [...byAddress.values()];
    if (checks.length === 0 && former === undefined) return;
    if (JSON.stringify(checks) === JSON.stringify(former)) return;
    this.#all = undefined;
    if (checks.length > 0) this.#byUnit.set(unit, checks);
    else this.#byUnit.delete(unit);
  }
}
