import type { ConfigMap, Meta } from '../model/objects.ts';
import type { Report } from '../model/problem.ts';
import { malformed, reportMalformed, toMapping, type RawObject } from '../lib/raw-fields.ts';
import { defineKind } from './kind.ts';
import { toRecord, withoutAnnotations } from './meta.ts';

/** Settings of others that name it. */
export const configMap = defineKind({
  kind: 'ConfigMap',
  apiVersions: ['v1'],
  plural: 'configmaps',
  shortNames: ['cm'],
  namespaced: true,
  routed: false,
  cluster: undefined,
  read: toConfigMap,
});

/** A core/v1 ConfigMap with its texts; `binaryData` is not read. Undefined when `data` is not a mapping; a value that is no text is left out. */
function toConfigMap(raw: RawObject, meta: Meta, report: Report): ConfigMap | undefined {
  const data = toMapping(raw, 'data', '', report);
  if (data === malformed) return undefined;
  const pairs: [string, string][] = [];
  for (const [key, value] of Object.entries(data ?? {})) {
    if (typeof value === 'string') pairs.push([key, value]);
    else reportMalformed(report, `data[${key}]`, value, 'a text');
  }
  return { kind: 'ConfigMap', meta: withoutAnnotations(meta), data: toRecord(pairs) };
}
