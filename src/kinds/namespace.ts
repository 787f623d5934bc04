import type { Meta, Namespace } from '../model/objects.ts';
import type { Report } from '../model/problem.ts';
import { malformed } from '../lib/raw-fields.ts';
import type { RawObject } from '../lib/raw-object.ts';
import { defineKind } from './kind.ts';
import { toLabels, toRecord, withoutAnnotations } from './meta.ts';

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
  const labels = toLabels(raw, report);
  if (labels === malformed) return undefined;
  // The API server gives it to every namespace; manifests do without: https://kubernetes.io/docs/reference/labels-annotations-taints
  const own = [['kubernetes.io/metadata.name', meta.ref.name]] as const;
  return { kind: 'Namespace', meta: withoutAnnotations(meta), labels: toRecord([...labels, ...own]) };
}
