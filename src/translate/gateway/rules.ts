import type { BackendScheme } from '../../annotations/directives.ts';
import type { GRPCRoute, HTTPRoute } from '../../model/objects.ts';
import type {
  HttpBackendRef,
  HttpRouteRule,
  RouteFilter,
  SessionPersistence,
} from '../../model/route-specs.ts';
import { toGrpcMatch, toHttpMatch, type RuleMatch } from './matches.ts';
import type { FieldRefusal } from './unsupported.ts';

/** A route for requests of HTTP, gRPC among them. */
export type RequestRoute = GRPCRoute | HTTPRoute;

/** A rule of such a route, whichever it is. */
export interface RequestRule {
  readonly field: string;
  /** Names what is made of it; its place in the route. */
  readonly index: number;
  readonly matches: readonly (FieldRefusal | RuleMatch)[];
  readonly filters: readonly RouteFilter[];
  readonly backendRefs: readonly HttpBackendRef[];
  readonly session?: SessionPersistence;
  readonly retry?: NonNullable<HttpRouteRule['retry']>;
  /** Milliseconds for which an answer is waited for; of several the shortest. */
  readonly timeout?: number;
  /** What is spoken to backends that do not say it. */
  readonly scheme?: BackendScheme;
  /** Why it is not carried out, whatever it asks for. */
  readonly refusal?: FieldRefusal;
}

/** The rules of a route, of which the first so many matches are looked at. */
export function listRules(route: RequestRoute, mostMatches: number): readonly RequestRule[] {
  let left = mostMatches;
  const take = <T>(matches: readonly T[]): readonly T[] => {
    const some = matches.slice(0, left);
    left -= some.length;
    return some;
  };
  const rules: readonly RequestRule[] =
    route.kind === 'HTTPRoute'
      ? route.rules.map((rule, index) => {
          const { retry, timeouts } = rule;
          const timeout = toShortest([timeouts.request, timeouts.backendRequest]);
          return {
            matches: take(rule.matches).map(toHttpMatch),
            ...toCommon(rule, index),
            ...(retry && { retry }),
            ...(timeout !== undefined && { timeout }),
          };
        })
      : route.rules.map((rule, index) => ({
          matches: take(rule.matches).map(toGrpcMatch),
          scheme: 'h2c',
          ...toCommon(rule, index),
        }));
  return rules.filter(({ matches }) => matches.length > 0);
}

type Common = Pick<HttpRouteRule, 'backendRefs' | 'field' | 'filters' | 'sessionPersistence'>;

function toCommon({ field, filters, backendRefs, sessionPersistence: session }: Common, index: number) {
  return { field, index, filters, backendRefs, ...(session && { session }) };
}

/** 0 stands for no limit. */
function toShortest(times: readonly (number | undefined)[]): number | undefined {
  const limits = times.flatMap((time) => (time === undefined || time <= 0 ? [] : time));
  return limits.length > 0 ? Math.min(...limits) : undefined;
}
