import { isShutByHost, lacksOptions } from './host-options.ts';
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
import { keepsOut, type HostTlsOptions } from '../routes/tls-options.ts';
import type { AnnotationUse } from '../routes/why.ts';

/** What all routes together make of the host of one of them. */
export interface HostTls {
  /** It has TLS, by its own word or by that of another route which covers it. */
  readonly isSecured: boolean;
  /** It does by the word of someone on whom its redirects may depend. */
  readonly redirects: boolean;
  /** The TLS options of the host, by the word of those who may say so. */
  readonly options?: HostTlsOptions;
  /** As `SecuredRoute` has it. */
  readonly isBesideOptions?: true;
  /** As `SecuredRoute` has it. */
  readonly ofOneLabel?: HostTlsOptions;
}

export const noTls: HostTls = { isSecured: false, redirects: false };

/** An HTTP route as it was asked for, and what all routes together make of its host. */
interface OfHost {
  readonly tls: HostTls;
  readonly beside: BesideSni;
  /** Its number among those it is tied with. */
  readonly tie?: number | undefined;
}

/** A route as it is served. */
export function settleRoute(
  asked: HttpRoute,
  { tls: { isSecured, redirects, options, isBesideOptions, ofOneLabel }, beside, tie }: OfHost,
): SettledRoute {
  const isShut = lacksOptions(asked, options, beside) || isShutByHost(asked, options);
  const open = isShut ? { ...asked, backend: closed } : asked;
  const route = tie === undefined ? open : { tie, ...open };
  const filters = route.filters.filter((filter) => isWanted(filter, route.backend));
  const plain = redirects ? filters : filters.filter(({ whenTls }) => whenTls !== true);
  // Behind TLS a redirect to TLS would go in circles.
  const secured = {
    ...toTls(route, options, beside),
    ...(isBesideOptions && { isBesideOptions }),
    ...(ofOneLabel && { ofOneLabel }),
    filters: filters.filter(({ stage }) => stage !== 'https'),
  };
  if (route.place !== undefined)
    return route.place.isTls ? { beside, secured, ...route } : { beside, ...route, ...toPlain(route, plain) };
  return { beside, ...route, ...toPlain(route, plain), ...(isSecured && { secured }) };
}

/** A route that lets in only who shows a certificate has nobody to let in on plain HTTP, but may send them to HTTPS. */
function toPlain(
  { tls, backend }: HttpRoute,
  plain: HttpRoute['filters'],
): Pick<SettledRoute, 'isShutInClear' | 'plain'> {
  const isSent = plain.some(({ stage }) => stage === 'https');
  if (isSent || backend.kind === 'status' || !keepsOut(tls?.options)) return { plain };
  return { plain: [], isShutInClear: true };
}

/** All routers of a host have the same options. A rule that hides its wildcard from SNI hides it from these as well. */
function toTls({ tls }: HttpRoute, chosen: HostTlsOptions | undefined, { below }: BesideSni): RouteTls {
  const { options: _, apart: __, ...rest } = tls ?? {};
  const isNamed = chosen !== undefined && chosen.kind !== 'unusable' && below !== true;
  return { ...rest, ...(isNamed && { options: chosen }) };
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
function listServed({ plain, isShutInClear, secured }: SettledRoute): readonly Filter<unknown>[] {
  return (isShutInClear === true ? undefined : plain) ?? secured?.filters ?? [];
}

/** What leads nowhere is not changed on its way, access limits included, as nothing is there to protect. But it may lead elsewhere. */
function isWanted({ stage }: Filter<unknown>, backend: HttpBackend): boolean {
  if (backend.kind !== 'status') return true;
  return backend.closed !== true && (stage === 'https' || stage === 'redirect');
}
