import { facts, listParts, toMiddlewarePart, toPlaceFact, toPlacePart } from '../../annotations/parts.ts';
import { isProtective, type CanaryDirective, type RouterDirective } from '../../annotations/directives.ts';
import type { Reading } from '../../annotations/read.ts';
import type { Ingress } from '../../model/objects.ts';
import type { HttpBackend, HttpSplit } from '../../routes/backend.ts';
import type { ValueMatch } from '../../routes/match.ts';
import type { HttpRoute } from '../../routes/intent.ts';
import { toUses, type AnnotationUse } from '../../routes/why.ts';
import { findServicePort } from '../backend/servers.ts';
import { readServiceAnnotations, toElementName, type Translating } from '../context.ts';
import type { FilterPart } from '../filters.ts';
import { findSticky, hasServers, toSideCookie } from '../moves/backend-tree.ts';
import { toMovedBackend } from '../moves/http-moves.ts';
import type { Dialect } from '../../settings/settings.ts';
import type { HttpMiddleware } from '../../traefik/http-middleware.ts';
import { toLiteralPattern } from '../../traefik/re2.ts';
import { inherit, type Canary } from './canary.ts';
import type { IngressTarget } from './target.ts';

/** Requests of a place that go elsewhere than the rest, or another way, by a header or by the network of the client. */
export interface RequestBranch {
  readonly header?: ValueMatch;
  /** As `HttpMatch` has it. */
  readonly clients?: readonly (readonly string[])[];
  /** Absent: what the rest passes through. */
  readonly filters?: HttpRoute['filters'];
  /** As `HttpRoute` has it. */
  readonly branch: number;
  readonly backend: HttpBackend;
}

/** What becomes of a place with its canary. */
export interface WithCanary {
  /** For the requests that no header and no cookie decides about. */
  readonly backend: HttpBackend;
  readonly branches: readonly RequestBranch[];
  readonly uses: readonly AnnotationUse[];
}

/** The Ingress that routes a place. */
interface Main {
  readonly ingress: Ingress;
  readonly reading: Reading;
  readonly fleets: readonly string[];
  readonly ingressClass?: string | undefined;
  readonly dialect: Dialect;
}

/** So many canaries of a place are looked at to find one with endpoints. */
const mostTried = 10;

/**
 * The eldest canary of a place that has endpoints takes its part of the requests. None does where the requests are answered with 503
 * whatever they ask for: there is nothing to try out there, and perhaps something to keep closed.
 */
export function withCanary(
  context: Translating,
  main: Main,
  target: IngressTarget,
  canaries: readonly Canary[],
): WithCanary {
  const uses: AnnotationUse[] = [];
  const { backend } = target;
  for (const [index, canary] of canaries.slice(0, mostTried).entries()) {
    const other = toOther(context, main, target, canary);
    if (other === undefined) {
      uses.push(...toUses(canary.ingress.meta.ref, [toPlaceFact('limited', canary.path.place ?? '')]));
      continue;
    }
    uses.push(...toCanaryUses(canary, main), ...other.uses);
    if (backend.kind === 'status' || !hasServers(other.backend)) continue;
    for (const younger of canaries.slice(index + 1, mostTried))
      uses.push(...toUses(younger.ingress.meta.ref, [toPlaceFact('younger', younger.path.place ?? '')]));
    return {
      backend: toWeighted(context, main, canary, backend, other.backend),
      branches: listBranches(canary.asks, backend, other.backend),
      uses,
    };
  }
  return { backend, branches: [], uses };
}

/** Where the requests for a canary go; undefined when the access limits there could not hold. */
function toOther(
  context: Translating,
  { ingress, reading, fleets, ingressClass, dialect }: Main,
  target: IngressTarget,
  canary: Canary,
): { readonly backend: HttpBackend; readonly uses: readonly AnnotationUse[] } | undefined {
  const { source, namespace, name } = canary.ingress.meta.ref;
  const { backend } = canary.path;
  const own = { ref: canary.ingress.meta.ref, directives: canary.reading.directives.middlewares ?? [] };
  if (canary.reading.directives.withhold === true || !isHeld(own, target)) return undefined;
  if (!isServedAlike(canary.reading, reading)) return undefined;
  const service =
    backend.kind === 'service' ? context.view.service(source, namespace, backend.name) : undefined;
  const port =
    service && backend.kind === 'service'
      ? findServicePort(service, backend.port, 'TCP', dialect)
      : undefined;
  if (service === undefined || port === undefined)
    return { backend: { kind: 'status', status: 503 }, uses: [] };
  const { directives } = readServiceAnnotations(context, service.meta);
  const moved = toMovedBackend(context, service, port, {
    ref: canary.ingress.meta.ref,
    reading: inherit(reading, canary.reading),
    names: [ingress.meta.ref.name, name],
    fleets,
    ingressClass,
    dialect,
    reference: backend.kind === 'service' ? backend.port : undefined,
  });
  const limits = [{ ref: service.meta.ref, directives: directives.middlewares ?? [] }, ...moved.limits];
  if (directives.withhold === true || !limits.every((part) => isHeld(part, target))) return undefined;
  return moved;
}

/** Whether whatever limits access holds for the place as a whole, in the very same way. */
function isHeld({ directives }: FilterPart<HttpMiddleware>, { filters }: IngressTarget): boolean {
  return directives.filter(isProtective).every((directive) => {
    const part = toMiddlewarePart('middlewares', directive);
    const text = JSON.stringify(directive.middleware);
    return filters.some(({ use, value }) => use.part === part && JSON.stringify(value) === text);
  });
}

/** Whether the canary is for no other entryPoints and no other clients than the route that it joins. */
function isServedAlike({ directives: own }: Reading, { directives: main }: Reading): boolean {
  const { clientAuth } = own;
  if (clientAuth && JSON.stringify(clientAuth.options) !== JSON.stringify(main.clientAuth?.options))
    return false;
  return own.router === undefined || toServing(own.router) === toServing(main.router ?? {});
}

function toServing({ entryPoints, tlsOptions }: RouterDirective): string {
  return JSON.stringify([entryPoints, tlsOptions]);
}

/** What of the annotations of a canary counts; what it has from the other Ingress, word for word, does as well. */
function toCanaryUses({ ingress, reading, path }: Canary, main: Main): readonly AnnotationUse[] {
  const shared = listParts(main.reading.directives);
  const parts = [...listParts(reading.directives)].filter(
    ([name, text]) => name.startsWith('canary/') || shared.get(name) === text,
  );
  return toUses(ingress.meta.ref, [
    facts.routed,
    facts.canary,
    toPlacePart(path.place ?? ''),
    ...parts.map(([name]) => name),
  ]);
}

function toWeighted(
  context: Translating,
  { ingress }: Main,
  { ingress: canary, asks, path }: Canary,
  main: HttpBackend,
  other: HttpBackend,
): HttpBackend {
  const { weight, total = 100, legacy } = asks;
  if (weight === 0) return main;
  if (weight === total) return other;
  const sticky = legacy === true ? undefined : toSideCookie(findSticky(main));
  const names = ['ingress', '~canary', canary.meta.ref.name, path.place ?? ''];
  const split: HttpSplit = {
    kind: 'weighted',
    key: toElementName(context, ingress.meta.ref, ...names),
    branches: [
      { backend: main, weight: total - weight },
      { backend: other, weight },
    ],
  };
  return sticky === undefined ? split : { ...split, sticky };
}

/** In the order of ingress-nginx: what the header says, then the cookie, then the weight. */
function listBranches(
  { header: name, value, pattern, cookie, weight }: CanaryDirective,
  main: HttpBackend,
  other: HttpBackend,
): readonly RequestBranch[] {
  const branches: RequestBranch[] = [];
  const add = (branch: number, header: ValueMatch, backend: HttpBackend): void =>
    void branches.push({ branch, header, backend });
  if (name !== undefined && pattern !== undefined) add(4, { type: 'Regex', name, value: pattern }, other);
  else if (name !== undefined) add(4, { type: 'Exact', name, value: value ?? 'always' }, other);
  const saysNever = name !== undefined && (value ?? pattern) === undefined;
  if (saysNever && (weight > 0 || cookie !== undefined))
    add(3, { type: 'Exact', name, value: 'never' }, main);
  if (cookie !== undefined) add(2, toCookieMatch(cookie, 'always'), other);
  if (cookie !== undefined && weight > 0) add(1, toCookieMatch(cookie, 'never'), main);
  return branches;
}

function toCookieMatch(name: string, value: string): ValueMatch {
  return { type: 'Regex', name: 'Cookie', value: `(?:.*;\\s*)?${toLiteralPattern(name)}=${value}(?:;.*)?` };
}
