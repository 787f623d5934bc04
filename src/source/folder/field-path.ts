import type { ValuePath } from '../../kinds/expand-list.ts';

const step = /\[([^\]]*)\]|([^.[\]]+)/g;

/** `metadata.annotations[fairlead.dev/weights]` as its steps; the empty text is no step at all. */
export function toFieldSteps(field: string): ValuePath {
  return [...field.matchAll(step)].map(([, bracketed, plain]) => bracketed ?? plain ?? '');
}
