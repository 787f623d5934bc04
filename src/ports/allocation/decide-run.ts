import { isPort, type Port } from '../../model/port.ts';
import {
  decideNumber,
  findBlock,
  findClosedBank,
  findMoveLimit,
  mayReturnTo,
  type Placement,
  type Supply,
} from './decide.ts';
import { isHandedOut, isInPool, poolProtocols } from './pool.ts';
import type { Refusal } from './refusal.ts';
import type { Beside, Run, Waiting } from './waiting.ts';

/** A place for each member of a run, in its order. */
export interface RunPlacement {
  readonly kind: 'place-run';
  readonly places: readonly { readonly waiting: Waiting; readonly placement: Placement }[];
}

/** How many ports that one claim had before are tried as the place of its whole run. */
const mostFormer = 3;

/**
 * Places for all members of a run, or why there are none for some and so for all: at the number that one of them asks for, else where
 * they were before, else in the lowest run that is free.
 */
export function decideRun(supply: Supply, { members, base }: Run): RunPlacement | Refusal {
  const { pass, quota } = supply;
  const [first] = members;
  if (first === undefined) return { kind: 'place-run', places: [] };
  if (base !== undefined) return decideAt(supply, members, base);
  const former = findFormer(supply, members);
  if (former !== undefined) return toPlacement(supply, members, former);
  const limits = members.map((each) => findMoveLimit(pass, each, undefined));
  const refusal =
    quota.refusal(first.claim, first.pool, members.length) ?? limits.find((each) => each !== undefined);
  if (refusal !== undefined) return refusal;
  // A run lies on one set of protocols, so that there are few kinds of runs to look for.
  const protocols = poolProtocols.filter((each) => members.some((member) => member.protocols.includes(each)));
  const free = supply.freePorts({ ...first, protocols });
  const port = free.runs.find(members.length);
  if (port !== undefined) return toPlacement(supply, members, toPorts(members, port) ?? []);
  const servicePorts = members.map(({ claim }) => claim.servicePort);
  return { kind: 'no-run', servicePorts, protocols, longest: free.runs.longest(), until: free.nextRelief() };
}

/** All consecutive numbers from one on; undefined when they are no ports. */
function toPorts(members: readonly Waiting[], base: number): readonly Port[] | undefined {
  const ports = members.map((_, index) => base + index).filter((port) => isPort(port));
  return ports.length === members.length ? ports : undefined;
}

function toPlacement({ pass }: Supply, members: readonly Waiting[], ports: readonly Port[]): RunPlacement {
  return {
    kind: 'place-run',
    places: members.flatMap((waiting, index) => {
      const port = ports[index];
      if (port === undefined) return [];
      return [
        { waiting, placement: { kind: 'place', port, protocols: waiting.protocols, since: pass.nowText } },
      ];
    }),
  };
}

function decideAt(supply: Supply, members: readonly Waiting[], base: number): RunPlacement | Refusal {
  const [first] = members;
  const ports = toPorts(members, base);
  if (first === undefined || ports === undefined)
    return {
      kind: 'no-run',
      servicePorts: members.map(({ claim }) => claim.servicePort),
      protocols: [],
      longest: 0,
      until: null,
    };
  for (const [index, port] of ports.entries()) {
    const member = members[index];
    if (member === undefined) continue;
    const { requested } = member.claim;
    if (requested !== undefined && requested !== port)
      return { kind: 'uneven', port: requested, expected: port };
    const decision = decideNumber(supply, member, port);
    if (decision.kind !== 'place') return decision;
  }
  return supply.quota.refusal(first.claim, first.pool, ports) ?? toPlacement(supply, members, ports);
}

function findFormer({ pass, quota }: Supply, members: readonly Waiting[]): readonly Port[] | undefined {
  const index = members.findIndex(({ formerPorts }) => formerPorts.length > 0);
  for (const port of members[index]?.formerPorts.slice(0, mostFormer) ?? []) {
    const ports = toPorts(members, port - index);
    const [first] = members;
    if (ports === undefined || first === undefined) continue;
    const fits = members.every((each, at) => {
      const own = ports[at];
      return own !== undefined && mayReturnTo(pass, each, own);
    });
    if (fits && quota.refusal(first.claim, first.pool, ports) === undefined) return ports;
  }
  return undefined;
}

/** The one number that continues a run of ports that are held, or why the claim cannot have it. */
export function decideBeside(
  { pass, quota }: Supply,
  waiting: Waiting,
  { anchor, distance }: Beside,
): Placement | Refusal {
  const { claim, pool, protocols } = waiting;
  const port = anchor + distance;
  const refused = { kind: 'beside', port, until: null } as const;
  if (!isPort(port) || protocols.some((each) => !isInPool(pool, each, port)))
    return { ...refused, because: { kind: 'outside' } };
  // Who asked for a number of the band has its neighbours there, and nobody gets one who did not ask.
  if (isHandedOut(pool, port) !== isHandedOut(pool, anchor))
    return { ...refused, because: { kind: 'other-band', band: pool.requestable } };
  const refusal = quota.refusal(claim, pool, [port]);
  if (refusal !== undefined) return refusal;
  const block = findBlock(pass, waiting, protocols, port);
  if (block !== undefined) return { ...refused, until: block.until, because: block };
  return findClosedBank(pass, waiting, port) ?? { kind: 'place', port, protocols, since: pass.nowText };
}
