import { Deadline } from '../lib/deadline.ts';
import { JsonLines } from './json-lines.ts';
import type { KubeClient } from './kube-client.ts';
import { KubeError } from './kube-error.ts';
import { pickFrom, type Timings } from './timings.ts';
import { toWatchEvent, type WatchEvent } from './watch-event.ts';

export interface WatchOptions {
  /** The version after which changes are wanted. */
  readonly version: string;
  readonly fieldSelector: string | undefined;
  readonly timings: Timings;
  readonly signal: AbortSignal;
  /** The server has accepted the watch. */
  readonly accepted: () => void;
  /** What came together, without errors, and the version that leads to. What it throws ends the watch. */
  readonly events: (events: readonly WatchEvent[], version: string) => void;
}

/**
 * Follows one watch to its end. `closed`: the server ended it in order; `idle`: nothing came for so long that the
 * connection must be dead. Rejects with what ended it otherwise, an ERROR event as a `KubeError`.
 */
export async function readWatch(
  client: KubeClient,
  path: string,
  options: WatchOptions,
): Promise<'closed' | 'idle'> {
  const { timings, signal } = options;
  const deadline = new Deadline(signal);
  let accepted = false;
  try {
    deadline.move(timings.acceptMs);
    const stream = await client.stream(path, { query: toQuery(options), signal: deadline.signal });
    accepted = true;
    options.accepted();
    const idleMs = pickFrom(timings.idleMs);
    deadline.move(idleMs);
    const lines = new JsonLines();
    for await (const chunk of stream) {
      // What arrives while the process stops must not be delivered any more.
      if (signal.aborted) return 'closed';
      deadline.move(idleMs);
      takeLines(lines.push(chunk), options.events);
    }
    return 'closed';
  } catch (error) {
    if (!deadline.passed) throw error;
    if (accepted) return 'idle';
    throw new KubeError(0, 'Timeout', `the watch was not accepted within ${timings.acceptMs} ms`);
  } finally {
    deadline.dispose();
  }
}

function takeLines(lines: readonly string[], take: WatchOptions['events']): void {
  const events: WatchEvent[] = [];
  let version: string | undefined;
  let failure: KubeError | undefined;
  for (const line of lines) {
    const event = toWatchEvent(line);
    if (event.kind === 'error') {
      failure = event.error;
      break;
    }
    events.push(event);
    ({ version } = event);
  }
  if (version !== undefined) take(events, version);
  if (failure !== undefined) throw failure;
}

function toQuery({ version, fieldSelector, timings }: WatchOptions) {
  return {
    watch: true,
    allowWatchBookmarks: true,
    resourceVersion: version,
    timeoutSeconds: Math.max(1, Math.round(pickFrom(timings.watchMs) / 1000)),
    fieldSelector,
  };
}
