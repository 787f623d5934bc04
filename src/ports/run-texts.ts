import type { HeldPort, PortClaim } from '../model/ports.ts';
import { annotationField, listSome, toProblem, type Problem } from '../model/problem.ts';
import type { ProblemCode } from '../model/problem-codes.ts';
import type { PortPool } from '../settings/port-pool.ts';
import { toRangeText } from './allocation/pool.ts';
import type { Refusal } from './allocation/refusal.ts';
import { toHolderText, toPlaceText, toTargetText, toTimeText, toUpperText } from './problem-words.ts';

const key = 'fairlead.dev/contiguous';

/** There is no place for all ports of a run; about its Service, by its first claim. */
export function toNoRunProblem(
  claim: PortClaim,
  pool: PortPool,
  { servicePorts, protocols, longest }: Extract<Refusal, { readonly kind: 'no-run' }>,
): Problem {
  const [first, last] = [servicePorts[0], servicePorts.at(-1)];
  const count = servicePorts.length;
  const which = protocols.length === 0 ? '' : `${toUpperText(protocols)} `;
  return toRunProblem(
    claim,
    'port-run-refused',
    `Service ports ${first} to ${last}${toPartText(claim)} get no pool ports: ${count} consecutive ${which}ports are asked for, and the longest free run of ${toPlaceText(claim, pool)} has ${longest}.`,
    `Expose fewer ports together, remove ${key} to be given ports that are not consecutive, or have the pool made larger.`,
  );
}

/** The one number that continues a run is not free. */
export function toBesideProblem(
  claim: PortClaim,
  pool: PortPool,
  { port, because, until }: Extract<Refusal, { readonly kind: 'beside' }>,
): Problem {
  const why =
    because.kind === 'outside'
      ? `not in ${toPlaceText(claim, pool)}`
      : because.kind === 'other-band'
        ? `on the other side of the ports that may be requested${because.band === null ? '' : `, ${toRangeText(because.band)}`}`
        : until === null
          ? `held by ${toHolderText(claim, because.by)}`
          : `cooling down until ${toTimeText(until)} after ${toHolderText(claim, because.by)} gave it back`;
  return toRunProblem(
    claim,
    'port-run-refused',
    `${toTargetText(claim)} gets no pool port: beside the others it would have ${port}, which is ${why}.`,
    until === null
      ? `Remove ${key} to be given another port, or expose all ports of the run in a new Service.`
      : 'Nothing needs to be done: it is given when it has cooled down, unless an older Service wants it too.',
  );
}

/** Two ports of one run ask for numbers that do not go together. */
export function toUnevenProblem(
  claim: PortClaim,
  { port, expected }: Extract<Refusal, { readonly kind: 'uneven' }>,
): Problem {
  return toRunProblem(
    claim,
    'port-run-refused',
    `${toTargetText(claim)} and those that are to be consecutive with it get no pool ports: ${port} is requested where ${expected} comes next to the others.`,
    'Request the number of one port only: the others are given the numbers beside it.',
  );
}

/** Ports that are held and not consecutive, of a Service that asks for a run. In the order of the Service ports. */
export function toBrokenRunProblem(claim: PortClaim, held: readonly HeldPort[]): Problem {
  const numbers = listSome(held.map(({ port }) => String(port)));
  return toRunProblem(
    claim,
    'port-run-broken',
    `The pool ports ${numbers}${toPartText(claim)} are not consecutive, and are kept as they are.`,
    `Nothing moves by itself. For a run, expose the ports in a new Service; or remove ${key}.`,
  );
}

function toPartText({ part }: PortClaim): string {
  return part === undefined ? '' : ` of ${part.kind} ${part.name}`;
}

function toRunProblem(claim: PortClaim, code: ProblemCode, message: string, hint: string): Problem {
  return toProblem(code, claim.holder, { field: annotationField(key), message, hint });
}
