import type { Endpoint } from '../model/objects.ts';

/**
 * The same addresses in the same order, in as few entries as that takes: of 100,000 endpoints most differ from the one before in nothing but
 * their address. One with a hostname stays by itself, since two machines of one name are something else than one with two addresses.
 */
export function joinAlike(endpoints: readonly Endpoint[]): readonly Endpoint[] {
  const runs: [Endpoint, ...Endpoint[]][] = [];
  for (const endpoint of endpoints) {
    const run = runs.at(-1);
    if (run !== undefined && areAlike(run[0], endpoint)) run.push(endpoint);
    else runs.push([endpoint]);
  }
  return runs.map(toOne);
}

function toOne(run: readonly [Endpoint, ...Endpoint[]]): Endpoint {
  const [first, ...others] = run;
  if (others.length === 0) return first;
  // The copy has no room for more; see `mapGiven`.
  return { ...first, addresses: run.flatMap(({ addresses }) => addresses).slice() };
}

function areAlike(one: Endpoint, other: Endpoint): boolean {
  return (
    one.hostname === undefined &&
    other.hostname === undefined &&
    one.ready === other.ready &&
    one.serving === other.serving &&
    one.terminating === other.terminating &&
    one.zones?.join() === other.zones?.join()
  );
}
