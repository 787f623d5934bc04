import { watchedKinds, type WatchedKind } from '../../../../src/kinds/watched-kinds.ts';

/** The entry of a kind that is watched. */
export function watchedKind(kind: string): WatchedKind {
  const found = watchedKinds.find((each) => each.kind === kind);
  if (found === undefined) throw new Error(`${kind} is not watched`);
  return found;
}
