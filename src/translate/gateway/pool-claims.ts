import { isPort, type PoolProtocol } from '../../model/port.ts';
import { noServicePort, type HeldPort, type PortClaim } from '../../model/ports.ts';
import type { Settings } from '../../settings/settings.ts';
import { listUsablePools, reportPools, toPoolChoice, type PoolRequest } from '../usable-pools.ts';

/** A pool port that an object of the Gateway API asks for. */
export interface Wanted {
  readonly fleet: string;
  readonly protocol: PoolProtocol;
  /** Absent: it is for the object itself, a route. */
  readonly listener?: string;
  /** The number that it has to have. */
  readonly requested: number | undefined;
  /** What asks for it. No two of an object have the same, so that what is refused is found again by it. */
  readonly field: string;
}

/** The claims for what an object wants. Reports that a fleet has no pool for it. */
export function toPoolClaims(
  { fleets }: Pick<Settings, 'fleets'>,
  wanted: readonly Wanted[],
  request: PoolRequest,
  held: readonly HeldPort[],
): readonly PortClaim[] {
  const { ref, created } = request.asker.meta;
  return fleets.flatMap((fleet) => {
    const own = wanted.filter((each) => each.fleet === fleet.name);
    if (own.length === 0) return [];
    const usable = listUsablePools(fleet, request.asker);
    reportPools(fleet, usable, request, held);
    return own.map(({ protocol, listener, requested, field }): PortClaim => ({
      fleet: fleet.name,
      holder: ref,
      ...(listener !== undefined && { part: { kind: 'listener', name: listener } }),
      servicePort: noServicePort,
      protocols: [protocol],
      ...toPoolChoice(usable, [protocol], request.asked),
      ...(requested !== undefined && isPort(requested) && { requested }),
      ...(created !== undefined && { created }),
      field,
    }));
  });
}
