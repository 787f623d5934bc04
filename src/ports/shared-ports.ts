import { toObjectKey, type ObjectKey } from '../model/object-ref.ts';
import type { HeldPort, Holder, PortClaim } from '../model/ports.ts';
import { isSameClaim } from './claim.ts';

/** The Service that asks: the holder itself, or one of those that share a port under a name. */
export function toAsker({ holder, sharer }: PortClaim): Holder {
  return sharer?.ref ?? holder;
}

/** The ports that an object with these claims shares with others, each as if the object held it for its own Service ports. */
export function listSharedPorts(
  claims: readonly PortClaim[],
  held: ReadonlyMap<ObjectKey, readonly HeldPort[]>,
): readonly HeldPort[] {
  return claims.flatMap((claim) => {
    const { holder, sharer } = claim;
    if (sharer === undefined) return [];
    const entry = held.get(toObjectKey(holder))?.find((each) => isSameClaim(each, claim));
    if (entry === undefined) return [];
    return sharer.servicePorts.map((servicePort) => ({ ...entry, holder: sharer.ref, servicePort }));
  });
}
