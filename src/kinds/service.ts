import type { Meta, Service, ServicePort } from '../model/objects.ts';
import type { Report } from '../model/problem.ts';
import { toFlatText } from '../lib/flat-text.ts';
import { mapGiven } from '../lib/map-given.ts';
import {
  malformed,
  orAbsent,
  reportMalformed,
  toGiven,
  toList,
  toMapping,
  toText,
} from '../lib/raw-fields.ts';
import { isObject, type RawObject } from '../lib/raw-object.ts';
import { toIngressAddresses } from './ingress-status.ts';
import { defineKind } from './kind.ts';
import { toLabels } from './meta.ts';
import { toPortNumber, toPortReference, toProtocol } from './ports.ts';
import { shareText } from './share.ts';

/** What all traffic goes to, and what asks for ports and routes by its annotations. */
export const service = defineKind({
  kind: 'Service',
  apiVersions: ['v1'],
  plural: 'services',
  shortNames: ['svc'],
  namespaced: true,
  routed: true,
  cluster: {},
  read: toService,
});

/** A core/v1 Service. Undefined when `spec` or its list of ports cannot be read; a single malformed port is left out. */
function toService(raw: RawObject, meta: Meta, report: Report): Service | undefined {
  const spec = toMapping(raw, 'spec', '', report);
  if (spec === malformed) return undefined;
  const fields = spec ?? {};
  const ports = toList(fields, 'ports', 'spec.', report);
  if (ports === malformed) return undefined;
  const clusterIP = toClusterIP(fields, report);
  const externalName = orAbsent(toText(fields, 'externalName', 'spec.', report));
  const selector = orAbsent(toMapping(fields, 'selector', 'spec.', report));
  const externalIPs = toExternalIPs(fields, report);
  const loadBalancer = toIngressAddresses(raw['status']);
  return {
    kind: 'Service',
    meta,
    ...toLabelsOf(raw, report),
    type: toType(fields, report),
    ...(clusterIP !== undefined && clusterIP !== 'None' && { clusterIP }),
    ...toSecondClusterIP(fields, clusterIP),
    ...toIpFamily(fields),
    headless: clusterIP === 'None',
    ...(externalName !== undefined && { externalName }),
    hasSelector: selector !== undefined && Object.keys(selector).length > 0,
    ports: mapGiven(ports ?? [], (port, index) => toServicePort(port, `spec.ports[${index}]`, report)),
    ...(externalIPs.length > 0 && { externalIPs }),
    ...(loadBalancer.length > 0 && { loadBalancer }),
  };
}

function toLabelsOf(raw: RawObject, report: Report): Pick<Service, 'labelPairs'> {
  const pairs = toLabelPairs(orAbsent(toLabels(raw, report)) ?? []);
  return pairs.length === 0 ? {} : { labelPairs: pairs };
}

/** As a Service has them. */
export function toLabelPairs(labels: readonly (readonly [string, string])[]): readonly string[] {
  // Kubernetes takes no key with `=` in it. With one, which label it is would depend on where the text is cut.
  const fitting = labels.filter(([key]) => !key.includes('='));
  return fitting.map(([key, value]) => shareText(toFlatText(key, '=', value)));
}

function toExternalIPs(spec: RawObject, report: Report): readonly string[] {
  return (orAbsent(toList(spec, 'externalIPs', 'spec.', report)) ?? []).flatMap((address, index) => {
    if (typeof address === 'string') return address;
    reportMalformed(report, `spec.externalIPs[${index}]`, address, 'an IP address');
    return [];
  });
}

function toType(spec: RawObject, report: Report): Service['type'] {
  const value = toGiven(spec['type']) ?? 'ClusterIP';
  if (value === 'ClusterIP' || value === 'NodePort') return value;
  if (value === 'LoadBalancer' || value === 'ExternalName') return value;
  reportMalformed(report, 'spec.type', value, 'ClusterIP, NodePort, LoadBalancer or ExternalName');
  return 'ClusterIP';
}

function toClusterIP(spec: RawObject, report: Report): string | undefined {
  const single = orAbsent(toText(spec, 'clusterIP', 'spec.', report));
  if (single !== undefined && single !== '') return single;
  const [first] = orAbsent(toList(spec, 'clusterIPs', 'spec.', report)) ?? [];
  return typeof first === 'string' && first !== '' ? first : undefined;
}

function toSecondClusterIP(
  { clusterIPs }: RawObject,
  first: string | undefined,
): Pick<Service, 'secondClusterIP'> {
  const second: unknown = Array.isArray(clusterIPs) ? clusterIPs[1] : undefined;
  const isThere = typeof second === 'string' && second !== '' && first !== undefined && first !== 'None';
  return isThere ? { secondClusterIP: second } : {};
}

function toIpFamily({ ipFamilies }: RawObject): Pick<Service, 'ipFamily'> {
  const first: unknown = Array.isArray(ipFamilies) ? ipFamilies[0] : undefined;
  return first === 'IPv4' || first === 'IPv6' ? { ipFamily: first } : {};
}

function toServicePort(raw: unknown, path: string, report: Report): ServicePort | undefined {
  if (!isObject(raw)) {
    reportMalformed(report, path, raw, 'a mapping with a port number');
    return undefined;
  }
  const inside = `${path}.`;
  const name = toText(raw, 'name', inside, report);
  const port = toPortNumber(raw, 'port', inside, report);
  const protocol = toProtocol(raw, inside, report);
  const targetPort = toPortReference(raw, 'targetPort', inside, report);
  if (port === undefined)
    reportMalformed(report, `${inside}port`, raw['port'], 'a port number from 1 to 65535');
  if (name === malformed || protocol === malformed || targetPort === malformed) return undefined;
  if (port === malformed || port === undefined) return undefined;
  const appProtocol = orAbsent(toText(raw, 'appProtocol', inside, report));
  const nodePort = orAbsent(toPortNumber(raw, 'nodePort', inside, report));
  return {
    name: shareText(name ?? ''),
    port,
    protocol,
    ...(targetPort !== undefined && { targetPort }),
    ...(appProtocol !== undefined && appProtocol !== '' && { appProtocol }),
    ...(nodePort !== undefined && { nodePort }),
  };
}
