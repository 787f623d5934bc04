import type { HttpBackend } from '../routes/backend.ts';
import type { BesideSni, Filter, HttpRoute, Intent, Settled, SettledRoute } from '../routes/intent.ts';
import type { AnnotationUse } from '../routes/why.ts';

/** What all routes together make of the host of one of them. */
export interface HostTls {
  /** It has TLS, by its own word or by that of another route which covers it. */
  readonly isSecured: boolean;
  /** It does by the word of someone on whom its redirects may depend. */
  readonly redirects: boolean;
}

export const noTls: HostTls = { isSecured: false, redirects: false };

/** An HTTP route as it was asked for, and what all routes together make of its host. */
interface OfHost {
  readonly tls: HostTls;
  readonly beside: BesideSni;
}

/** A route as it is served. */
export function settleRoute(
  route: HttpRoute,
  { tls: { isSecured, redirects }, beside }: OfHost,
): SettledRoute {
  const filters = route.filters.filter((filter) => isWanted(filter, route.backend));
  const plain = redirects ? filters : filters.filter(({ whenTls }) => whenTls !== true);
  if (!isSecured) return { ...route, plain, beside };
  // Behind TLS a redirect to TLS would go in circles.
  const secured = filters.filter(({ stage }) => stage !== 'https');
  return { ...route, plain, beside, secured: { ...route.tls, filters: secured } };
}

/**
 * What of annotations an intent carries. One that another object has taken counts as well: it has a problem of its own. A filter that
 * a route goes without (a redirect to HTTPS where there is none) does not.
 */
export function listUses(intent: Intent | Settled): readonly AnnotationUse[] {
  if (!('filters' in intent) || intent.filters.length === 0) return intent.why.uses;
  const filters: readonly Filter<unknown>[] = intent.filters;
  const idle: readonly Filter<unknown>[] =
    'plain' in intent && intent.backend.kind !== 'status'
      ? intent.filters.filter((filter) => !intent.plain.includes(filter))
      : [];
  return [...intent.why.uses, ...filters.filter((filter) => !idle.includes(filter)).map(({ use }) => use)];
}

/** What leads nowhere is not changed on its way, access limits included, as nothing is there to protect. But it may lead elsewhere. */
function isWanted({ stage }: Filter<unknown>, backend: HttpBackend): boolean {
  if (backend.kind !== 'status') return true;
  return backend.closed !== true && (stage === 'https' || stage === 'redirect');
}
