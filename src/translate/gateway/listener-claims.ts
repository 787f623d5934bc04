import type { Gateway, ListenerSet } from '../../model/objects.ts';
import type { Port } from '../../model/port.ts';
import type { PortClaim } from '../../model/ports.ts';
import { annotationField, listSome } from '../../model/problem.ts';
import type { ProblemList } from '../../model/problem-list.ts';
import type { AskedAnnotation } from '../../annotations/parts.ts';
import { toUses, type AnnotationUse } from '../../routes/why.ts';
import { readGatewayAnnotations, type Translating } from '../context.ts';
import { bindListener } from './listener-bindings.ts';
import { toPoolClaims, type Wanted } from './pool-claims.ts';
import type { ResolvedListener, ResolvedParent } from './resolved.ts';

/** The key of the annotation that names the listeners whose ports are handed out. */
const allocateKey = 'fairlead.dev/allocate-port';

/** What a Gateway or a ListenerSet asks of the pools. */
export interface ListenerClaims {
  readonly claims: readonly PortClaim[];
  readonly asked: readonly AskedAnnotation[];
  readonly uses: readonly AnnotationUse[];
}

/**
 * One claim for each listener on a pool port, on each of its fleets: for the number that stands in it, or for any one that there is.
 * Reports what the annotations of the object ask for and cannot have.
 */
export function toListenerClaims(
  context: Translating,
  object: Gateway | ListenerSet,
  parent: ResolvedParent,
  problems: ProblemList,
): ListenerClaims {
  const { meta, kind } = object;
  const reading = readGatewayAnnotations(context, meta, kind);
  const { directives } = reading;
  problems.add(reading.problems);
  const names = new Set(object.listeners.map(({ name }) => name));
  const allocated = new Set((directives.allocatePort ?? []).filter((name) => names.has(name)));
  for (const name of directives.allocatePort ?? [])
    if (!names.has(name)) reportUnknown(object, name, problems);
  for (const name of directives.requestedPorts?.keys() ?? [])
    if (!allocated.has(name)) reportIdleRequest(object, name, problems);
  // Read in any case: what is written back of a port has to go when the ledger gives it up, which is after its object did.
  const held = context.view.heldPorts(meta.ref);
  const wanted = parent.listeners.flatMap((each) =>
    toWanted(context, parent, each, allocated, directives.requestedPorts),
  );
  const request = { asker: object, asked: directives.pool, field: 'spec.listeners', report: problems.report };
  return {
    claims: toPoolClaims(context.settings, wanted, request, held),
    asked: reading.asked,
    uses: toUses(meta.ref, [
      'allocatePort',
      'allocatePortsFor',
      ...(wanted.length > 0 ? ['pool'] : []),
      ...[...(directives.requestedPorts?.keys() ?? [])].map((name) => `requestedPorts/${name}`),
    ]),
  };
}

/**
 * What a listener wants of the pools. It does while it has its place, whether or not what it names is there: a certificate that is
 * missing for an hour must not cost it the number that its clients know.
 */
function toWanted(
  { settings }: Translating,
  parent: ResolvedParent,
  { listener, refusals }: ResolvedListener,
  allocated: ReadonlySet<string>,
  requests: ReadonlyMap<string, Port> | undefined,
): readonly Wanted[] {
  if ((parent.refusal ?? refusals.accepted ?? refusals.conflicted) !== undefined) return [];
  const { name, port, field } = listener;
  const isAllocated = allocated.has(name);
  const fleets = settings.fleets.filter((fleet) => parent.fleets.includes(fleet.name));
  const bound = bindListener(fleets, listener, isAllocated);
  const requested = isAllocated ? requests?.get(name) : port;
  const asks = isAllocated
    ? requested === undefined
      ? field
      : annotationField(`fairlead.dev/request-port.${name}`)
    : `${field}.port`;
  return ('reason' in bound ? [] : bound).flatMap((binding): Wanted | [] =>
    binding.kind === 'port'
      ? { fleet: binding.fleet, protocol: binding.protocol, listener: name, requested, field: asks }
      : [],
  );
}

function reportUnknown(
  { kind, listeners }: Gateway | ListenerSet,
  name: string,
  problems: ProblemList,
): void {
  problems.report('port-unknown', () => ({
    field: annotationField(allocateKey),
    message: `the ${kind} has no listener ${name}`,
    hint: `Name one of its listeners: ${listSome(listeners.map((each) => each.name)) || 'it has none'}.`,
  }));
}

function reportIdleRequest({ kind }: Gateway | ListenerSet, name: string, problems: ProblemList): void {
  problems.report('port-unknown', () => ({
    field: annotationField(`fairlead.dev/request-port.${name}`),
    message: `the ${kind} has no listener ${name} that is given a port`,
    hint: `End the key in the name of a listener that ${allocateKey} names; others ask for the port that stands in them.`,
  }));
}
