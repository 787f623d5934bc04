import { setImmediate } from 'node:timers/promises';

/** Lets other work of the process go on, when the caller has kept it waiting long enough. */
export type TimeSlice = () => Promise<void> | undefined;

/** Polls of Traefik must not wait for 10,000 files to be read: after `turnMs` of work the event loop gets its turn. */
export function createTimeSlice(turnMs = 8): TimeSlice {
  let since = performance.now();
  return () => {
    if (performance.now() - since < turnMs) return undefined;
    return pause();
  };

  async function pause(): Promise<void> {
    await setImmediate();
    since = performance.now();
  }
}
