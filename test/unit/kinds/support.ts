import type { SourceObject } from '../../../src/model/objects.ts';
import type { Problem } from '../../../src/model/problem.ts';
import { toSourceObjects } from '../../../src/kinds/narrow.ts';

export interface NarrowedAll {
  readonly objects: readonly SourceObject[];
  readonly problems: readonly Problem[];
}

export function narrow(raw: unknown): NarrowedAll {
  const problems: Problem[] = [];
  const objects = toSourceObjects(raw, 'test', (problem) => problems.push(problem));
  return { objects, problems };
}

/** The only object that a manifest becomes, and the fields that were reported. */
export function narrowOne<K extends SourceObject['kind']>(
  kind: K,
  raw: unknown,
): { object: Extract<SourceObject, { kind: K }>; fields: string[] } {
  const { objects, problems } = narrow(raw);
  const [object] = objects;
  if (objects.length !== 1 || !isKind(object, kind))
    throw new Error(`got ${JSON.stringify({ objects, problems })}`);
  return { object, fields: problems.map(({ field }) => field) };
}

function isKind<K extends SourceObject['kind']>(
  object: SourceObject | undefined,
  kind: K,
): object is Extract<SourceObject, { kind: K }> {
  return object?.kind === kind;
}

export function meta(name = 'a', rest: object = {}): object {
  return { name, namespace: 'ns', ...rest };
}
