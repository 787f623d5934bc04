import type { Intent } from '../routes/intent.ts';

/** Someone who wants something, as an intent says. */
interface Rival {
  readonly intent: Intent;
}

/**
 * Who has what an intent wants: of several who want something of the same, each has it when none of its parts is an elder's already.
 * @param rivals Sorted by seniority.
 * @param mayHave Whether an intent may stand at all.
 * @returns The holder of all that it wants, or of the first part of it; undefined when nobody may have it.
 */
export function findHolder<R extends Rival>(
  rivals: readonly R[],
  wanted: Intent,
  mayHave: (intent: Intent) => boolean,
): R | undefined {
  const holders = new Map<string, R>();
  const wantedParts = toParts(wanted);
  for (const rival of rivals) {
    if (wantedParts.every((part) => holders.has(part))) break;
    const parts = toParts(rival.intent);
    if (parts.some((part) => holders.has(part)) || !mayHave(rival.intent)) continue;
    for (const part of parts) holders.set(part, rival);
  }
  const held = wantedParts.find((part) => holders.has(part));
  return held === undefined ? undefined : holders.get(held);
}

/** A route without a place wants both that routes share; what is not about places is one whole. */
function toParts(intent: Intent): readonly string[] {
  if (intent.kind !== 'http') return [''];
  return intent.place === undefined ? ['http', 'https'] : [intent.place.shared ?? ''];
}
