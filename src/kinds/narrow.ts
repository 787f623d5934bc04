import { toProblem, type Problem } from '../model/problem.ts';
import { ProblemList } from '../model/problem-list.ts';
import type { ObjectRef, SourceObject } from '../model/objects.ts';
import { reportMalformed } from '../lib/raw-fields.ts';
import { isObject, type RawObject } from '../lib/raw-object.ts';
import { expandList } from './expand-list.ts';
import { allKinds } from './index.ts';
import { toGroup, type KindDefinition } from './kind.ts';
import { toClaimedName, toMeta, toRef } from './meta.ts';

const kindsByType: ReadonlyMap<string, KindDefinition> = new Map(
  allKinds.flatMap((kind) => kind.apiVersions.map((version) => [`${version}/${kind.kind}`, kind] as const)),
);

/** Whether objects of a type are read. */
export function isReadType(apiVersion: string, kind: string): boolean {
  return kindsByType.has(`${apiVersion}/${kind}`);
}

/** What became of one manifest. */
export type Narrowed =
  | { readonly kind: 'read'; readonly object: SourceObject }
  /** Too much of it is malformed to serve it, but it is known which object it is. */
  | { readonly kind: 'refused'; readonly ref: ObjectRef }
  /** A kind that Fairlead does not read, or something that cannot be named; the latter is reported. */
  | { readonly kind: 'ignored' };

const ignored: Narrowed = { kind: 'ignored' };

/** Narrows one object, which is not a list. Total: whatever the value is, it never throws. */
export function toNarrowed(raw: unknown, source: string, report: (problem: Problem) => void): Narrowed {
  if (raw === null || raw === undefined) return ignored;
  if (!isObject(raw) || typeof raw['kind'] !== 'string' || typeof raw['apiVersion'] !== 'string') {
    reportUntyped(raw, source, report);
    return ignored;
  }
  const kind = kindsByType.get(`${raw['apiVersion']}/${raw['kind']}`);
  if (kind !== undefined) return toNarrowedAs(kind, raw, source, report);
  // Only a malformed list comes here: the items of the others have been taken out.
  if (raw['kind'] === 'List') reportUntyped(raw, source, report);
  else reportMisspelt(raw, raw['kind'], raw['apiVersion'], source, report);
  return ignored;
}

/** Narrows an object that is known to be of a kind, whatever it says itself. Total, too. */
export function toNarrowedAs(
  kind: KindDefinition,
  raw: RawObject,
  source: string,
  report: (problem: Problem) => void,
): Narrowed {
  const subject = { source, kind: kind.kind, ...toClaimedName(raw, kind.namespaced) };
  const problems = new ProblemList(subject);
  const ref = toRef(raw, kind.kind, kind.namespaced, source, problems.report);
  const meta = ref && toMeta(raw, ref, problems.report);
  const object = meta && kind.read(raw, meta, problems.report);
  for (const problem of problems.toArray()) report(problem);
  if (object !== undefined) return { kind: 'read', object };
  return ref === undefined ? ignored : { kind: 'refused', ref };
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
    if (narrowed.kind === 'read') objects.push(narrowed.object);
  }
  return objects;
}

/** The groups of Kubernetes itself have no dot, or are those of the table. Others may have kinds of the same name. */
function isOfKubernetes(apiVersion: string): boolean {
  const group = toGroup(apiVersion);
  return !group.includes('.') || allKinds.some((kind) => kind.apiVersions.map(toGroup).includes(group));
}

/** Of a kind that is read, but for its spelling or its API version, nobody would notice that it is not. */
function reportMisspelt(
  raw: RawObject,
  written: string,
  apiVersion: string,
  source: string,
  report: (problem: Problem) => void,
): void {
  const meant = allKinds.find(({ kind, plural }) =>
    [kind.toLowerCase(), plural].includes(written.toLowerCase()),
  );
  if (meant === undefined || !isOfKubernetes(apiVersion)) return;
  const subject = { source, kind: written, ...toClaimedName(raw, meant.namespaced) };
  report(
    toProblem('kind-misspelt', subject, {
      field: meant.kind === written ? 'apiVersion' : 'kind',
      message: `Kubernetes has no ${written} in ${apiVersion}, so this object is not read.`,
      hint: `Write apiVersion: ${meant.apiVersion} and kind: ${meant.kind}.`,
    }),
  );
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
