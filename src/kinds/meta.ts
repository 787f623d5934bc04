import type { Kind, ObjectRef } from '../model/object-ref.ts';
import type { Meta } from '../model/objects.ts';
import { annotationField, cut, type Report } from '../model/problem.ts';
import { describe, malformed, reportMalformed, toMapping, toText } from '../lib/raw-fields.ts';
import { isObject, type RawObject } from '../lib/raw-object.ts';
import { listWrittenAnnotations } from './managed-fields.ts';
import { isDnsLabel, isDnsSubdomain } from '../lib/dns-names.ts';
import { shareText } from './share.ts';

/** Objects without annotations share one empty record. It has no prototype: no key of a tenant meets one of JavaScript's. */
const noAnnotations: Readonly<Record<string, string>> = toRecord([]);
const ownDomain = 'fairlead.dev';
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
const utc = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

/** Who an object says it is, as far as it can be known; for the subject of problems about it. */
export function toClaimedName(
  raw: RawObject,
  namespaced: boolean,
): { readonly namespace: string; readonly name: string } {
  const metadata = isObject(raw['metadata']) ? raw['metadata'] : {};
  const { namespace, name } = metadata;
  return {
    namespace: namespaced ? (typeof namespace === 'string' ? namespace.slice(0, 253) : 'default') : '',
    name: typeof name === 'string' && name !== '' ? name.slice(0, 253) : '(unnamed)',
  };
}

/** The reference of an object; undefined, and reported, when its name or namespace is not one that Kubernetes takes. */
export function toRef(
  raw: RawObject,
  kind: Kind,
  namespaced: boolean,
  source: string,
  report: Report,
): ObjectRef | undefined {
  const metadata = raw['metadata'];
  if (!isObject(metadata)) {
    reportMalformed(report, 'metadata', metadata, 'a mapping with a name');
    return undefined;
  }
  const { name } = metadata;
  if (typeof name !== 'string' || !isDnsSubdomain(name)) {
    reportMalformed(report, 'metadata.name', name, 'a name of lower-case letters, digits, "-" and "."');
    return undefined;
  }
  if (!namespaced) return { source, kind, namespace: '', name };
  const namespace = metadata['namespace'] ?? 'default';
  // `namespace: ""` is what client libraries write for "not given".
  if (namespace === '') return { source, kind, namespace: 'default', name };
  if (typeof namespace !== 'string' || !isDnsLabel(namespace)) {
    const wanted = 'a namespace of lower-case letters, digits and "-"';
    reportMalformed(report, 'metadata.namespace', namespace, wanted);
    return undefined;
  }
  return { source, kind, namespace: shareText(namespace), name };
}

/**
 * What is kept of `metadata`. Undefined, and reported, when the annotations cannot be read at all: they may limit
 * access, so the object must not be served without them.
 */
export function toMeta(raw: RawObject, ref: ObjectRef, report: Report): Meta | undefined {
  const metadata = isObject(raw['metadata']) ? raw['metadata'] : {};
  const annotations = toMapping(metadata, 'annotations', 'metadata.', report);
  if (annotations === malformed) return undefined;
  const uid = toText(metadata, 'uid', 'metadata.', report);
  const created = toCreated(metadata, report);
  const kept = annotations === undefined ? noAnnotations : toAnnotations(annotations, report);
  const written = listWrittenAnnotations(metadata, kept);
  return {
    ref,
    ...(typeof uid === 'string' && { uid }),
    ...(created !== undefined && { created }),
    annotations: kept,
    ...(written.length > 0 && { written }),
  };
}

/** For kinds of which no annotation means anything to Fairlead: thousands of them would only fill the memory. */
export function withoutAnnotations({ ref, uid, created }: Meta): Meta {
  return {
    ref,
    ...(uid !== undefined && { uid }),
    ...(created !== undefined && { created }),
    annotations: noAnnotations,
  };
}

/** The labels of an object; one that is no text is left out. */
export function toLabels(
  raw: RawObject,
  report: Report,
): readonly (readonly [string, string])[] | typeof malformed {
  const metadata = isObject(raw['metadata']) ? raw['metadata'] : {};
  const labels = toMapping(metadata, 'labels', 'metadata.', report);
  if (labels === malformed) return malformed;
  return Object.entries(labels ?? {}).flatMap(([key, value]): readonly (readonly [string, string])[] => {
    if (typeof value === 'string') return [[shareText(key), value]];
    reportMalformed(report, `metadata.labels[${key}]`, value, 'a text');
    return [];
  });
}

/** For kinds of which only Fairlead's own annotations mean anything to it, those that it writes among them. */
export function withOwnAnnotations(meta: Meta): Meta {
  const { written = [] } = meta;
  const own = Object.entries(meta.annotations).filter(([key]) => isOwn(key) || written.includes(key));
  return {
    ...withoutAnnotations(meta),
    ...(own.length > 0 && { annotations: toRecord(own) }),
    ...(written.length > 0 && { written }),
  };
}

/** `fairlead.dev/…`, `tcp.fairlead.dev/…` and so on. */
function isOwn(key: string): boolean {
  const domain = key.slice(0, Math.max(key.indexOf('/'), 0));
  return domain === ownDomain || domain.endsWith(`.${ownDomain}`);
}

/** Key and value pairs as a record without a prototype, so that `__proto__` and `constructor` are keys like any other. */
export function toRecord(pairs: Iterable<readonly [string, string]>): Record<string, string> {
  const record = Object.create(null) as Record<string, string>;
  for (const [key, value] of pairs) record[key] = value;
  return record;
}

function toAnnotations(raw: RawObject, report: Report): Readonly<Record<string, string>> {
  const pairs: [string, string][] = [];
  for (const [key, value] of Object.entries(raw)) {
    if (key === lastApplied) continue;
    if (typeof value !== 'string') reportNotString(key, value, report);
    pairs.push([key, toAnnotationText(value)]);
  }
  return pairs.length === 0 ? noAnnotations : toRecord(pairs);
}

function toAnnotationText(value: unknown): string {
  if (typeof value === 'string') return value;
  // The text of a number or a boolean is its JSON; null is what Kubernetes reads as an empty text.
  return value === null || value === undefined ? '' : JSON.stringify(value);
}

function reportNotString(key: string, value: unknown, report: Report): void {
  report('annotation-not-string', () => ({
    field: annotationField(key),
    message: `The annotation ${cut(key, 200)} is ${describe(value)} and not a text.`,
    hint: 'Put the value in quotation marks.',
  }));
}

function toCreated(metadata: RawObject, report: Report): string | undefined {
  const text = toText(metadata, 'creationTimestamp', 'metadata.', report);
  if (text === undefined || text === malformed) return undefined;
  if (utc.test(text)) return text;
  const time = Date.parse(text);
  // Ages are compared as text, which is right for one time zone only.
  if (!Number.isNaN(time)) return new Date(time).toISOString();
  reportMalformed(report, 'metadata.creationTimestamp', text, 'a time such as 2026-01-31T12:00:00Z');
  return undefined;
}
