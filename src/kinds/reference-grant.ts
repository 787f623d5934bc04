import type { GrantedKind, Meta, ReferenceGrant } from '../model/objects.ts';
import type { Report } from '../model/problem.ts';
import { malformed, reportMalformed, toList, toMapping, toText } from '../lib/raw-fields.ts';
import { isObject, type RawObject } from '../lib/raw-object.ts';
import { grantsIn } from './index-keys.ts';
import { defineKind } from './kind.ts';
import { withoutAnnotations } from './meta.ts';

/** Which objects of other namespaces may refer to those of its own. Both versions are of the same shape. */
export const referenceGrant = defineKind({
  kind: 'ReferenceGrant',
  apiVersions: ['gateway.networking.k8s.io/v1', 'gateway.networking.k8s.io/v1beta1'],
  plural: 'referencegrants',
  shortNames: ['refgrant'],
  namespaced: true,
  routed: false,
  cluster: { optional: true },
  read: toReferenceGrant,
  index: ({ meta: { ref } }) => [grantsIn(ref.source, ref.namespace)],
});

/** As many as the API server takes of each. */
const mostEntries = 16;

/** A ReferenceGrant. Undefined when a part of it cannot be read: it would grant something else than what it says. */
function toReferenceGrant(raw: RawObject, meta: Meta, report: Report): ReferenceGrant | undefined {
  const spec = toMapping(raw, 'spec', '', report);
  if (spec === malformed) return undefined;
  const from = toEntries(spec ?? {}, 'from', report).map(({ granted, entry, path }) => {
    const namespace = toText(entry, 'namespace', path, report);
    return granted !== undefined && typeof namespace === 'string' ? { ...granted, namespace } : undefined;
  });
  const to = toEntries(spec ?? {}, 'to', report).map(({ granted, entry, path }) => {
    const name = toText(entry, 'name', path, report);
    return granted === undefined || name === malformed ? undefined : { ...granted, ...(name && { name }) };
  });
  if (!from.every((each) => each !== undefined) || !to.every((each) => each !== undefined)) return undefined;
  return { kind: 'ReferenceGrant', meta: withoutAnnotations(meta), from, to };
}

interface Entry {
  readonly granted: GrantedKind | undefined;
  readonly entry: RawObject;
  readonly path: string;
}

function toEntries(spec: RawObject, key: 'from' | 'to', report: Report): readonly Entry[] {
  const list = toList(spec, key, 'spec.', report);
  if (list === malformed) return [{ granted: undefined, entry: {}, path: '' }];
  return (list ?? []).slice(0, mostEntries).map((entry, index) => {
    const path = `spec.${key}[${index}].`;
    if (!isObject(entry)) {
      reportMalformed(report, path.slice(0, -1), entry, 'a mapping');
      return { granted: undefined, entry: {}, path };
    }
    const group = toText(entry, 'group', path, report);
    const kind = toText(entry, 'kind', path, report);
    if (kind === undefined) reportMalformed(report, `${path}kind`, kind, 'the name of a kind');
    const isRead = group !== malformed && typeof kind === 'string';
    return { granted: isRead ? { group: group ?? '', kind } : undefined, entry, path };
  });
}
