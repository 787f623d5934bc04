import { setTimeout as sleep } from 'node:timers/promises';

const PAUSE_MS = 25;

/**
 * Tries until `attempt` returns something other than undefined or false, and returns that. What an attempt
 * throws counts as not yet. After `ms` it rejects, naming `what` and the last error; `stop` ends the tries at once.
 */
export async function eventually<T>(
  what: string,
  ms: number,
  attempt: () => T | Promise<T>,
  stop: () => string | undefined = () => undefined,
): Promise<Exclude<T, undefined | false>> {
  const deadline = performance.now() + ms;
  let lastError: unknown;
  for (;;) {
    try {
      const result = await attempt();
      if (isThere(result)) return result;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    const reason = stop() ?? (performance.now() > deadline ? `waited ${ms} ms` : undefined);
    if (reason !== undefined) throw new Error(`${what}: ${reason}`, { cause: lastError });
    await sleep(PAUSE_MS);
  }
}

function isThere<T>(result: T): result is Exclude<T, undefined | false> {
  return result !== undefined && result !== false;
}
