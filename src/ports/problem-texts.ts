import { toBankRange, type BankStatus } from '../model/bank.ts';
import { importedPool } from '../model/imported-port.ts';
import { isPort, type PoolProtocol, type Port, type PortRange } from '../model/port.ts';
import { defaultPool, type PortClaim } from '../model/ports.ts';
import { countText, type Problem } from '../model/problem.ts';
import type { PortPool } from '../settings/port-pool.ts';
import { toRunText, toStartText } from './banks/start-text.ts';
import { isHandedOut, toRangeText, type FleetPools } from './allocation/pool.ts';
import type { Refusal } from './allocation/refusal.ts';
import {
  toAnewText,
  toAskerWord,
  toClaimProblem,
  toGivenText,
  toHolderText,
  toKeptText,
  toPlaceText,
  toPoolText,
  toTargetText,
  toTimeText,
  toUpperText,
} from './problem-words.ts';
import { toBesideProblem, toNoRunProblem, toUnevenProblem } from './run-texts.ts';

/** How things stand around a refused claim. */
export interface Circumstances {
  /** The port that the claim holds and keeps. */
  readonly held: Port | undefined;
  /** Those of its fleet. */
  readonly banks: readonly BankStatus[];
}

/** Why a claim was refused, about its object. */
export function toRefusalProblem(
  claim: PortClaim,
  pool: PortPool,
  refusal: Refusal,
  { held, banks }: Circumstances,
): Problem {
  switch (refusal.kind) {
    case 'exhausted':
      return toExhaustedProblem(claim, pool, refusal, { held, banks });
    case 'quota':
      return toQuotaProblem(claim, pool, refusal, held);
    case 'no-run':
      return toNoRunProblem(claim, pool, refusal);
    case 'beside':
      return toBesideProblem(claim, pool, refusal);
    case 'uneven':
      return toUnevenProblem(claim, refusal);
    case 'moved-often':
      return toMovedOftenProblem(claim, pool, refusal, held);
    case 'bank-closed':
      return toClosedBankProblem(claim, refusal, { held, banks });
    case 'blocked':
    case 'outside-band':
    case 'outside-pool':
      return toRequestProblem(claim, pool, refusal, held);
  }
}

function toQuotaProblem(
  claim: PortClaim,
  pool: PortPool,
  { max, more, held: has, cooling, until }: Extract<Refusal, { readonly kind: 'quota' }>,
  held: Port | undefined,
): Problem {
  const what = held === undefined ? 'gets no pool port' : `does not move, and keeps pool port ${held}`;
  const charged = cooling === 0 ? `holds ${has}` : `holds ${has}, and ${cooling} of its ports cool down`;
  const free = more === 1 ? 'one more is' : `${more} more are`;
  const next = until === null ? '' : `; ${free} free for it at ${toTimeText(until)}`;
  const together = more === 1 ? '' : `, and ${more} are asked for together`;
  return toClaimProblem(
    claim,
    'port-quota-exceeded',
    `${toTargetText(claim)} ${what}: namespace ${claim.holder.namespace} may have ${max} of ${toPlaceText(claim, pool)}, and ${charged}${together}${next}.`,
    `A port that is given back, or left by a move, counts until it has cooled down. Stop exposing another port of the namespace, or have maxPerNamespace of the ${pool.name === defaultPool ? 'fleet' : 'pool'} raised.`,
  );
}

type NumberRefusal = Extract<Refusal, { readonly kind: 'blocked' | 'outside-band' | 'outside-pool' }>;

function toMovedOftenProblem(
  claim: PortClaim,
  pool: PortPool,
  { port, until, cooling }: Extract<Refusal, { readonly kind: 'moved-often' }>,
  held: Port | undefined,
): Problem {
  const since = `not given before ${toTimeText(until)}, since ${cooling} ports that it gave back still cool down`;
  const what = `requested for ${toTargetText(claim)}`;
  const message =
    port === null
      ? `A port of ${toPlaceText(claim, pool)}, ${what}, is ${since}`
      : `Pool port ${port}, ${what}, is ${since}`;
  return toClaimProblem(
    claim,
    'port-request-refused',
    `${message}${toKeptText(held)}.`,
    'Nothing needs to be done: it is given then.',
  );
}

function toRequestProblem(
  claim: PortClaim,
  pool: PortPool,
  refusal: NumberRefusal,
  held: Port | undefined,
): Problem {
  const { port } = refusal;
  const extension = port === held;
  const why = toWhyText(claim, pool, refusal);
  const message = extension
    ? `${toTargetText(claim)} holds pool port ${port}, and cannot have it on its other protocol: it is ${why}.`
    : `Pool port ${port}, requested for ${toTargetText(claim)}, is ${why}${toKeptText(held)}.`;
  return toClaimProblem(claim, 'port-request-refused', message, toMendText(claim, pool, refusal, extension));
}

function toWhyText(claim: PortClaim, pool: PortPool, refusal: NumberRefusal): string {
  if (refusal.kind === 'outside-pool') {
    return `outside ${toPoolText([refusal.protocol], refusal.range)} of ${toPlaceText(claim, pool)}`;
  }
  if (refusal.kind === 'outside-band') {
    return `outside ${toRangeText(refusal.band)}, the ports of ${toPlaceText(claim, pool)} that may be requested`;
  }
  const on = `on ${toUpperText([refusal.protocol])} in fleet ${claim.fleet}`;
  const by = toHolderText(claim, refusal.by);
  return refusal.until === null
    ? `held by ${by} ${on}`
    : `cooling down until ${toTimeText(refusal.until)} after ${by} gave it back ${on}`;
}

function toMendText(claim: PortClaim, pool: PortPool, refusal: NumberRefusal, extension: boolean): string {
  if (refusal.kind === 'blocked' && refusal.until !== null) {
    return `Nothing needs to be done: it is given when it has cooled down, unless an older ${toAskerWord(claim)} wants it too.`;
  }
  if (pool.name === importedPool)
    return 'Give the import another number, or have the other one give it back.';
  const range = pool.requestable ?? (refusal.kind === 'outside-pool' ? refusal.range : undefined);
  const which = range === undefined ? 'another port' : `another port of ${toRangeText(range)}`;
  if (extension) return `Request ${which} that is free on both protocols, or stop exposing one protocol.`;
  return `Request ${which}, or ${toGivenText(claim)}.`;
}

/** Of a port on which no Traefik listens. */
function toClosedBankProblem(
  claim: PortClaim,
  { port, bank }: Extract<Refusal, { readonly kind: 'bank-closed' }>,
  { held, banks }: Circumstances,
): Problem {
  const isComing = banks[bank]?.state !== 'closed';
  const message = `Pool port ${port}, requested for ${toTargetText(claim)}, is in bank ${bank} of fleet ${claim.fleet}, which is not open${toKeptText(held)}.`;
  const hint = isComing
    ? 'Nothing needs to be done here: it is given as soon as the bank is open, which the operators see to.'
    : `Request a port of an open bank, ${toGivenText(claim)}, or ask the operators to open the bank.`;
  const start = isComing ? toStartText(claim.fleet, bank) : toRunText(claim.fleet, bank);
  return toClaimProblem(claim, 'port-request-refused', message, `${hint} ${start}`);
}

function toExhaustedProblem(
  claim: PortClaim,
  pool: PortPool,
  { protocols, until }: Extract<Refusal, { readonly kind: 'exhausted' }>,
  { held, banks }: Circumstances,
): Problem {
  const pools = protocols.map((protocol) => toPoolText([protocol], pool.ranges[protocol]?.range));
  const which =
    pools.length > 1
      ? `No port is free in both ${pools.join(' and ')}`
      : `No port is free in ${pools.join()}`;
  const band = pool.requestable === null ? '' : ` (${toRangeText(pool.requestable)} is for requests only)`;
  const next = until === null ? '' : `; the next has cooled down at ${toTimeText(until)}`;
  const supply = toSupply(pool, protocols, banks);
  return toClaimProblem(
    claim,
    'pool-exhausted',
    `${which} of ${toPlaceText(claim, pool)}${band} for ${toTargetText(claim)}${supply.text}${next}${toKeptText(held)}.`,
    supply.wanted === undefined
      ? `Stop exposing a port that is not needed, or make the pool larger and give Traefik the new entryPoints.`
      : `A port is given as soon as bank ${supply.wanted} is open, which the operators see to. ${toStartText(claim.fleet, supply.wanted)}`,
  );
}

/** How much of a pool with banks is open, and the bank that is to be next. */
function toSupply(pool: PortPool, protocols: readonly PoolProtocol[], banks: readonly BankStatus[]) {
  if (pool.bank === null) return { text: '', wanted: undefined };
  const count = (bank: number): number =>
    Math.min(...protocols.map((protocol) => countHandedOut(pool, toBankRange(pool, protocol, bank))));
  const own = banks.filter(({ bank }) => count(bank) > 0);
  const ports = own.reduce((sum, { bank, state }) => sum + (state === 'open' ? count(bank) : 0), 0);
  const wanted = own.find(({ state }) => state === 'wanted')?.bank;
  const next = wanted === undefined ? 'no other bank is left' : `bank ${wanted} is wanted`;
  return { text: `; its open banks have ${countText(ports)}, and ${next}`, wanted };
}

function countHandedOut(pool: PortPool, range: PortRange | undefined): number {
  let count = 0;
  for (let port: number = range?.from ?? 1; port <= (range?.to ?? 0); port += 1)
    if (isPort(port) && isHandedOut(pool, port)) count += 1;
  return count;
}

/** A held port that has no entryPoint any more. */
export function toLostProblem(
  claim: PortClaim,
  fleet: FleetPools | undefined,
  port: Port,
  protocols: readonly PoolProtocol[],
): Problem {
  const where =
    fleet === undefined
      ? `fleet ${claim.fleet} is not configured`
      : `${fleet.pools.length > 1 ? 'no' : 'the'} ${toUpperText(protocols)} pool of fleet ${claim.fleet} ${fleet.pools.length > 1 ? 'has it any more' : 'no longer has it'}`;
  return toClaimProblem(
    claim,
    'pool-port-lost',
    `Pool port ${port} is kept for ${toTargetText(claim)} but not routed: ${where}.`,
    `Put ${port} back into the pool, or ${toAnewText(claim)}.`,
  );
}

/** A claim on a protocol for which its pool has no ports. */
export function toMissingPoolProblem(
  claim: PortClaim,
  pool: PortPool | undefined,
  protocols: readonly PoolProtocol[],
): Problem {
  const which = toUpperText(protocols);
  const isDefault = pool === undefined || pool.name === defaultPool;
  const why =
    pool === undefined
      ? `fleet ${claim.fleet} is not configured`
      : isDefault
        ? `fleet ${claim.fleet} has no ${which} pool`
        : `${toPlaceText(claim, pool)} has no ${which} ports`;
  const fields = protocols.map((protocol) => `${isDefault ? 'ports.' : ''}${protocol}`).join(' and ');
  return toClaimProblem(
    claim,
    'pool-exhausted',
    `${toTargetText(claim)} gets no ${which} port: ${why}.`,
    `Configure ${fields} of the ${isDefault ? 'fleet, or name another fleet' : 'pool, or name another pool'}.`,
  );
}
