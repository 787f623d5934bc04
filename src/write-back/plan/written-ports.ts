import type { PoolProtocol } from '../../model/port.ts';
import type { HeldPort } from '../../model/ports.ts';
import type { AddressedFleet } from '../../pipeline/addressed-fleet.ts';

/** A pool port that is served, as the annotations of an object tell it. */
export interface ServedPort {
  readonly held: HeldPort;
  readonly fleet: AddressedFleet;
  readonly protocol: PoolProtocol;
  /** What it is called in `fairlead.dev/addresses`. */
  readonly name: string;
}

/**
 * The text of `fairlead.dev/addresses`. Of a fleet whose addresses are not all known, those that are written there stay.
 * @param now What stands there.
 */
export function toAddresses(served: readonly ServedPort[], now: string): string {
  const items = served.flatMap(({ held, fleet, name }) =>
    fleet.addresses.map((address) => {
      const host = address.includes(':') ? `[${address}]` : address;
      return `${name}=${host}:${held.port}`;
    }),
  );
  return [...new Set([...items, ...toKept(served, now)])].join(',');
}

const mostKept = 10_000;

/** Anybody may have written what stands there now: as much of it is looked at as could be ours. */
function toKept(served: readonly ServedPort[], now: string): readonly string[] {
  const waiting = new Set(
    served
      .filter(({ fleet }) => fleet.lookedUp?.isComplete === false)
      .map(({ held, name }) => `${name}:${held.port}`),
  );
  if (waiting.size === 0) return [];
  return now.split(',', mostKept).filter((item) => {
    const name = item.slice(0, Math.max(item.indexOf('='), 0));
    return item.length < 400 && waiting.has(`${name}:${item.slice(item.lastIndexOf(':') + 1)}`);
  });
}

/**
 * What is to be changed of the annotations that stand on an object; null removes one.
 * @param isOwnKey Whether a key is one that only Fairlead writes.
 */
export function toDifference(
  isOwnKey: (key: string) => boolean,
  present: Readonly<Record<string, string>>,
  wanted: ReadonlyMap<string, string>,
): Readonly<Record<string, string | null>> {
  const difference: Record<string, string | null> = {};
  for (const [key, value] of wanted) if (present[key] !== value) difference[key] = value;
  for (const key of Object.keys(present)) if (isOwnKey(key) && !wanted.has(key)) difference[key] = null;
  return difference;
}
