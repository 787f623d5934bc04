import { groupBy } from '../lib/group-by.ts';
import type { HealthCheck } from '../model/health.ts';
import { compareText, toObjectKey, type ObjectRef } from '../model/object-ref.ts';
import { annotationField, countText, toProblem, type Problem } from '../model/problem.ts';
import type { HealthCheckSettings } from '../settings/settings.ts';

/** What is checked of what was asked for. */
export interface CheckPlan {
  readonly checks: readonly HealthCheck[];
  readonly problems: readonly Problem[];
}

/**
 * Chooses what there is room for: of each namespace the checks of its first Services, by name. Where all together want more than
 * there is, all namespaces have equal shares, and what one does not need goes to the others.
 */
export function planChecks(wanted: readonly HealthCheck[], limits: HealthCheckSettings): CheckPlan {
  const byNamespace = groupBy(wanted, ({ service }) => toTenant(service));
  const shares = shareOut(byNamespace, limits);
  const checks: HealthCheck[] = [];
  const leftOut = new Map<string, LeftOut>();
  for (const [tenant, own] of byNamespace) {
    const most = shares.get(tenant) ?? 0;
    const sorted = own.toSorted((a, b) => compareText(toObjectKey(a.service), toObjectKey(b.service)));
    checks.push(...sorted.slice(0, most));
    for (const { service } of sorted.slice(most)) {
      const key = toObjectKey(service);
      const count = (leftOut.get(key)?.count ?? 0) + 1;
      leftOut.set(key, { service, count, most });
    }
  }
  return { checks, problems: [...leftOut.values()].map((each) => describe(each, limits)) };
}

/** Checks of a Service that are not made. */
interface LeftOut {
  readonly service: ObjectRef;
  readonly count: number;
  /** How many its namespace may have. */
  readonly most: number;
}

/** How many checks each namespace may have. Those that want least choose first, each an equal part of what is left at most. */
function shareOut(
  byNamespace: ReadonlyMap<string, readonly HealthCheck[]>,
  { workers, perNamespace, total }: HealthCheckSettings,
): ReadonlyMap<string, number> {
  const wants = [...byNamespace].map(
    ([tenant, own]) => [tenant, Math.min(own.length, perNamespace)] as const,
  );
  wants.sort(([a, wantA], [b, wantB]) => wantA - wantB || compareText(a, b));
  let left = workers === 0 ? 0 : total;
  return new Map(
    wants.map(([tenant, want], index) => {
      const share = Math.min(want, Math.floor(left / (wants.length - index)));
      left -= share;
      return [tenant, share];
    }),
  );
}

/** Whoever may write to a namespace of a source is one tenant. */
export function toTenant({ source, namespace }: ObjectRef): string {
  return `${source}/${namespace}`;
}

function describe({ service, count, most }: LeftOut, { workers }: HealthCheckSettings): Problem {
  const why =
    workers === 0
      ? 'checks are switched off (healthChecks.workers)'
      : `its namespace may have ${countText(most)} checks now (healthChecks.perNamespace and healthChecks.total)`;
  return toProblem('health-check-left-out', service, {
    field: annotationField('fairlead.dev/health-port'),
    message: `${countText(count)} of its endpoints are not checked, and count as alive: ${why}`,
    hint: 'Ask the operators of the edge for more, or check fewer endpoints.',
  });
}
