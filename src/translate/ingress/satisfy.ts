import { satisfyKey } from '../../annotations/nginx/satisfy.ts';
import { toMiddlewarePart } from '../../annotations/parts.ts';
import { toObjectKey } from '../../model/object-ref.ts';
import { annotationField, type Report } from '../../model/problem.ts';
import type { Filter } from '../../routes/intent.ts';
import type { HttpMiddleware } from '../../traefik/http-middleware.ts';
import { toElementName, type TranslateContext } from '../context.ts';
import { inOrder } from '../filters.ts';
import type { RequestBranch } from './canary-branches.ts';
import type { RoutedIngress } from './routed-ingress.ts';
import type { IngressTarget } from './target.ts';

type HttpFilter = Filter<HttpMiddleware>;

/** A rule has to name them all, and Traefik looks at one after the other. */
const mostNetworks = 50;

const networkRoles = ['allowlist', 'denylist', 'whitelist'];
const authRoles = ['auth', 'auth-request', 'users'];

/** Where requests go, and those of them that go another way. */
interface Divided {
  readonly target: IngressTarget;
  readonly branches: readonly RequestBranch[];
}

/**
 * With `satisfy: any` divides requests into those of the networks of the Ingress, of which nobody has to authenticate, and all others, who
 * have to. What other objects ask for, such as the Service behind it, holds for both.
 */
export function divide(
  context: TranslateContext,
  { ingress, reading }: RoutedIngress,
  { target, hasCanary }: { readonly target: IngressTarget; readonly hasCanary: boolean },
  report: Report,
): Divided {
  const { ref } = ingress.meta;
  const { filters, backend, uses } = target;
  const isOwn = (filter: HttpFilter, roles: readonly string[]): boolean =>
    filter.use.object === toObjectKey(ref) &&
    roles.some((role) => filter.use.part === toMiddlewarePart('middlewares', { role }));
  const limits = filters.filter((filter) => isOwn(filter, networkRoles));
  const auths = filters.filter((filter) => isOwn(filter, authRoles));
  const whole = { target, branches: [] };
  if (reading.directives.satisfy !== 'any' || limits.length === 0 || auths.length === 0) return whole;
  const clients = limits.map(({ value }) => toNetworks(value));
  const why = findHindrance(clients, auths, hasCanary);
  if (why !== undefined) {
    report('annotation-in-part', {
      field: annotationField(satisfyKey),
      message: `${why} both limits apply: clients must be in the allow-list and authenticate`,
      hint: 'Remove one of the limits, or give the clients of the networks a host of their own.',
    });
    return whole;
  }
  const cleaning = auths.flatMap((auth) =>
    toCleaning(toElementName(context, ref, 'ingress', 'satisfied'), auth),
  );
  const others = filters.filter((filter) => !limits.includes(filter));
  const free = inOrder([...others.filter((filter) => !auths.includes(filter)), ...cleaning]);
  const carried = [...uses, ...limits.map(({ use }) => use)];
  return {
    target: { ...target, filters: others, uses: carried },
    branches: [{ branch: 1, backend, clients, filters: free }],
  };
}

function toNetworks(value: HttpMiddleware | null): readonly string[] {
  return value !== null && 'ipAllowList' in value ? value.ipAllowList.sourceRange : [];
}

/** What Traefik cannot tell apart. */
function findHindrance(
  networks: readonly (readonly string[])[],
  auths: readonly HttpFilter[],
  hasCanary: boolean,
): string | undefined {
  const asks = auths.filter(({ value }) => value !== null && !('headers' in value));
  if (asks.length !== 1) return 'with two kinds of authentication';
  if (hasCanary) return 'with a canary';
  const count = networks.reduce((sum, list) => sum + list.length, 0);
  if (count > mostNetworks || networks.some((list) => list.length === 0))
    return `with an allow-list of more than ${mostNetworks} networks, or of none,`;
  return undefined;
}

/** What an auth service says of clients, nobody may say of himself who has not been asked. */
function toCleaning(key: string, { value, stage, use }: HttpFilter): readonly HttpFilter[] {
  if (value === null || !('forwardAuth' in value)) return [];
  const names = value.forwardAuth.authResponseHeaders ?? [];
  if (names.length === 0) return [];
  const customRequestHeaders = Object.fromEntries(names.map((name) => [name, '']));
  return [{ key, stage, use, value: { headers: { customRequestHeaders } } }];
}
