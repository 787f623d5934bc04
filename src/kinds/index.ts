import type { Kind, ObjectRef } from '../model/object-ref.ts';
import type { Meta, SourceObject } from '../model/objects.ts';
import type { Problem, Report } from '../model/problem.ts';
import { ProblemList } from '../model/problem-list.ts';
import { toConfigMap } from './config-map.ts';
import { toEndpointSlice } from './endpoint-slice.ts';
import { toEndpointsSlices } from './endpoints.ts';
import { expandList } from './expand-list.ts';
import { isObject, reportMalformed, type RawObject } from '../lib/raw-fields.ts';
import { toIngressClass } from './ingress-class.ts';
import { toIngress } from './ingress.ts';
import { toClaimedName, toMeta, toRef } from './meta.ts';
import { toSecret } from './secret.ts';
import { toService } from './service.ts';

/** How one kind of one API version is read. */
export interface KindReader {
  /** The kind of what it is read into: an `Endpoints` object becomes EndpointSlices. */
  readonly kind: Kind;
  readonly namespaced: boolean;
  /** Narrows one object. Undefined when too much of it is malformed; each fault has been reported. */
  read(raw: RawObject, meta: Meta, report: Report): SourceObject | readonly SourceObject[] | undefined;
}

/** Every `apiVersion/kind` that Fairlead reads. */
export const kindReaders: ReadonlyMap<string, KindReader> = new Map<string, KindReader>([
  ['discovery.k8s.io/v1/EndpointSlice', { kind: 'EndpointSlice', namespaced: true, read: toEndpointSlice }],
  [
    'discovery.k8s.io/v1beta1/EndpointSlice',
    { kind: 'EndpointSlice', namespaced: true, read: toEndpointSlice },
  ],
  ['extensions/v1beta1/Ingress', { kind: 'Ingress', namespaced: true, read: toIngress }],
  ['networking.k8s.io/v1/Ingress', { kind: 'Ingress', namespaced: true, read: toIngress }],
  ['networking.k8s.io/v1/IngressClass', { kind: 'IngressClass', namespaced: false, read: toIngressClass }],
  ['networking.k8s.io/v1beta1/Ingress', { kind: 'Ingress', namespaced: true, read: toIngress }],
  [
    'networking.k8s.io/v1beta1/IngressClass',
    { kind: 'IngressClass', namespaced: false, read: toIngressClass },
  ],
  ['v1/ConfigMap', { kind: 'ConfigMap', namespaced: true, read: toConfigMap }],
  ['v1/Endpoints', { kind: 'EndpointSlice', namespaced: true, read: toEndpointsSlices }],
  ['v1/Secret', { kind: 'Secret', namespaced: true, read: toSecret }],
  ['v1/Service', { kind: 'Service', namespaced: true, read: toService }],
]);

/** Who a manifest is about, with the kind as it is written there: `Endpoints` stays `Endpoints`. */
export interface ManifestIdentity {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** What became of one manifest. */
export type Narrowed =
  | { readonly kind: 'read'; readonly identity: ManifestIdentity; readonly objects: readonly SourceObject[] }
  /** Too much of it is malformed to serve it, but it is known which object it is. */
  | { readonly kind: 'refused'; readonly identity: ManifestIdentity }
  /** A kind that Fairlead does not read, or something that cannot be named; the latter is reported. */
  | { readonly kind: 'ignored' };

/** Narrows one object, which is not a list. Total: whatever the value is, it never throws. */
export function toNarrowed(raw: unknown, source: string, report: (problem: Problem) => void): Narrowed {
  if (raw === null || raw === undefined) return { kind: 'ignored' };
  if (!isObject(raw) || typeof raw['kind'] !== 'string' || typeof raw['apiVersion'] !== 'string') {
    reportUntyped(raw, source, report);
    return { kind: 'ignored' };
  }
  const written = raw['kind'];
  const reader = kindReaders.get(`${raw['apiVersion']}/${written}`);
  if (reader === undefined) {
    // Only a malformed list comes here: the items of the others have been taken out.
    if (written === 'List') reportUntyped(raw, source, report);
    return { kind: 'ignored' };
  }
  const subject = { source, kind: written, ...toClaimedName(raw, reader.namespaced) };
  const problems = new ProblemList(subject);
  const ref = toRef(raw, reader.kind, reader.namespaced, source, problems.report);
  const narrowed: Narrowed =
    ref === undefined ? { kind: 'ignored' } : toRead(raw, written, reader, ref, problems.report);
  for (const problem of problems.toArray()) report(problem);
  return narrowed;
}

/**
 * Narrows a whole document: an object, or a list of them. Kinds that Fairlead does not read are left out silently, and
 * so are objects that are too malformed to serve, with problems.
 */
export function toSourceObjects(
  raw: unknown,
  source: string,
  report: (problem: Problem) => void,
): SourceObject[] {
  const objects: SourceObject[] = [];
  for (const item of expandList(raw)) {
    const narrowed = toNarrowed(item.raw, source, report);
    if (narrowed.kind === 'read') objects.push(...narrowed.objects);
  }
  return objects;
}

function toRead(
  raw: RawObject,
  written: string,
  reader: KindReader,
  ref: ObjectRef,
  report: Report,
): Narrowed {
  const identity = { kind: written, namespace: ref.namespace, name: ref.name };
  const meta = toMeta(raw, ref, report);
  const result = meta === undefined ? undefined : reader.read(raw, meta, report);
  if (result === undefined) return { kind: 'refused', identity };
  return { kind: 'read', identity, objects: isMany(result) ? result : [result] };
}

function isMany(result: SourceObject | readonly SourceObject[]): result is readonly SourceObject[] {
  return Array.isArray(result);
}

function reportUntyped(raw: unknown, source: string, report: (problem: Problem) => void): void {
  const written = isObject(raw) && typeof raw['kind'] === 'string' ? raw['kind'] : 'Object';
  const claimed = isObject(raw) ? toClaimedName(raw, true) : { namespace: '', name: '(unnamed)' };
  const problems = new ProblemList({ source, kind: written, ...claimed });
  const about = problems.report;
  if (!isObject(raw)) reportMalformed(about, '', raw, 'a Kubernetes object');
  else if (typeof raw['kind'] !== 'string')
    reportMalformed(about, 'kind', raw['kind'], 'the kind of an object');
  else if (written === 'List') reportMalformed(about, 'items', raw['items'], 'a list of objects');
  else reportMalformed(about, 'apiVersion', raw['apiVersion'], 'an API version such as v1');
  for (const problem of problems.toArray()) report(problem);
}
