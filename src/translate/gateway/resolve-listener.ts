import type { Listener } from '../../model/gateway-specs.ts';
import { toObjectKey, type ObjectRef } from '../../model/object-ref.ts';
import { toListenerKey } from '../../routes/status.ts';
import type { HostMatch } from '../../routes/match.ts';
import type { FleetSettings } from '../../settings/settings.ts';
import type { HostTlsOptions } from '../../routes/tls-options.ts';
import type { FrontendValidations } from './frontend-validation.ts';
import { bindListener } from './listener-bindings.ts';
import { findCertificates } from './listener-certificates.ts';
import { toSupportedKinds } from './listener-kinds.ts';
import type { NamedSecrets } from './named-secret.ts';
import { alone } from './nesting.ts';
import type { Binding, Refusal, ResolvedListener } from './resolved.ts';

/** What the listeners of one object have in common. */
export interface ObjectContext {
  /** The Gateway or ListenerSet. */
  readonly owner: ObjectRef;
  readonly fleets: readonly FleetSettings[];
  /** Those that the object names. */
  readonly secrets: NamedSecrets;
  /** Of its Gateway. */
  readonly validations: FrontendValidations;
  /** It is refused as a whole. */
  readonly ofParent: Refusal | undefined;
}

/** What is known of a listener before it is looked at by itself. */
export interface ListenerContext {
  /** Its port is handed out. */
  readonly isAllocated: boolean;
  /** Other listeners are in its way. */
  readonly conflicted: Refusal | undefined;
  /** It is one too many. */
  readonly surplus: Refusal | undefined;
}

/** A listener by itself; how it lies among others is added when all are known. */
export function resolveListener(
  listener: Listener,
  { owner, fleets, secrets, validations, ofParent }: ObjectContext,
  { isAllocated, conflicted, surplus }: ListenerContext,
): ResolvedListener {
  const { kinds, refusal: ofKinds } = toSupportedKinds(listener);
  const base = {
    key: toListenerKey(toObjectKey(owner), listener.name),
    listener,
    host: toListenerHost(listener),
    supportedKinds: kinds,
    nesting: alone,
  };
  // What there are too many of is not looked at any further.
  if (surplus !== undefined)
    return {
      ...base,
      bindings: [],
      certificates: [],
      refusals: { accepted: surplus, programmed: toProgrammed(surplus) },
    };
  const found = findCertificates(secrets, listener, fleets);
  const validation = validations.find(listener);
  const bound = bindListener(fleets, listener, isAllocated);
  const accepted = validation.isUnusable
    ? refuseValidation(validation.refusals)
    : 'reason' in bound
      ? bound
      : undefined;
  const resolvedRefs = join([...found.refusals, ...validation.refusals, ...(ofKinds ? [ofKinds] : [])]);
  const cause =
    ofParent ?? conflicted ?? accepted ?? (found.isUnusable || kinds.length === 0 ? resolvedRefs : undefined);
  return {
    ...base,
    bindings:
      cause === undefined && !('reason' in bound)
        ? bound.map((each) => withOptions(each, validation.options))
        : [],
    certificates: found.certificates,
    refusals: {
      ...(accepted && { accepted }),
      ...(conflicted && { conflicted }),
      ...(resolvedRefs && { resolvedRefs }),
      ...(cause && { programmed: toProgrammed(cause) }),
    },
  };
}

/** Hosts of listeners and routes of the Gateway API: a wildcard stands for one label or more. */
function toListenerHost({ hostname }: Listener): HostMatch {
  if (hostname === undefined) return { kind: 'any' };
  return hostname.startsWith('*.')
    ? { kind: 'wildcard', suffix: hostname.slice(2), labels: 'many' }
    : { kind: 'exact', name: hostname };
}

function withOptions(binding: Binding, options: HostTlsOptions | undefined): Binding {
  if (options === undefined || binding.kind !== 'http') return binding;
  return { ...binding, tls: { ...binding.tls, options } };
}

const conflicts: ReadonlySet<string> = new Set(['HostnameConflict', 'ListenerConflict', 'ProtocolConflict']);

/** The words of the specification for what is not programmed are few. */
function toProgrammed(cause: Refusal): Refusal {
  const isKept = cause.reason === 'PortUnavailable' || conflicts.has(cause.reason);
  return isKept ? cause : { ...cause, reason: 'Invalid' };
}

function refuseValidation([first]: readonly Refusal[]): Refusal {
  return {
    reason: 'NoValidCACertificate',
    ...(first?.field !== undefined && { field: first.field }),
    message: 'client certificates are required, and there is no authority to verify them',
    hint: 'Correct tls.frontend of the Gateway.',
  };
}

/** How many of the things that are wrong with what a listener names stand in one condition. */
const mostJoined = 3;

/** One condition has one reason; the first thing that is wrong gives it. */
function join(refusals: readonly Refusal[]): Refusal | undefined {
  const [first] = refusals;
  if (first === undefined || refusals.length === 1) return first;
  const messages = [...new Set(refusals.map(({ message }) => message))];
  return { ...first, message: messages.slice(0, mostJoined).join('; ') };
}
