import type { Settings } from '../settings/settings.ts';
import type { RebuildTiming } from './rebuild-loop.ts';
import type { SourceTracker } from './source-tracker.ts';

/** How long a single change waits for company. */
const loneMs = 10;
/** How long objects are gathered at most, in multiples of `maxWait`, while a required source has not delivered everything. */
const mostWhileReading = 10;

/**
 * How long changes are gathered now. While a required source is being read there is no answer that could be late, and each object
 * would be worked out once with what it refers to missing, and once more when that has come.
 */
export function toRebuildTiming(
  { debounceMs, maxWaitMs }: Settings['provider'],
  tracker: Pick<SourceTracker, 'isReading'>,
): () => RebuildTiming {
  const reading = { quietMs: maxWaitMs, maxWaitMs: mostWhileReading * maxWaitMs, loneMs: maxWaitMs };
  const reached = { quietMs: debounceMs, maxWaitMs, loneMs: Math.min(loneMs, debounceMs) };
  return () => (tracker.isReading ? reading : reached);
}
