import type { ValuePath } from '../../kinds/expand-list.ts';

const step = /\[([^\]]*)\]|([^.[\]]+)/g;
/** A tenant's key may be in it, with brackets of its own. */
const longest = 1_000;

/** `metadata.annotations[fairlead.dev/weights]` as its steps; the empty text is no step at all. */
export function toFieldSteps(field: string): ValuePath {
  return [...field.slice(0, longest).matchAll(step)].map(([, bracketed, plain]) => bracketed ?? plain ?? '');
}
