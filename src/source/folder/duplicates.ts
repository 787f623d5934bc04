import { toObjectPath } from '../../model/object-ref.ts';
import { toProblem, type FileLocation, type Problem } from '../../model/problem.ts';
import type { Claim } from './catalog.ts';

/** The problems of an object that stands in several places: one for each but the first, which is used. */
export function toDuplicates(
  [winner, ...losers]: readonly Claim[],
  toShown: (file: string) => string,
): readonly Problem[] {
  if (winner === undefined) return [];
  const toLocation = ({ file, entry }: Claim): FileLocation => ({ file: toShown(file), ...entry.at });
  const used = toLocation(winner);
  return losers.map((loser) => {
    const { ref } = loser.entry.object.meta;
    const location = toLocation(loser);
    const places = `${used.file}:${used.line} and in ${location.file}:${location.line}`;
    const message = `${toObjectPath(ref)} stands in ${places}, and the first one is used.`;
    const hint = 'Remove one of them, or give it another name.';
    return toProblem('object-duplicate', ref, { message, hint, location });
  });
}
