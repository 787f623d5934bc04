import type { ConfigMap, Meta } from '../model/objects.ts';
import type { Report } from '../model/problem.ts';
import { malformed, reportMalformed, toMapping } from '../lib/raw-fields.ts';
import type { RawObject } from '../lib/raw-object.ts';
import { defineKind } from './kind.ts';
import { toRecord, withoutAnnotations } from './meta.ts';

/**
 * How much text of one ConfigMap is kept, in UTF-16 code units: plenty for authorities, headers and lists of a thousand ports. Most that
 * are larger are files for pods, such as dashboards; any of up to a megabyte could stand in any namespace.
 */
const mostText = 128 * 1024;

/** Settings, authorities and lists of ports, for those that name it. */
export const configMap = defineKind({
  kind: 'ConfigMap',
  apiVersions: ['v1'],
  plural: 'configmaps',
  shortNames: ['cm'],
  namespaced: true,
  routed: false,
  // Each namespace has that one, for the pods in it; no route is made of it.
  cluster: { fieldSelector: 'metadata.name!=kube-root-ca.crt', pageSize: 50 },
  read: toConfigMap,
});

/**
 * A core/v1 ConfigMap with its texts; `binaryData` is not read. Undefined when `data` is not a mapping; a value that is no text
 * is left out. One with more text than is kept goes without all of it, rather than with a part.
 */
function toConfigMap(raw: RawObject, meta: Meta, report: Report): ConfigMap | undefined {
  const data = toMapping(raw, 'data', '', report);
  if (data === malformed) return undefined;
  const own = withoutAnnotations(meta);
  const pairs: [string, string][] = [];
  let length = 0;
  for (const [key, value] of Object.entries(data ?? {})) {
    if (typeof value === 'string') {
      length += key.length + value.length;
      if (length > mostText) return { kind: 'ConfigMap', meta: own, data: toRecord([]), tooLarge: true };
      pairs.push([key, value]);
    } else if (value === null || value === undefined) pairs.push([key, '']);
    else reportMalformed(report, `data[${key}]`, value, 'a text');
  }
  return { kind: 'ConfigMap', meta: own, data: toRecord(pairs) };
}
