import type { Listener } from '../../model/gateway-specs.ts';
import type { Gateway, ListenerSet } from '../../model/objects.ts';
import type { FleetSettings } from '../../settings/settings.ts';
import { readGatewayAnnotations, type Translating } from '../context.ts';
import { ListenersApart } from './apart.ts';
import { refuseSet } from './attached-sets.ts';
import { FrontendValidations, hasInsecureFrontend } from './frontend-validation.ts';
import { chooseAddresses } from './gateway-addresses.ts';
import { ListenerBudget } from './listener-limits.ts';
import { ListenerConflicts } from './listener-conflicts.ts';
import { NamedSecrets } from './named-secret.ts';
import { findNesting } from './nesting.ts';
import { findOwnClass } from './own-class.ts';
import { resolveListener } from './resolve-listener.ts';
import type { Refusal, ResolvedListener, ResolvedParent } from './resolved.ts';

/**
 * A Gateway of ours, and after it the ListenerSets that name it, the eldest first, each as it is, accepted or not. None when its class is
 * not ours. Plain data, which is the same when nothing that was looked up has changed.
 */
export function resolveGateway(context: Translating, gateway: Gateway): readonly ResolvedParent[] {
  const { ref } = gateway.meta;
  const ownClass = findOwnClass(context, ref.source, gateway.className);
  if (ownClass === undefined) return [];
  const chosen = chooseAddresses(gateway, ownClass.fleets);
  const refusal =
    (ownClass.refusal && refuseClass(gateway, ownClass.refusal)) ??
    refuseParameters(gateway) ??
    chosen.refusal;
  const { clientCertificateRef } = gateway;
  const { allocatePortsFor } = readGatewayAnnotations(context, gateway.meta, 'Gateway').directives;
  const found =
    clientCertificateRef &&
    new NamedSecrets(context, ref).find(clientCertificateRef, 'InvalidClientCertificateRef');
  const resolving: Resolving = {
    gateway,
    fleets: chosen.fleets,
    validations: new FrontendValidations(context, gateway),
    conflicts: new ListenerConflicts(),
    budget: toBudget(context),
  };
  const own: ResolvedParent = {
    holder: toHolder(gateway),
    gateway: ref,
    ...(refusal && { refusal }),
    ...(chosen.programmed && { programmed: chosen.programmed }),
    ...(chosen.addresses && { addresses: chosen.addresses }),
    ...(hasInsecureFrontend(gateway) && { hasInsecureFrontend: true }),
    ...(found && ('reason' in found ? { resolvedRefs: found } : { clientCertificate: found })),
    fleets: chosen.fleets.map(({ name }) => name),
    listeners: resolveListeners(context, resolving, gateway, refusal),
    ...(allocatePortsFor && { allocatesFor: allocatePortsFor }),
  };
  const sets = context.view
    .listenerSetsOf(ref)
    .map((set) => resolveSet(context, resolving, set, refusal, own));
  return withOthers([own, ...sets], chosen.fleets);
}

function resolveSet(
  context: Translating,
  resolving: Resolving,
  set: ListenerSet,
  ofGateway: Refusal | undefined,
  { fleets, gateway, clientCertificate }: ResolvedParent,
): ResolvedParent {
  const refusal =
    refuseSet(context, resolving.gateway, set, ofGateway) ?? resolving.budget.refuse(set.meta.ref.namespace);
  return {
    holder: toHolder(set),
    gateway,
    ...(refusal && { refusal }),
    ...(clientCertificate && { clientCertificate }),
    fleets,
    // Anybody may name a Gateway, in thousands of ListenerSets: those that it does not take cost next to nothing.
    listeners: refusal === undefined ? resolveListeners(context, resolving, set, undefined) : [],
  };
}

/** What the listeners of a Gateway and its ListenerSets have in common. */
interface Resolving {
  readonly gateway: Gateway;
  readonly fleets: readonly FleetSettings[];
  readonly validations: FrontendValidations;
  readonly conflicts: ListenerConflicts;
  readonly budget: ListenerBudget;
}

function resolveListeners(
  context: Translating,
  { gateway, fleets, validations, conflicts, budget }: Resolving,
  object: Gateway | ListenerSet,
  ofParent: Refusal | undefined,
): readonly ResolvedListener[] {
  const { meta, listeners } = object;
  // What is not accepted takes nothing from others.
  const ownBudget = ofParent === undefined ? budget : toBudget(context);
  const { standing, refusal: surplus } = ownBudget.take(listeners, meta.ref.namespace, object === gateway);
  const { allocatePort } = readGatewayAnnotations(context, meta, object.kind).directives;
  const allocated = new Set(allocatePort);
  const placed = standing.filter(({ name }) => !allocated.has(name));
  const conflicted = ofParent === undefined ? conflicts.take(placed) : new Map<Listener, Refusal>();
  const stands = new Set(standing);
  const secrets = new NamedSecrets(context, meta.ref);
  return listeners.map((listener) =>
    resolveListener(
      listener,
      { owner: meta.ref, fleets, secrets, validations, ofParent },
      {
        isAllocated: allocated.has(listener.name),
        conflicted: conflicted.get(listener),
        surplus: stands.has(listener) ? undefined : surplus,
      },
    ),
  );
}

/** With what each listener is because of the others. */
function withOthers(
  parents: readonly ResolvedParent[],
  fleets: readonly FleetSettings[],
): readonly ResolvedParent[] {
  const served = parents.flatMap(({ listeners }) => listeners.filter(({ bindings }) => bindings.length > 0));
  const nesting = findNesting(served);
  const apart = new ListenersApart(served, fleets);
  return parents.map((parent) => ({
    ...parent,
    listeners: parent.listeners.map((each) => ({
      ...apart.mark(each),
      nesting: nesting.get(each) ?? each.nesting,
    })),
  }));
}

function toBudget({ settings }: Translating): ListenerBudget {
  return new ListenerBudget(settings.limits.object.hosts);
}

function toHolder({ meta: { ref, created } }: Gateway | ListenerSet): ResolvedParent['holder'] {
  return { ref, ...(created !== undefined && { created }) };
}

function refuseClass({ className }: Gateway, { hint }: Refusal): Refusal {
  return {
    reason: 'Invalid',
    field: 'spec.gatewayClassName',
    message: `GatewayClass ${className} is not accepted, so nothing serves its Gateways`,
    hint,
  };
}

function refuseParameters({ parametersRef }: Gateway): Refusal | undefined {
  if (parametersRef === undefined) return undefined;
  return {
    reason: 'InvalidParameters',
    field: parametersRef.field,
    message: `the parameters ${parametersRef.kind} ${parametersRef.name} are not supported by Fairlead`,
    hint: 'Remove spec.infrastructure.parametersRef; what a Gateway has is in the settings of its fleets.',
  };
}
