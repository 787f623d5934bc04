import type { Endpoint, EndpointSlice, Meta } from '../model/objects.ts';
import type { Report } from '../model/problem.ts';
import { isObject, malformed, reportMalformed, toList, toText, type RawObject } from '../lib/raw-fields.ts';
import { isMadeByKubernetes, toEndpointPorts, toLabels } from './endpoint-slice.ts';
import { shareText } from './share.ts';

/**
 * A core/v1 Endpoints object as one legacy EndpointSlice for each subset: the first has the name of the object, the
 * others `name~1` and so on, which no Kubernetes object can have. Undefined when its subsets cannot be read.
 */
export function toEndpointsSlices(
  raw: RawObject,
  meta: Meta,
  report: Report,
): readonly EndpointSlice[] | undefined {
  const subsets = toList(raw, 'subsets', '', report);
  if (subsets === malformed) return undefined;
  const byHand = !isMadeByKubernetes('Endpoints', toLabels(raw));
  return (subsets ?? []).flatMap((subset, index) => toSlice(subset, index, byHand, meta, report) ?? []);
}

function toSlice(
  raw: unknown,
  index: number,
  byHand: boolean,
  meta: Meta,
  report: Report,
): EndpointSlice | undefined {
  const path = `subsets[${index}]`;
  if (!isObject(raw)) {
    reportMalformed(report, path, raw, 'a mapping with addresses and ports');
    return undefined;
  }
  const ports = toList(raw, 'ports', `${path}.`, report);
  const endpoints = [
    ...toEndpoints(raw, 'addresses', true, path, report),
    ...toEndpoints(raw, 'notReadyAddresses', false, path, report),
  ];
  const { name } = meta.ref;
  return {
    kind: 'EndpointSlice',
    meta: index === 0 ? meta : { ...meta, ref: { ...meta.ref, name: `${name}~${index}` } },
    service: shareText(name),
    addressType: endpoints.some(({ addresses }) => addresses[0]?.includes(':')) ? 'IPv6' : 'IPv4',
    legacy: true,
    ...(byHand && { byHand }),
    ports: ports === malformed ? [] : toEndpointPorts(ports ?? [], `${path}.ports`, report),
    endpoints,
  };
}

function toEndpoints(
  subset: RawObject,
  key: 'addresses' | 'notReadyAddresses',
  ready: boolean,
  path: string,
  report: Report,
): readonly Endpoint[] {
  const list = toList(subset, key, `${path}.`, report);
  if (list === malformed || list === undefined) return [];
  return list.flatMap((raw, index) => {
    const inside = `${path}.${key}[${index}]`;
    const ip = isObject(raw) ? raw['ip'] : undefined;
    if (!isObject(raw) || typeof ip !== 'string') {
      reportMalformed(
        report,
        isObject(raw) ? `${inside}.ip` : inside,
        isObject(raw) ? ip : raw,
        'an address',
      );
      return [];
    }
    const hostname = toText(raw, 'hostname', `${inside}.`, report);
    const addresses = [ip];
    if (typeof hostname !== 'string') return { addresses, ready, serving: ready, terminating: false };
    return { addresses, ready, serving: ready, terminating: false, hostname: shareText(hostname) };
  });
}
