import type { Port } from '../model/port.ts';
import type { CoolingPort, HeldPort, LedgerState } from '../model/ports.ts';
import { isSameHolder, toClaimKey, toPortKey, type ClaimKey, type PortKey } from './claim.ts';

/** What became of one claim between two states of the ledger, on the protocols of `held`. */
export type PortChange =
  | { readonly kind: 'allocated'; readonly held: HeldPort }
  /** It has again what it or its Service gave back before. */
  | { readonly kind: 'returned'; readonly held: HeldPort }
  | { readonly kind: 'moved'; readonly held: HeldPort; readonly from: Port }
  | { readonly kind: 'released'; readonly held: HeldPort };

/** In the order of the ledger: first what is held now, then what is not any more. */
export function listPortChanges(before: LedgerState, after: LedgerState): readonly PortChange[] {
  if (before === after) return [];
  const [former, present] = [toHolds(before), toHolds(after)];
  const cooling = toCooling(before);
  const gained = after.entries.flatMap((held): readonly PortChange[] => {
    if (held.state !== 'held') return [];
    const was = former.get(toClaimKey(held));
    if (was === undefined) return [{ kind: isReturned(cooling, held) ? 'returned' : 'allocated', held }];
    if (was.port !== held.port) return [{ kind: 'moved', held, from: was.port }];
    return toRest(held, was).map((rest) => ({ kind: 'allocated', held: rest }));
  });
  const lost = [...former].flatMap(([key, held]): readonly PortChange[] => {
    const is = present.get(key);
    if (is !== undefined && is.port !== held.port) return [];
    return toRest(held, is).map((rest) => ({ kind: 'released', held: rest }));
  });
  return [...gained, ...lost];
}

/** A hold on the protocols that another one of the same port does not have; none when there are no such protocols. */
function toRest(held: HeldPort, other: HeldPort | undefined): readonly HeldPort[] {
  const protocols = held.protocols.filter((protocol) => other?.protocols.includes(protocol) !== true);
  return protocols.length === 0 ? [] : [{ ...held, protocols }];
}

function toHolds({ entries }: LedgerState): ReadonlyMap<ClaimKey, HeldPort> {
  return new Map(entries.flatMap((entry) => (entry.state === 'held' ? [[toClaimKey(entry), entry]] : [])));
}

/** By port, what cools down. */
function toCooling({ entries }: LedgerState): ReadonlyMap<PortKey, CoolingPort> {
  return new Map(
    entries.flatMap((entry) =>
      entry.state === 'cooling'
        ? entry.protocols.map((protocol) => [toPortKey(entry.fleet, protocol, entry.port), entry] as const)
        : [],
    ),
  );
}

function isReturned(cooling: ReadonlyMap<PortKey, CoolingPort>, held: HeldPort): boolean {
  return held.protocols.some((protocol) => {
    const was = cooling.get(toPortKey(held.fleet, protocol, held.port));
    return was !== undefined && isSameHolder(was.holder, held.holder);
  });
}
