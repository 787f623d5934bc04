import { closed, type HttpBackend } from '../routes/backend.ts';
import type {
  BesideSni,
  Filter,
  HttpRoute,
  Intent,
  RouteTls,
  Settled,
  SettledRoute,
} from '../routes/intent.ts';
import type { AnnotationUse } from '../routes/why.ts';

/** What all routes together make of the host of one of them. */
export interface HostTls {
  /** It has TLS, by its own word or by that of another route which covers it. */
  readonly isSecured: boolean;
  /** It does by the word of someone on whom its redirects may depend. */
  readonly redirects: boolean;
  /** The TLS options of the host, by the word of those who may say so. */
  readonly options?: string;
}

export const noTls: HostTls = { isSecured: false, redirects: false };

/** An HTTP route as it was asked for, and what all routes together make of its host. */
interface OfHost {
  readonly tls: HostTls;
  readonly beside: BesideSni;
}

/** A route as it is served. */
export function settleRoute(
  asked: HttpRoute,
  { tls: { isSecured, redirects, options }, beside }: OfHost,
): SettledRoute {
  // Options are for clients that the others must not be taken for: without those that it asks for it stays shut.
  const route = lacksOptions(asked, options, beside) ? { ...asked, backend: closed } : asked;
  const filters = route.filters.filter((filter) => isWanted(filter, route.backend));
  const plain = redirects ? filters : filters.filter(({ whenTls }) => whenTls !== true);
  // Behind TLS a redirect to TLS would go in circles.
  const secured = {
    ...toTls(route, options, beside),
    filters: filters.filter(({ stage }) => stage !== 'https'),
  };
  if (route.place !== undefined)
    return route.place.isTls ? { ...route, beside, secured } : { ...route, beside, plain };
  return { ...route, plain, beside, ...(isSecured && { secured }) };
}

/** Whether a route asks for TLS options that it does not get. */
export function lacksOptions({ tls }: HttpRoute, chosen: string | undefined, beside: BesideSni): boolean {
  return tls?.options !== undefined && (tls.options !== chosen || beside.below === true);
}

/** All routers of a host have the same options. A rule that hides its wildcard from SNI hides it from these as well. */
function toTls({ tls }: HttpRoute, chosen: string | undefined, { below }: BesideSni): RouteTls {
  const { options: _, ...rest } = tls ?? {};
  return { ...rest, ...(chosen !== undefined && below !== true && { options: chosen }) };
}

/**
 * What of annotations an intent carries. One that another object has taken counts as well: it has a problem of its own. A filter that
 * a route goes without (a redirect to HTTPS where there is none) does not.
 */
export function listUses(intent: Intent | Settled): readonly AnnotationUse[] {
  if (!('filters' in intent) || intent.filters.length === 0) return intent.why.uses;
  const filters: readonly Filter<unknown>[] = intent.filters;
  const idle: readonly Filter<unknown>[] =
    'beside' in intent && intent.backend.kind !== 'status'
      ? intent.filters.filter((filter) => !listServed(intent).includes(filter))
      : [];
  return [...intent.why.uses, ...filters.filter((filter) => !idle.includes(filter)).map(({ use }) => use)];
}

/** What its requests pass through: on plain HTTP all of it, where it is served there. */
function listServed({ plain, secured }: SettledRoute): readonly Filter<unknown>[] {
  return plain ?? secured?.filters ?? [];
}

/** What leads nowhere is not changed on its way, access limits included, as nothing is there to protect. But it may lead elsewhere. */
function isWanted({ stage }: Filter<unknown>, backend: HttpBackend): boolean {
  if (backend.kind !== 'status') return true;
  return backend.closed !== true && (stage === 'https' || stage === 'redirect');
}
