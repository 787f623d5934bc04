import { setTimeout as sleep } from 'node:timers/promises';
import { slowness } from '../../support/slowness.ts';

const PAUSE_MS = 25;

/**
 * Tries until `attempt` returns something other than undefined or false, and returns that. What an attempt throws
 * counts as not yet. After `ms`, longer on a slow or busy machine, it rejects, naming `what` and the last error; `stop`
 * ends the tries at once. So `ms` says when to give up; how fast something is, other lines measure.
 */
export async function eventually<T>(
  what: string,
  ms: number,
  attempt: () => T | Promise<T>,
  stop: () => string | undefined = () => undefined,
): Promise<Exclude<T, undefined | false>> {
  const began = performance.now();
  let limit = ms;
  let lastError: unknown;
  for (;;) {
    try {
      const result = await attempt();
      if (isThere(result)) return result;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    const waited = performance.now() - began;
    if (waited > limit) limit = ms * slowness();
    const reason = stop() ?? (waited > limit ? `waited ${Math.round(waited)} ms` : undefined);
    if (reason !== undefined) throw new Error(`${what}: ${reason}`, { cause: lastError });
    await sleep(PAUSE_MS);
  }
}

function isThere<T>(result: T): result is Exclude<T, undefined | false> {
  return result !== undefined && result !== false;
}
