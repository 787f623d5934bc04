import { managedBy } from '../model/managed-by.ts';
import type { Endpoint, EndpointPort, EndpointSlice, Meta } from '../model/objects.ts';
import type { Report } from '../model/problem.ts';
import { mapGiven } from '../lib/map-given.ts';
import { malformed, reportMalformed, toGiven, toList } from '../lib/raw-fields.ts';
import { isObject, type RawObject } from '../lib/raw-object.ts';
import { slicesOf } from './index-keys.ts';
import { joinAlike } from './join-alike.ts';
import { defineKind } from './kind.ts';
import { withOwnAnnotations } from './meta.ts';
import { toPortNumber, toProtocol } from './ports.ts';
import { sharePorts, shareText } from './share.ts';

const serviceLabel = 'kubernetes.io/service-name';

/** The endpoints of Services. */
export const endpointSlice = defineKind({
  kind: 'EndpointSlice',
  apiVersions: ['discovery.k8s.io/v1', 'discovery.k8s.io/v1beta1'],
  plural: 'endpointslices',
  shortNames: [],
  namespaced: true,
  routed: false,
  cluster: {},
  read: toEndpointSlice,
  index: ({ meta: { ref }, service }) =>
    service === undefined ? [] : [slicesOf({ ...ref, kind: 'Service', name: service })],
});

/**
 * A discovery.k8s.io EndpointSlice. Undefined when its list of endpoints or ports cannot be read; a single malformed
 * endpoint or port is left out.
 */
function toEndpointSlice(raw: RawObject, meta: Meta, report: Report): EndpointSlice | undefined {
  const rawEndpoints = toList(raw, 'endpoints', '', report);
  const rawPorts = toList(raw, 'ports', '', report);
  if (rawEndpoints === malformed || rawPorts === malformed) return undefined;
  const endpoints = joinAlike(mapGiven(rawEndpoints ?? [], (each, index) => toEndpoint(each, index, report)));
  const labels = toLabels(raw);
  const service = toServiceName(labels, report);
  return {
    kind: 'EndpointSlice',
    meta: withOwnAnnotations(meta),
    ...(service !== undefined && { service }),
    addressType: toAddressType(raw, endpoints, report),
    ...(!isMadeByKubernetes('EndpointSlice', labels) && { byHand: true }),
    ports: toEndpointPorts(rawPorts ?? [], 'ports', report),
    endpoints,
  };
}

/** The ports of a slice or of a subset; malformed ones, and those without a number, are left out. */
export function toEndpointPorts(
  list: readonly unknown[],
  path: string,
  report: Report,
): readonly EndpointPort[] {
  const ports: EndpointPort[] = [];
  for (const [index, raw] of list.entries()) {
    const inside = `${path}[${index}]`;
    if (!isObject(raw)) {
      reportMalformed(report, inside, raw, 'a mapping with a port number');
      continue;
    }
    const name = raw['name'] ?? '';
    const port = toPortNumber(raw, 'port', `${inside}.`, report);
    const protocol = toProtocol(raw, `${inside}.`, report);
    if (typeof name !== 'string') reportMalformed(report, `${inside}.name`, name, 'a text');
    else if (typeof port === 'number' && protocol !== malformed) ports.push({ name, port, protocol });
  }
  return sharePorts(ports);
}

// Paths of fields are put together only for what is wrong: there may be 100,000 endpoints.
function toEndpoint(raw: unknown, index: number, report: Report): Endpoint | undefined {
  const addresses = isObject(raw) ? raw['addresses'] : undefined;
  if (!isObject(raw) || !isTextList(addresses)) {
    const field = isObject(raw) ? `endpoints[${index}].addresses` : `endpoints[${index}]`;
    reportMalformed(report, field, isObject(raw) ? addresses : raw, 'a list of addresses');
    return undefined;
  }
  const conditions = raw['conditions'] ?? undefined;
  if (conditions !== undefined && !isObject(conditions)) {
    reportMalformed(report, `endpoints[${index}].conditions`, conditions, 'a mapping');
    return undefined;
  }
  const hostname = toGiven(raw['hostname']);
  const ready = toCondition(conditions, 'ready', true);
  const serving = toCondition(conditions, 'serving', ready ?? false);
  const terminating = toCondition(conditions, 'terminating', false);
  if (ready === undefined || serving === undefined || terminating === undefined) {
    reportMalformed(report, `endpoints[${index}].conditions`, conditions, 'a mapping of true and false');
    return undefined;
  }
  if (hostname !== undefined && typeof hostname !== 'string')
    reportMalformed(report, `endpoints[${index}].hostname`, hostname, 'a text');
  return {
    addresses,
    ready,
    serving,
    terminating,
    ...(typeof hostname === 'string' && { hostname: shareText(hostname) }),
    ...toZones(raw['hints']),
  };
}

/** Hints only say what is better: what cannot be read of them is as if it were not there. */
function toZones(hints: unknown): Pick<Endpoint, 'zones'> {
  const list: unknown = isObject(hints) ? hints['forZones'] : undefined;
  if (!Array.isArray(list)) return {};
  const zones = list.flatMap((each: unknown) =>
    isObject(each) && typeof each['name'] === 'string' ? shareText(each['name']) : [],
  );
  return zones.length === 0 ? {} : { zones };
}

function toCondition(conditions: RawObject | undefined, key: string, absent: boolean): boolean | undefined {
  const value = conditions?.[key] ?? absent;
  return typeof value === 'boolean' ? value : undefined;
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** Whether the labels of endpoints say that Kubernetes itself made them. */
export function isMadeByKubernetes(kind: keyof typeof managedBy, labels: RawObject): boolean {
  const { label, value } = managedBy[kind];
  return labels[label] === value;
}

/** The labels of an object as they are written; none when they are malformed. */
export function toLabels(raw: RawObject): RawObject {
  const metadata = isObject(raw['metadata']) ? raw['metadata'] : {};
  return isObject(metadata['labels']) ? metadata['labels'] : {};
}

/** A slice without the label belongs to no Service, as the API server takes it: some keep their locks in such ones. */
function toServiceName(labels: RawObject, report: Report): string | undefined {
  const value = labels[serviceLabel] ?? '';
  if (typeof value === 'string') return value === '' ? undefined : shareText(value);
  reportMalformed(report, `metadata.labels[${serviceLabel}]`, value, 'the name of the Service');
  return undefined;
}

function toAddressType(
  raw: RawObject,
  endpoints: readonly Endpoint[],
  report: Report,
): EndpointSlice['addressType'] {
  const value = raw['addressType'];
  if (value === 'IPv4' || value === 'IPv6' || value === 'FQDN') return value;
  reportMalformed(report, 'addressType', value, 'IPv4, IPv6 or FQDN');
  return endpoints.some(({ addresses }) => addresses.some((address) => address.includes(':')))
    ? 'IPv6'
    : 'IPv4';
}
