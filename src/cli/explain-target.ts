import { UsageError } from '../app/usage-error.ts';
import { findNearest } from '../lib/nearest.ts';
import { allKinds, findKind } from '../kinds/index.ts';

/** What is to be explained. A kind without namespaces has an empty one. */
export interface ExplainTarget {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** Reads `KIND/NAMESPACE/NAME`, or `KIND/NAME`. @throws UsageError for what no source could have, with what to write. */
export function parseExplainTarget(text: string): ExplainTarget {
  const parts = text.split('/');
  const [kind = '', ...names] = parts;
  if (parts.length < 2 || parts.length > 3 || parts.includes(''))
    throw new UsageError(
      `${JSON.stringify(text)} is not KIND/NAMESPACE/NAME; write for instance Service/default/web`,
    );
  const known = findKind(kind);
  if (known === undefined) throw new UsageError(toUnknown(kind, names));
  const [first = '', name] = names;
  if (known.namespaced && name === undefined)
    throw new UsageError(`${text} lacks a namespace or a name; write ${kind}/NAMESPACE/NAME`);
  if (!known.namespaced && name !== undefined)
    throw new UsageError(`${known.kind} has no namespaces; write ${kind}/${name}`);
  return { kind, namespace: name === undefined ? '' : first, name: name ?? first };
}

function toUnknown(kind: string, names: readonly string[]): string {
  const kinds = allKinds.map((each) => each.kind);
  const nearest = findNearest(kind, kinds);
  return nearest === undefined
    ? `Fairlead reads no objects of the kind ${kind}; it explains ${kinds.join(', ')}`
    : `Fairlead reads no objects of the kind ${kind}; did you mean ${[nearest, ...names].join('/')}?`;
}
