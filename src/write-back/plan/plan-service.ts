import type { Service, ServicePort } from '../../model/objects.ts';
import type { HeldPort, LedgerState } from '../../model/ports.ts';
import { exposeDirective } from '../../annotations/own/pool-ports.ts';
import { sniPortKey } from '../../annotations/own/sni.ts';
import { toAllocatedKey, toAllocatedKeyTest, toOwnTemplate, toPartName } from '../../model/allocated-key.ts';
import { findPoolOfEntry, poolProtocols } from '../../ports/allocation/pool.ts';
import { addressesKey } from '../../ports/written-addresses.ts';
import type { PlanSettings } from './plan-settings.ts';
import { toAddresses, toDifference, type ServedPort } from './written-ports.ts';

/** The settings, and what was worked out from them once. */
export interface ServicePlanning extends PlanSettings {
  /** Whether a key is one that only Fairlead writes. */
  readonly isOwnKey: (key: string) => boolean;
  /** Whether the ledger has no entry at all. */
  readonly isEmpty: boolean;
}

export function toServicePlanning(
  { fleets, services }: PlanSettings,
  { entries }: LedgerState,
): ServicePlanning {
  const isAllocatedKey = toAllocatedKeyTest(services.expose);
  return {
    fleets,
    services,
    isOwnKey: (key) => key === addressesKey || isAllocatedKey(key),
    isEmpty: entries.length === 0,
  };
}

/** The pool ports of a Service: those that it holds, and those that it shares, as if it held them. */
interface HeldPorts {
  readonly own: readonly HeldPort[];
  readonly shared: readonly HeldPort[];
}

/**
 * What is to be changed of the annotations with the pool ports of a Service: each under the key that belongs to the annotation by which it asks,
 * and all together with the addresses of the fleets. With several fleets the former hold the port of the first of them.
 */
export function planService(
  planning: ServicePlanning,
  { meta, ports }: Service,
  held: HeldPorts,
): Readonly<Record<string, string | null>> {
  const templates = findTemplates(planning.services, meta.annotations);
  // When the ledger is lost, what stands on the Services that ask is all that it can be made of again.
  if (planning.isEmpty && templates !== undefined) return {};
  const wanted =
    templates === undefined
      ? new Map<string, string>()
      : toWanted(
          templates,
          toServedPorts(planning, ports, listAsked(templates, held.own)),
          toServedPorts(planning, ports, held.shared),
          meta.annotations[addressesKey] ?? '',
        );
  return toDifference(planning.isOwnKey, meta.annotations, wanted);
}

function toWanted(
  templates: Templates,
  own: readonly ServedPort[],
  shared: readonly ServedPort[],
  addressesNow: string,
): ReadonlyMap<string, string> {
  const wanted = new Map<string, string>();
  const add = (template: string | undefined, { held, protocol }: ServedPort): void => {
    const key = template && toAllocatedKey(template, protocol, held.servicePort, held.part);
    // The first fleet counts, what the Service has for itself, and of several numbers that imports gave the lowest.
    if (key !== undefined && !wanted.has(key)) wanted.set(key, String(held.port));
  };
  for (const each of own) add(toTemplate(templates, each.held), each);
  for (const each of shared) add(templates.shared, each);
  const addresses = toAddresses([...own, ...shared], addressesNow);
  if (addresses !== '') wanted.set(addressesKey, addresses);
  return wanted;
}

/** Whether a Service with these annotations asks for pool ports. */
export function asksForPorts(
  services: PlanSettings['services'],
  annotations: Readonly<Record<string, string>>,
): boolean {
  return findTemplates(services, annotations) !== undefined;
}

/** Where the answers to a Service are written: for what it exposes as a whole, for each of its endpoints, and for what it shares. */
interface Templates {
  readonly whole: string | undefined;
  readonly each: string | undefined;
  readonly shared: string | undefined;
}

/** Undefined when a Service with these annotations does not ask. */
function findTemplates(
  { expose }: PlanSettings['services'],
  annotations: Readonly<Record<string, string>>,
): Templates | undefined {
  const whole = expose.find(({ key, value }) =>
    value === undefined ? asksBy(annotations[key]) : annotations[key]?.trim() === value,
  )?.allocated;
  const each = asksBy(annotations['fairlead.dev/expose-each']) ? toOwnTemplate(expose) : undefined;
  const shared = annotations[sniPortKey] === undefined ? undefined : toOwnTemplate(expose);
  return (whole ?? each ?? shared) === undefined ? undefined : { whole, each, shared };
}

function toTemplate({ whole, each }: Templates, { part }: HeldPort): string | undefined {
  return part?.kind === 'endpoint' ? each : whole;
}

/** What is asked for by one of the two. */
function listAsked(templates: Templates, held: readonly HeldPort[]): readonly HeldPort[] {
  return held.filter((each) => toTemplate(templates, each) !== undefined);
}

function asksBy(text: string | undefined): boolean {
  const directive = text === undefined ? undefined : exposeDirective(text);
  return directive?.ok === true && directive.value !== undefined;
}

/** In the order of the Service's ports, for each in that of the fleets, and then as the ledger has them. */
function toServedPorts(
  { fleets }: PlanSettings,
  ports: readonly ServicePort[],
  held: readonly HeldPort[],
): readonly ServedPort[] {
  return ports.flatMap((target) => {
    const protocol = poolProtocols.find((each) => each === target.protocol.toLowerCase());
    if (protocol === undefined) return [];
    return fleets.flatMap((fleet) => {
      const entries = new Map<string | undefined, HeldPort>();
      for (const each of held) {
        const isIt = each.fleet === fleet.name && each.servicePort === target.port;
        if (isIt && each.protocols.includes(protocol) && !entries.has(each.part?.name))
          entries.set(each.part?.name, each);
      }
      return [...entries.values()].flatMap((entry) =>
        // A port that no pool has any more is held but not served.
        findPoolOfEntry(fleet, protocol, entry) === undefined
          ? []
          : { held: entry, fleet, protocol, name: toPortName(target, entry) },
      );
    });
  });
}

function toPortName({ name, port }: ServicePort, { part }: HeldPort): string {
  return toPartName(name || String(port), part);
}
