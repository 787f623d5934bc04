import { isDnsLabel } from '../../lib/dns-names.ts';
import { append } from '../../lib/group-by.ts';
import type { Endpoint, EndpointGroup, Service } from '../../model/objects.ts';
import { compareText } from '../../model/object-ref.ts';
import type { HeldPort } from '../../model/ports.ts';
import { countText, listSome, type Report } from '../../model/problem.ts';
import { quote } from '../../annotations/parsers.ts';
import { explainExcess } from '../backend/endpoints.ts';
import type { Translating } from '../context.ts';

/** One endpoint of a Service by its hostname. */
export interface NamedEndpoint {
  readonly name: string;
  /** Where it stands, with nothing else in them; none while it is away. */
  readonly groups: readonly EndpointGroup[];
}

export interface NamedRequest {
  readonly service: Service;
  /** What the ledger holds for the Service. */
  readonly held: readonly HeldPort[];
  /** The endpoints for which a port is asked by its number. */
  readonly requested: ReadonlySet<string>;
  /** The annotation that asks, for problems. */
  readonly field: string;
  readonly report: Report;
}

/**
 * Longer ones would not fit into the name of the annotation that tells the port: `65535.` goes before, and Kubernetes takes 63
 * characters.
 */
const longestName = 57;

/**
 * The endpoints of a Service that have a claim on ports of their own: those that are there, ready or not; those that are named by a
 * request; and of the others that hold ports those that have not been scaled away. The first of them should stand when not all can.
 */
export function findNamedEndpoints(context: Translating, request: NamedRequest): readonly NamedEndpoint[] {
  const { service, held, requested } = request;
  const present = groupByName(context, request);
  const holders = new Set(
    held.flatMap(({ part }) => (part?.kind === 'endpoint' ? part.name : [])).filter(isName),
  );
  const names = [
    ...[...present.keys()].sort(byRank(holders)),
    ...[...requested, ...listKept(holders, present)].filter((name) => !present.has(name)).sort(byNumber),
  ];
  const isEmpty = context.view.slicesOf(service.meta.ref).every(({ endpoints }) => endpoints.length === 0);
  if (names.length === 0 && isEmpty) {
    request.report('no-endpoints', {
      field: request.field,
      message: `Service ${service.meta.ref.name} has no endpoints yet, and so none with a hostname`,
      hint: hintOfNames,
    });
  }
  return [...new Set(names)].map((name) => ({ name, groups: present.get(name) ?? [] }));
}

const hintOfNames =
  'Kubernetes gives a hostname to the pods of a StatefulSet in the headless Service that its spec.serviceName names; in slices written by hand it is endpoints[].hostname.';

/** What can be the hostname of an endpoint with a port of its own. */
export function isName(text: string): boolean {
  return text.length <= longestName && isDnsLabel(text);
}

function groupByName(
  context: Translating,
  { service, field, report }: NamedRequest,
): ReadonlyMap<string, readonly EndpointGroup[]> {
  const byName = new Map<string, EndpointGroup[]>();
  const unusable = new Set<string>();
  const most = context.settings.limits.object.endpoints;
  let count = 0;
  let nameless = 0;
  for (const group of context.view.slicesOf(service.meta.ref)) {
    const here = new Map<string, Endpoint[]>();
    for (const endpoint of group.endpoints) {
      const { hostname, addresses } = endpoint;
      // In a folder there may be names without an address, which are as much work.
      const size = Math.max(addresses.length, 1);
      count += size;
      if (hostname === undefined) nameless += size;
      else if (count > most) continue;
      else if (!isName(hostname)) unusable.add(hostname);
      else append(here, hostname, endpoint);
    }
    for (const [name, endpoints] of here) append(byName, name, { ...group, endpoints });
  }
  if (count > most) {
    const { code, ...details } = explainExcess(service, count, most);
    report(code, { field, ...details });
  }
  reportNameless({ service, field, report }, nameless, [...unusable]);
  for (const [name, groups] of byName) if (isShared(groups)) reportShared({ service, field, report }, name);
  return byName;
}

type Reporting = Pick<NamedRequest, 'field' | 'report' | 'service'>;

function reportNameless(
  { service, field, report }: Reporting,
  count: number,
  unusable: readonly string[],
): void {
  const { name } = service.meta.ref;
  if (count > 0)
    report('endpoint-unnamed', {
      field,
      message: `Service ${name} has endpoints without a hostname (${countText(count)}), which get no port of their own`,
      hint: hintOfNames,
    });
  if (unusable.length > 0)
    report('endpoint-unnamed', {
      field,
      message: `endpoints of Service ${name} get no port of their own: ${listSome(unusable.map(quote))} cannot be part of the name of an annotation`,
      hint: `Give them hostnames of at most ${longestName} lower-case letters, digits and inner hyphens.`,
    });
}

function reportShared({ service, field, report }: Reporting, name: string): void {
  report('endpoint-hostname-shared', () => ({
    field,
    message: `several endpoints of Service ${service.meta.ref.name} have the hostname ${name}: connections to its port go to any of them`,
    hint: 'Give each its own hostname.',
  }));
}

/** Whether more than one machine or pod has a name. One has an address of each family, and stands in two slices for a moment. */
function isShared(groups: readonly EndpointGroup[]): boolean {
  const first = new Map<string, string>();
  return groups.some(({ addressType, endpoints }) =>
    endpoints.some(({ addresses, terminating }) => {
      if (terminating) return false;
      const own = addresses.toSorted().join();
      const known = first.get(addressType) ?? own;
      first.set(addressType, known);
      return known !== own;
    }),
  );
}

/**
 * Of the endpoints that hold ports and are away, those that come back: a StatefulSet has all numbers up to its last one, so what is
 * missing below one that is there restarts; and when none is there at all, that is an outage, or a night. The others have been
 * scaled away, or are the last one while it restarts: their ports cool down, and go back to them.
 */
function listKept(holders: ReadonlySet<string>, present: ReadonlyMap<string, unknown>): readonly string[] {
  if (present.size === 0) return [...holders];
  const last = new Map<string, number>();
  for (const name of present.keys()) {
    const { set, number } = toNumbered(name);
    last.set(set, Math.max(number, last.get(set) ?? -1));
  }
  return [...holders].filter((name) => {
    const { set, number } = toNumbered(name);
    return number >= 0 && number < (last.get(set) ?? -1);
  });
}

interface Numbered {
  /** The name without the number, or the whole name of what has none. */
  readonly set: string;
  /** -1 for what has none. */
  readonly number: number;
}

/** `kafka-2` is number 2 of the StatefulSet kafka. */
function toNumbered(name: string): Numbered {
  const hyphen = name.lastIndexOf('-');
  const digits = name.slice(hyphen + 1);
  return hyphen > 0 && /^\d{1,9}$/.test(digits)
    ? { set: name.slice(0, hyphen), number: Number(digits) }
    : { set: name, number: -1 };
}

function byNumber(a: string, b: string): number {
  const [first, second] = [toNumbered(a), toNumbered(b)];
  return compareText(first.set, second.set) || first.number - second.number || compareText(a, b);
}

/** Whoever holds a port comes first: a limit must not take it from it. */
function byRank(holders: ReadonlySet<string>): (a: string, b: string) => number {
  return (a, b) => Number(holders.has(b)) - Number(holders.has(a)) || byNumber(a, b);
}
