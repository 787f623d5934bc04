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
 * Chooses what there is room for: of each namespace the checks of its first Services, by name. Where all together want more than there is,
 * every namespace has the same share, so that none can take the checks of another.
 */
export function planChecks(wanted: readonly HealthCheck[], limits: HealthCheckSettings): CheckPlan {
  const byNamespace = groupBy(wanted, ({ service }) => toTenant(service));
  const fair = Math.floor(limits.total / Math.max(1, byNamespace.size));
  const most = limits.workers === 0 ? 0 : Math.min(limits.perNamespace, fair);
  const checks: HealthCheck[] = [];
  const leftOut = new Map<string, { readonly service: ObjectRef; count: number }>();
  for (const own of byNamespace.values()) {
    const sorted = own.toSorted((a, b) => compareText(toObjectKey(a.service), toObjectKey(b.service)));
    checks.push(...sorted.slice(0, most));
    for (const { service } of sorted.slice(most)) {
      const key = toObjectKey(service);
      const known = leftOut.get(key) ?? { service, count: 0 };
      leftOut.set(key, { ...known, count: known.count + 1 });
    }
  }
  return { checks, problems: [...leftOut.values()].map((each) => describe(each, limits, most)) };
}

/** Whoever may write to a namespace of a source is one tenant. */
export function toTenant({ source, namespace }: ObjectRef): string {
  return `${source}/${namespace}`;
}

function describe(
  { service, count }: { readonly service: ObjectRef; readonly count: number },
  { workers }: HealthCheckSettings,
  most: number,
): Problem {
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
