import type { ObjectRef } from '../../model/object-ref.ts';
import { countText } from '../../model/problem.ts';
import { managedBy } from '../../model/managed-by.ts';
import type { Endpoint, EndpointGroup, Service, ServicePort } from '../../model/objects.ts';
import type { Directives } from '../../annotations/directives.ts';
import { facts } from '../../annotations/parts.ts';
import type { ObjectLimits } from '../../settings/settings.ts';
import { toHostPort } from '../../traefik/server-url.ts';
import { forbidAddress, forbidByHand, type HandLimits } from './address-policy.ts';
import { explainEmptiness, explainWeights } from './emptiness.ts';
import { findEndpointPort } from './endpoint-port.ts';
import { isOfFamily, toFamily } from './ip-family.ts';
import type { Translating } from '../context.ts';
import type { Finding, Servers, WeightedAddress } from './finding.ts';
import { forbidName, forbidUnlisted } from './name-policy.ts';
import { toOwnAddresses } from './own-addresses.ts';
import { toWeights } from './weights.ts';

interface Candidate extends WeightedAddress {
  readonly endpoint: Endpoint;
}

/** What is wrong with an address of a slice as a server; undefined when it may be one. */
type Policy = (slice: EndpointGroup, address: string) => Finding | undefined;

/**
 * The endpoints of a Service port that can take traffic, with their weights. As kube-proxy does it: those that are ready,
 * and when there are none, those that still serve while they shut down; of them those for the zone, where one is asked for.
 * @param slices Where they stand; default all of the Service.
 */
export function resolveEndpoints(
  context: Translating,
  service: Service,
  port: ServicePort,
  directives: Directives,
  slices: readonly EndpointGroup[] = context.view.slicesOf(service.meta.ref),
): Servers {
  const policy = toPolicy(context, service);
  const family = toFamily(service, context.settings.services.ipFamily);
  const most = toMostEndpoints(context.settings.limits.object, service);
  const weights = toWeights(context, directives, slices, most);
  const findings: Finding[] = [];
  const candidates = new Map<string, Candidate>();
  let count = 0;
  for (const slice of slices) {
    const target = findEndpointPort(slice, port);
    if (target === undefined) continue;
    forEachAddress(slice, (endpoint, address) => {
      // Of what is left out, only how much it is.
      if (count <= most && !isOfFamily(address, family)) return;
      if (++count > most) return;
      const refusal = policy(slice, address);
      if (refusal !== undefined) {
        findings.push(refusal);
        return;
      }
      const key = toHostPort(address, target);
      // An address may be in two slices for a moment, while a controller moves it: the better news counts.
      if (candidates.get(key)?.endpoint.ready === true) return;
      const weight = weights.of(slice, endpoint, address);
      candidates.set(key, { address: key, host: address, port: target, weight, endpoint });
    });
  }
  if (count > most) findings.push(explainExcess(service, count, most));
  const addresses = choose([...candidates.values()], context.zone);
  if (addresses.length === 0 && findings.length === 0)
    findings.push(
      candidates.size > 0
        ? explainWeights(service)
        : explainEmptiness({
            service,
            port,
            groups: slices,
            family,
            isByHand: (group) => isByHand(service, group),
            mayHavePods: !context.folders.has(service.meta.ref.source),
          }),
    );
  return { addresses, findings, carried: [facts.endpoints, ...weights.carried], uses: weights.uses };
}

/**
 * What is wrong with endpoints that are written by hand, where traffic goes by the cluster IP or the DNS name of their
 * Service: the cluster leads there all the same.
 */
export function findForbiddenEndpoints(context: Translating, service: Service): readonly Finding[] {
  const policy = toPolicy(context, service);
  const most = context.settings.limits.object.endpoints;
  const findings: Finding[] = [];
  let count = 0;
  for (const slice of context.view.slicesOf(service.meta.ref)) {
    if (!isByHand(service, slice)) continue;
    forEachAddress(slice, (_, address) => {
      const refusal = ++count > most ? undefined : policy(slice, address);
      if (refusal !== undefined) findings.push(refusal);
    });
  }
  return findings;
}

/** With more ports than this a Service has fewer endpoints for each: ports times endpoints would be millions of servers. */
const portsWithAll = 20;

/** How many endpoints a port of a Service may have. */
function toMostEndpoints({ endpoints, ports }: ObjectLimits, service: Service): number {
  const count = Math.min(service.ports.length, ports);
  return count <= portsWithAll ? endpoints : Math.ceil((endpoints * portsWithAll) / count);
}

/** Not a generator: a hundred thousand addresses would be as many objects of its protocol. */
function forEachAddress(slice: EndpointGroup, visit: (endpoint: Endpoint, address: string) => void): void {
  for (const endpoint of slice.endpoints) {
    if (!endpoint.ready && !(endpoint.serving && endpoint.terminating)) continue;
    for (const address of endpoint.addresses) visit(endpoint, address);
  }
}

function choose(candidates: readonly Candidate[], zone: string | undefined): readonly WeightedAddress[] {
  const isAnyReady = candidates.some(({ endpoint }) => endpoint.ready);
  const able = candidates.filter(({ endpoint, weight }) => endpoint.ready === isAnyReady && weight > 0);
  const chosen = zone === undefined ? able : preferZone(able, zone);
  return chosen.toSorted((a, b) => (a.address < b.address ? -1 : 1));
}

/**
 * Hints count only where all have some and one is for the zone, as kube-proxy has it (pkg/proxy/topology.go): else hints that are not
 * complete yet would send all traffic to a few.
 */
function preferZone(able: readonly Candidate[], zone: string): readonly Candidate[] {
  if (able.some(({ endpoint }) => endpoint.zones === undefined)) return able;
  const near = able.filter(({ endpoint }) => endpoint.zones?.includes(zone));
  return near.length > 0 ? near : able;
}

/**
 * Whether endpoints are anything but the pods that Kubernetes found for a Service: then the configuration says who may name which.
 * Nothing of a slice is proof of who made it. But where a Service has a selector, the controller puts right whatever bears its label.
 */
function isByHand(service: Service, slice: EndpointGroup): boolean {
  return !service.hasSelector || slice.byHand === true || slice.addressType === 'FQDN';
}

/** What holds for addresses that are written by hand in a namespace. */
export function toHandLimits(context: Translating, { source, namespace }: ObjectRef): HandLimits {
  const own = toOwnAddresses(context.settings, context.view, source);
  return { rights: context.external.of(namespace), own };
}

function toPolicy(context: Translating, service: Service): Policy {
  const { ref } = service.meta;
  const rights = context.external.of(ref.namespace);
  const forbiddenByHand = forbidByHand(ref.namespace, rights);
  let limits: HandLimits | undefined;
  const forbid = ({ addressType }: EndpointGroup, address: string, byHand: boolean): string | undefined => {
    if (byHand && forbiddenByHand !== undefined) return forbiddenByHand;
    if (byHand) limits ??= toHandLimits(context, ref);
    if (addressType !== 'FQDN') return forbidAddress(address, byHand ? limits : undefined);
    const { names } = rights;
    if (!names.isOpen) return `is a name, and ${names.field} is not true`;
    return forbidName(address, context.settings, names) ?? forbidUnlisted(address, names);
  };
  return (slice, address) => {
    const why = forbid(slice, address, isByHand(service, slice));
    return why === undefined ? undefined : toFinding(context, service, slice, address, why);
  };
}

function toFinding(
  { folders }: Translating,
  service: Service,
  slice: EndpointGroup,
  address: string,
  why: string,
): Finding {
  const code = 'address-forbidden';
  const which = `endpoint ${JSON.stringify(address.slice(0, 80))} of Service ${service.meta.ref.name}`;
  if (!service.hasSelector || slice.byHand !== true || folders.has(service.meta.ref.source)) {
    const hint = 'Name another address in the endpoints, or ask the operators of the edge.';
    return { code, message: `${which} ${why}`, hint };
  }
  const { kind, name } = slice.meta.ref;
  const { label, value } = managedBy[kind === 'Endpoints' ? kind : 'EndpointSlice'];
  return {
    code,
    message: `${which} ${why}; it is in ${kind} ${name}, which Kubernetes did not create`,
    hint: `Remove it there, or ask the operators of the edge. Endpoints of pods are known by the label ${label}: ${value}.`,
  };
}

/** A Service has more endpoints than it may have. */
export function explainExcess({ meta, ports }: Service, count: number, most: number): Finding {
  const forEach = ports.length > portsWithAll ? ` for each of its ${countText(ports.length)} ports` : '';
  return {
    code: 'too-many-endpoints',
    message: `Service ${meta.ref.name} has ${countText(count)} endpoints of at most ${countText(most)}${forEach} (limits.object.endpoints); the last ones get no traffic`,
    hint: 'Divide the Service, use fairlead.dev/backends: clusterip, or ask the operators of the edge to raise the limit.',
  };
}
