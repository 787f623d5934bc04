import type { NamedRef } from '../../model/gateway-specs.ts';
import { toObjectKey, type ObjectRef } from '../../model/object-ref.ts';
import type { BackendTLSPolicy } from '../../model/objects.ts';
import { ProblemList } from '../../model/problem-list.ts';
import { toEmptyTranslation, type Translation } from '../../routes/intent.ts';
import type { Condition } from '../../routes/status.ts';
import type { FleetSettings, TraefikVersion } from '../../settings/settings.ts';
import type { Translating } from '../context.ts';
import { toParent } from './attach.ts';
import { isConflicted, readPolicy, type PolicyResult } from './backend-tls.ts';
import { toCondition } from './conditions.ts';
import { gatewayGroup } from './grants.ts';
import type { ResolvedParent } from './resolved.ts';
import { reportRefusal, type FieldRefusal } from './unsupported.ts';

/** So many the status of a policy has room for. */
const mostAncestors = 16;

/** What the status of a policy says. It is carried out with the routes to its Services; one that no Gateway of ours leads to is left alone. */
export function translateBackendTlsPolicy(context: Translating, policy: BackendTLSPolicy): Translation {
  const unit = toObjectKey(policy.meta.ref);
  const gateways = listGateways(context, policy);
  if (gateways.length === 0) return toEmptyTranslation(unit);
  const problems = new ProblemList(policy.meta.ref);
  const fleets = [...new Set(gateways.flatMap((gateway) => gateway.fleets))];
  const result = judge(context, policy, toEldest(context.settings.fleets, fleets));
  for (const refusal of [result.accepted, result.resolvedRefs])
    if (refusal !== undefined) reportRefusal(refusal, problems.report);
  const conditions: readonly Condition[] = [
    toCondition('Accepted', result.accepted, {
      reason: 'Accepted',
      message: 'TLS is spoken to its Services',
    }),
    toCondition('ResolvedRefs', result.resolvedRefs, {
      reason: 'ResolvedRefs',
      message: 'All that the policy names is there',
    }),
  ];
  return {
    ...toEmptyTranslation(unit),
    fleets,
    problems: problems.toArray(),
    status: {
      of: 'Policy',
      ancestors: gateways.map(({ gateway }) => ({ ancestorRef: toAncestor(gateway), conditions })),
    },
  };
}

function judge(context: Translating, policy: BackendTLSPolicy, version: TraefikVersion): PolicyResult {
  const { source, namespace } = policy.meta.ref;
  const services = policy.targetRefs.filter(({ group, kind }) => group === '' && kind === 'Service');
  const found = services.filter(({ name }) => context.view.service(source, namespace, name) !== undefined);
  if (found.length === 0)
    return { accepted: refuse('TargetNotFound', 'none of the Services that it names exists', 'Create one.') };
  const isTaken = found.every(({ name, sectionName }) =>
    isConflicted(context, policy, { source, kind: 'Service', namespace, name }, sectionName),
  );
  const result = withTcp(context, policy, readPolicy(context, policy, version));
  if (!isTaken) return result;
  const hint = 'Remove one of the two, or name a port in sectionName.';
  return { ...result, accepted: refuse('Conflicted', 'an elder BackendTLSPolicy has its Service', hint) };
}

/** Where routes for TCP and TLS alone lead to its Services, names other than the host are compared by nobody. */
function withTcp(
  { view }: Pick<Translating, 'view'>,
  { meta, targetRefs, validation }: BackendTLSPolicy,
  result: PolicyResult,
): PolicyResult {
  if (validation.subjectAltNames.length === 0 || result.accepted !== undefined) return result;
  const routes = targetRefs.flatMap(({ name }) => view.routesTo({ ...meta.ref, kind: 'Service', name }));
  if (routes.some(({ kind }) => kind === 'HTTPRoute' || kind === 'GRPCRoute')) return result;
  const message =
    'over TCP Traefik compares a certificate with validation.hostname only, so that connections are closed';
  const hint = 'Remove subjectAltNames, or route HTTP to its Services.';
  const field = 'spec.validation.subjectAltNames';
  return { ...result, accepted: { ...refuse('Invalid', message, hint), field } };
}

function refuse(reason: string, message: string, hint: string): FieldRefusal {
  return { code: 'gateway-policy-refused', reason, field: 'spec.targetRefs', message, hint };
}

/** The Gateways of ours from which routes lead to the Services of a policy, each once. */
function listGateways(
  { view, parent }: Translating,
  { meta, targetRefs }: BackendTLSPolicy,
): readonly ResolvedParent[] {
  const gateways = new Map<string, ResolvedParent>();
  const services = new Set(targetRefs.map(({ name }) => name));
  // Each route once, however many of the Services it leads to.
  const routes = new Set(
    [...services].flatMap((name) => view.routesTo({ ...meta.ref, kind: 'Service', name })),
  );
  for (const route of routes) {
    for (const parentRef of route.parentRefs) {
      const ref = toParent(route.meta.ref, parentRef);
      const found = ref && parent(ref);
      if (found === undefined || gateways.size >= mostAncestors) continue;
      const key = toObjectKey(found.gateway);
      if (!gateways.has(key)) gateways.set(key, found);
    }
  }
  return [...gateways].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, gateway]) => gateway);
}

function toAncestor({ namespace, name }: ObjectRef): NamedRef {
  return { group: gatewayGroup, kind: 'Gateway', namespace, name, field: '' };
}

/** What all of the fleets can do. */
function toEldest(all: readonly FleetSettings[], names: readonly string[]): TraefikVersion {
  const versions = all.filter(({ name }) => names.includes(name)).map(({ traefik }) => traefik);
  const [eldest = { major: 3, minor: 0 }] = versions.toSorted(
    (a, b) => a.major - b.major || a.minor - b.minor,
  );
  return eldest;
}
