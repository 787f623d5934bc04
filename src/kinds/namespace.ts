import type { Meta, Namespace } from '../model/objects.ts';
import type { Report } from '../model/problem.ts';
import { isObject, malformed, reportMalformed, toMapping, type RawObject } from '../lib/raw-fields.ts';
import { defineKind } from './kind.ts';
import { toRecord, withoutAnnotations } from './meta.ts';
import { shareText } from './share.ts';

/** Its labels, by which others choose namespaces. */
export const namespace = defineKind({
  kind: 'Namespace',
  apiVersions: ['v1'],
  plural: 'namespaces',
  shortNames: ['ns'],
  namespaced: false,
  routed: false,
  cluster: {},
  // People put it beside each application that is in it.
  repeatable: true,
  read: toNamespace,
});

/** A core/v1 Namespace. Undefined when its labels are no mapping; a label that is no text is left out. */
function toNamespace(raw: RawObject, meta: Meta, report: Report): Namespace | undefined {
  const metadata = isObject(raw['metadata']) ? raw['metadata'] : {};
  const labels = toMapping(metadata, 'labels', 'metadata.', report);
  if (labels === malformed) return undefined;
  const pairs = Object.entries(labels ?? {}).flatMap(([key, value]): readonly [string, string][] => {
    if (typeof value === 'string') return [[shareText(key), value]];
    reportMalformed(report, `metadata.labels[${key}]`, value, 'a text');
    return [];
  });
  // The API server gives it to every namespace; manifests do without: https://kubernetes.io/docs/reference/labels-annotations-taints
  const own = [['kubernetes.io/metadata.name', meta.ref.name]] as const;
  return { kind: 'Namespace', meta: withoutAnnotations(meta), labels: toRecord([...pairs, ...own]) };
}
