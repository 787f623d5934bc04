import { Sleep } from '../lib/sleep.ts';
import type { Io } from '../app/io.ts';
import { UsageError } from '../app/usage-error.ts';
import { toServerUrl } from './server.ts';
import type { ServerAccess } from './server-options.ts';

/** Heartbeats come every 15 s. */
const silenceMs = 45_000;
const retryMs = 2_000;

/**
 * Calls `show` now and whenever a running Fairlead has something new, until the program is asked to stop; never while it still runs. A Fairlead
 * that goes is waited for, which one line on standard error says.
 * @throws UsageError when it cannot be asked at first.
 */
export async function followServer(access: ServerAccess, io: Io, show: () => Promise<void>): Promise<void> {
  const stop = new AbortController();
  void io.stopped.then(() => stop.abort());
  await show();
  let isAway = false;
  while (!stop.signal.aborted) {
    try {
      for await (const _ of readEvents(access, stop.signal)) {
        isAway = false;
        await show();
      }
    } catch (error) {
      if (stop.signal.aborted) return;
      const why = error instanceof UsageError ? error.message : 'its stream of events has ended';
      if (!isAway) io.err(`fairlead: ${access.server} does not answer (${why}); trying again\n`);
      isAway = true;
    }
    await new Sleep().wait(retryMs, stop.signal);
  }
}

/** One item for each piece of the stream that has events. @throws Error when it ends, or nothing comes for long. */
async function* readEvents(
  { server, authorization }: ServerAccess,
  stopped: AbortSignal,
): AsyncGenerator<true, never> {
  const silent = new AbortController();
  const timer = setTimeout(() => silent.abort(), silenceMs);
  try {
    const response = await fetch(toServerUrl(server, '/api/events'), {
      headers: { accept: 'text/event-stream', ...(authorization !== undefined && { authorization }) },
      redirect: 'error',
      signal: AbortSignal.any([stopped, silent.signal]),
    });
    if (!response.ok || response.body === null) throw new UsageError(`status ${response.status}`);
    const decoder = new TextDecoder();
    for await (const piece of response.body) {
      timer.refresh();
      // An event in two pieces is shown with the first.
      if (decoder.decode(piece, { stream: true }).includes('event:')) yield true;
    }
    throw new Error('The stream has ended.');
  } finally {
    clearTimeout(timer);
  }
}
