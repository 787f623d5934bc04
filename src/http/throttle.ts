/**
 * For log lines that a client can cause at will. The returned function answers with the number of calls that were swallowed
 * since the last line, or undefined when this one is to be swallowed too.
 * @param now Milliseconds of a clock that does not jump.
 */
export function createThrottle(
  intervalMs: number,
  now: () => number = () => performance.now(),
): () => number | undefined {
  let next = -Infinity;
  let swallowed = 0;
  return () => {
    if (now() < next) {
      swallowed += 1;
      return undefined;
    }
    const before = swallowed;
    next = now() + intervalMs;
    swallowed = 0;
    return before;
  };
}
