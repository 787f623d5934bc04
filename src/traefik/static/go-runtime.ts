/**
 * How much may be left lying, in percent of what is in use, before Go looks for it: each document that Traefik applies leaves the former one
 * behind. Go's own 100 costs up to twice the processor time for each change (the table in docs/scale.md); beyond 200 a large document takes
 * memory without end.
 */
const collectorPercent = '200';

/** The environment of a Traefik that `fairlead edge` starts. Whatever the user has set stays as it is. */
export function withGoRuntime<T>(env: Readonly<Record<string, T>>): Readonly<Record<string, T | string>> {
  return { GOGC: collectorPercent, ...env };
}

/** The same in a container. Its memory limit, or without one the memory of its node, is what Go keeps below rather than let it grow further. */
export const goEnvironment = [
  { name: 'GOGC', value: collectorPercent },
  { name: 'GOMEMLIMIT', valueFrom: { resourceFieldRef: { resource: 'limits.memory' } } },
];
