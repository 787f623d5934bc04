import type { HttpBackendRef, MirrorFilter, RouteFilter } from '../../model/route-specs.ts';
import { protectiveStages } from '../../annotations/directives.ts';
import { failed, unavailable, type BackendFilter, type HttpBackend } from '../../routes/backend.ts';
import type { Filter } from '../../routes/intent.ts';
import type { AnnotationUse } from '../../routes/why.ts';
import type { HttpMiddleware } from '../../traefik/http-middleware.ts';
import type { Sticky } from '../../traefik/http-service.ts';
import { knowsServiceMiddlewares } from '../../traefik/versions.ts';
import type { Finding } from '../backend/finding.ts';
import { toElementName } from '../context.ts';
import { toSideCookie } from '../moves/backend-tree.ts';
import { toFilterParts, type FilterPlace } from './filters.ts';
import { withMirrors, type Mirror } from './mirrors.ts';
import type { RouteRefs } from './rule-refs.ts';
import type { RequestRule } from './rules.ts';
import { toServiceBackend, type BackendSite, type ServiceBackend } from './service-backend.ts';
import { toSticky } from './session.ts';
import { countElements } from './url-path.ts';
import { unsupported, type FieldRefusal } from './unsupported.ts';

/** Where the requests of a rule go. */
export interface RuleBackend {
  readonly backend: HttpBackend;
  /** What stands before all of it. */
  readonly filters: readonly Filter<HttpMiddleware>[];
  readonly uses: readonly AnnotationUse[];
  /** What is wrong with its Services, with the field that names them. */
  readonly findings: readonly Finding[];
}

/** The rule whose backend is put together, and where it is for. */
export interface RuleSite extends BackendSite {
  readonly refs: RouteRefs;
  readonly rule: RequestRule;
  readonly place: FilterPlace;
  /** What is different for this place, as a part of names; empty: nothing. */
  readonly variant: string;
}

interface Share {
  readonly ref: HttpBackendRef;
  readonly weight: number;
  readonly made: ServiceBackend;
}

/** The backend of a rule: its refs by their weights, what leads to nothing with its share of 500; or why it cannot be. */
export function toRuleBackend(site: RuleSite): FieldRefusal | RuleBackend {
  const { rule } = site;
  const sticky = rule.session && toSticky(rule.session);
  if (sticky !== undefined && 'code' in sticky) return sticky;
  const shares: Share[] = [];
  const isAlone = rule.backendRefs.length === 1;
  for (const [index, ref] of rule.backendRefs.entries()) {
    const made = toShare(site, ref, index, isAlone, sticky);
    if ('code' in made) return made;
    shares.push({ ref, weight: ref.weight, made });
  }
  const { backend, filters } = toWhole(site, shares, sticky);
  const mirrored = addMirrors(site, rule, backend, []);
  return {
    backend: mirrored.backend,
    filters,
    uses: [...shares.flatMap(({ made }) => made.uses), ...mirrored.uses],
    findings: [...shares.flatMap(({ made }) => made.findings), ...mirrored.findings],
  };
}

function toKey({ context, route, rule, client, variant }: RuleSite, ...rest: readonly string[]): string {
  const { ref } = route.meta;
  const own = variant === '' ? [] : [variant];
  const by = client === undefined ? [] : ['~by', client.name];
  return toElementName(context, ref, ref.kind.toLowerCase(), `rule-${rule.index}`, ...rest, ...own, ...by);
}

function toWhole(
  site: RuleSite,
  shares: readonly Share[],
  sticky: Sticky | undefined,
): Pick<RuleBackend, 'backend' | 'filters'> {
  const { rule } = site;
  const [only, ...others] = shares;
  if (only === undefined) {
    const isAnswered = rule.filters.some(({ type }) => type === 'RequestRedirect');
    return { backend: isAnswered ? unavailable : failed, filters: [] };
  }
  const weighed = shares.filter(({ weight }) => weight > 0);
  if (weighed.length === 0) return { backend: unavailable, filters: [] };
  if (others.length === 0) return only.made;
  const side = toSideCookie(sticky);
  const branches = weighed.map(({ weight, made }) => ({ weight, backend: made.backend }));
  return {
    backend: { kind: 'weighted', key: toKey(site), branches, ...(side && { sticky: side }) },
    filters: [],
  };
}

/** One ref with its own filters; those of its Service stand before the route where it is the only one. */
function toShare(
  site: RuleSite,
  ref: HttpBackendRef,
  index: number,
  isAlone: boolean,
  sticky: Sticky | undefined,
): FieldRefusal | ServiceBackend {
  const target = site.refs.targets.get(ref);
  const name = `backend-${index}`;
  const parts = toFilterParts(ref.filters, site.place);
  if ('code' in parts) return parts.code === 'gateway-refs-unresolved' ? nothing : parts;
  if (target === undefined) return nothing;
  const made = toServiceBackend(site, site.rule, sticky, target);
  const mirrored = addMirrors(site, ref, made.backend, [name]);
  const uses = [...made.uses, ...mirrored.uses, ...made.filters.map(({ use }) => use)];
  const findings = [...at(ref, made.findings), ...mirrored.findings];
  const { backend } = mirrored;
  if (parts.length === 0 && (isAlone || made.filters.length === 0))
    return { backend, filters: made.filters, uses, findings };
  if (!knowsServiceMiddlewares(site.fleet.traefik)) return tooOld(ref, site);
  const own = parts.map(({ role, value }) => ({ key: toKey(site, name, role), value }));
  // Redirects to HTTPS are for routers alone.
  const ofService = made.filters.filter(({ stage }) => stage !== 'https');
  const filters: readonly BackendFilter[] = [...ofService.map(({ key, value }) => ({ key, value })), ...own];
  const rest = { filters: [], uses, findings };
  if (filters.length === 0) return { ...rest, backend };
  return { ...rest, backend: { kind: 'filtered', key: toKey(site, name), filters, backend } };
}

const nothing: ServiceBackend = { backend: failed, filters: [], findings: [], uses: [] };

function tooOld({ field }: HttpBackendRef, { fleet: { name, traefik } }: RuleSite): FieldRefusal {
  return unsupported(
    field,
    `Traefik ${traefik.major}.${traefik.minor} of fleet ${name} has no filters for one of several backends, nor what the annotations of its Service ask for`,
    'Update Traefik and fleets[].traefik, or give the rule one backend and the filters.',
  );
}

/** Copies of the requests of a backend, for those of its mirrors that can be reached. */
function addMirrors(
  site: RuleSite,
  { filters }: { readonly filters: readonly RouteFilter[] },
  main: HttpBackend,
  name: readonly string[],
): Pick<RuleBackend, 'backend' | 'findings' | 'uses'> {
  const uses: AnnotationUse[] = [];
  const findings: Finding[] = [];
  const mirrors: Mirror[] = [];
  for (const filter of filters) {
    const target = filter.type === 'RequestMirror' ? site.refs.targets.get(filter.backendRef) : undefined;
    if (filter.type !== 'RequestMirror' || target === undefined) continue;
    const made = toServiceBackend(site, site.rule, undefined, target);
    uses.push(...made.uses);
    findings.push(...at(filter, made.findings));
    if (made.filters.some(({ stage }) => protectiveStages.has(stage))) findings.push(explainLimited(filter));
    else mirrors.push({ filter, backend: made.backend });
  }
  return { backend: withMirrors(main, mirrors, (role) => toKey(site, ...name, role)), findings, uses };
}

function at({ field }: { readonly field: string }, findings: readonly Finding[]): readonly Finding[] {
  return findings.map((finding) => ({ ...finding, field }));
}

/** Copies pass no middleware. */
function explainLimited({ field }: MirrorFilter): Finding {
  return {
    code: 'gateway-value-unsupported',
    field,
    message: 'the Service that gets copies limits access, which cannot be held for copies; none are sent',
    hint: 'Mirror to a Service without access limits.',
  };
}

/** What is different for a place in the filters of the backends of a rule, as a part of names; empty: nothing. */
export function toVariant({ backendRefs }: RequestRule, { port, isTls, path }: FilterPlace): string {
  const filters = backendRefs.flatMap((ref) => ref.filters);
  const redirects = filters.some(({ type }) => type === 'RequestRedirect');
  const rewrites = filters.some(
    (filter) => filter.type === 'URLRewrite' && filter.path?.type === 'ReplacePrefixMatch',
  );
  return [
    ...(redirects ? [isTls ? 'tls' : 'plain', port] : []),
    ...(redirects || rewrites ? [countElements(path)] : []),
  ].join('-');
}
