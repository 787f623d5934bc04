import type { Endpoint, EndpointGroup, Endpoints, Meta } from '../model/objects.ts';
import type { Report } from '../model/problem.ts';
import { malformed, reportMalformed, toList, toText } from '../lib/raw-fields.ts';
import { isObject, type RawObject } from '../lib/raw-object.ts';
import { isMadeByKubernetes, toEndpointPorts, toLabels } from './endpoint-slice.ts';
import { slicesOf } from './index-keys.ts';
import { joinAlike } from './join-alike.ts';
import { defineKind } from './kind.ts';
import { withOwnAnnotations } from './meta.ts';
import { shareText } from './share.ts';

/** The endpoints of a Service as they were written before there were slices. Clusters copy them into slices. */
export const endpoints = defineKind({
  kind: 'Endpoints',
  apiVersions: ['v1'],
  plural: 'endpoints',
  shortNames: ['ep'],
  namespaced: true,
  routed: false,
  cluster: undefined,
  read: toEndpoints,
  index: ({ meta: { ref } }) => [slicesOf({ ...ref, kind: 'Service' })],
});

/** A core/v1 Endpoints object. Undefined when its subsets cannot be read; what is malformed in one of them is left out. */
function toEndpoints(raw: RawObject, meta: Meta, report: Report): Endpoints | undefined {
  const subsets = toList(raw, 'subsets', '', report);
  if (subsets === malformed) return undefined;
  const byHand = !isMadeByKubernetes('Endpoints', toLabels(raw));
  const own = withOwnAnnotations(meta);
  const groups = (subsets ?? []).flatMap(
    (subset, index) => toGroup(subset, index, byHand, own, report) ?? [],
  );
  return { kind: 'Endpoints', meta: own, groups };
}

function toGroup(
  raw: unknown,
  index: number,
  byHand: boolean,
  meta: Meta,
  report: Report,
): EndpointGroup | undefined {
  const path = `subsets[${index}]`;
  if (!isObject(raw)) {
    reportMalformed(report, path, raw, 'a mapping with addresses and ports');
    return undefined;
  }
  const ports = toList(raw, 'ports', `${path}.`, report);
  const list = [
    ...toAddresses(raw, 'addresses', true, path, report),
    ...toAddresses(raw, 'notReadyAddresses', false, path, report),
  ];
  return {
    meta,
    addressType: list.some(({ addresses }) => addresses[0]?.includes(':')) ? 'IPv6' : 'IPv4',
    ...(byHand && { byHand }),
    ports: ports === malformed ? [] : toEndpointPorts(ports ?? [], `${path}.ports`, report),
    endpoints: joinAlike(list),
  };
}

function toAddresses(
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
    if (typeof hostname !== 'string' || hostname === '')
      return { addresses, ready, serving: ready, terminating: false };
    return { addresses, ready, serving: ready, terminating: false, hostname: shareText(hostname) };
  });
}
