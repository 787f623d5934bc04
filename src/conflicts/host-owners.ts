import { toFlatText } from '../lib/flat-text.ts';
import { SmallMap } from '../lib/small-map.ts';
import { bySeniority, type Aged, type ObjectKey } from '../model/object-ref.ts';
import type { HttpRoute, Intent, RuleOrder, SniRoute, Translation } from '../routes/intent.ts';
import { toHostText, type HostMatch } from '../routes/match.ts';
import { Crowd, isSameTenant, toTenant } from './crowd.ts';
import { toBelowKey, toContestKey, toHostKey, toWildcardOf } from './host-keys.ts';
import type { OwnerRules } from './owner-rules.ts';

/** What a change of routes and certificates comes to for others. */
export interface OwnerChanges {
  /** The objects that route a host about which something else has been decided now: who may route it, or by HTTP or by SNI. */
  readonly units: Set<ObjectKey>;
  /** The crowds, by fleet and key (see `host-keys.ts`), that have another owner, or more or fewer tenants. */
  readonly places: { readonly fleet: string; readonly key: string }[];
}

/** What one object has of one host. */
interface Route {
  readonly fleet: string;
  readonly host: HostMatch;
  readonly owner: Aged;
  /** By SNI; of an object that asks for HTTP as well that counts. */
  readonly isSni: boolean;
  /** Whether Traefik shows a certificate for it. */
  readonly isCertified: boolean;
  /** Whether it routes it where all share it, by HTTP or by SNI. */
  readonly isShared: boolean;
  /** Whether it ends TLS for it on a port of its own. */
  readonly isOnPort: boolean;
  /** Whether it asks for a priority above that of its rule, which only the first tenant of a host may. */
  readonly isRaised: boolean;
  /** Whether it is there only while nobody else is. */
  readonly yields: boolean;
}

/** A route that has its host for the whole fleet. */
export type HostRoute = HttpRoute | SniRoute;

/**
 * On a port of its own namespace a host by SNI is nobody else's matter: what passes through shows the certificate of the backend. Nor is
 * it on an entryPoint other than that of HTTPS.
 */
export function isHostRoute(intent: Intent): intent is HostRoute {
  if (intent.kind === 'http') return true;
  return intent.kind === 'sni' && intent.port === undefined && intent.entryPoint === undefined;
}

/** A route that ends TLS on a port of its own. */
export type EndingRoute = SniRoute & Required<Pick<SniRoute, 'port' | 'tls'>>;

/**
 * Whether a route ends TLS on a port of its own. All certificates share one store in Traefik: it would show there that of whoever has the
 * host, to whom clients would then send what is for that one.
 */
export function endsOnPort(intent: Intent): intent is EndingRoute {
  return intent.kind === 'sni' && intent.port !== undefined && intent.tls !== undefined;
}

/** Who answers for the host of a route, as old as the route itself: its owner, or whoever has the listener that it is attached to. */
export function toHostOwner({ owner, tenant }: HostRoute): Aged {
  if (tenant === undefined) return owner;
  return { ref: tenant, ...(owner.created !== undefined && { created: owner.created }) };
}

export function toHost(route: HostRoute): HostMatch {
  return route.kind === 'http' ? route.match.host : route.host;
}

/**
 * Who routes which hosts, and who was the first to. Kept up to date object by object.
 *
 * A host is for HTTP or for SNI, as the first to route it says: Traefik hands the TLS connections of one name to the one or to the other.
 * Its owner may have plain HTTP beside SNI, which the challenges of ACME need.
 */
export class HostOwners {
  readonly #rules: OwnerRules;
  /** Who routes each host where all share it, by fleet and key. */
  readonly #hosts: Crowds<ObjectKey> = new Map();
  /** Those of them that do so by SNI. */
  readonly #bySni: Crowds<ObjectKey> = new Map();
  /** Those of them that ask for a higher priority. */
  readonly #raised: Crowds<ObjectKey> = new Map();
  /** Those of them that give way to all others. */
  readonly #yielding: Crowds<ObjectKey> = new Map();
  /** Who ends TLS for each host on a port of his own: that is neither HTTP nor SNI to the others, and as much a use of its certificate. */
  readonly #onPorts: Crowds<ObjectKey> = new Map();
  /** Who is below each wildcard: objects, each with the host for which it is there. */
  readonly #wildcards: Crowds<string> = new Map();
  readonly #routesOf = new Map<ObjectKey, SmallMap<string, Route>>();
  /** The tenants that bring a certificate for a host by its own name, by fleet and key of the host. */
  readonly #certified = new Map<string, Set<string>>();

  constructor(rules: OwnerRules) {
    this.#rules = rules;
  }

  /** Puts the routes of an object in place of its former ones. */
  replace({ unit, intents }: Translation, changes: OwnerChanges): void {
    const next = new SmallMap<string, Route>();
    for (const intent of intents) {
      // A host that the settings give to others is not had by routing it.
      if (!(isHostRoute(intent) || endsOnPort(intent)) || !this.isAllowed(intent)) continue;
      const route = toRoute(intent);
      const id = toId(route.fleet, toHostKey(toHostText(route.host)));
      next.set(id, merge(next.get(id), route));
    }
    for (const [id, route] of this.#routesOf.get(unit)?.entries() ?? []) {
      if (!isAlike(route, next.get(id))) this.#put(unit, route, false, changes);
    }
    for (const route of next.values()) this.#put(unit, route, true, changes);
    if (next.size > 0) this.#routesOf.set(unit, next);
    else this.#routesOf.delete(unit);
  }

  /** Takes over whether a tenant brings a certificate for a host by its own name. */
  setCertified(fleet: string, name: string, owner: Aged, isCertified: boolean, changes: OwnerChanges): void {
    const id = toId(fleet, toHostKey(name));
    const tenants = this.#certified.get(id) ?? new Set();
    if (isCertified) tenants.add(toTenant(owner));
    else tenants.delete(toTenant(owner));
    if (tenants.size > 0) this.#certified.set(id, tenants);
    else this.#certified.delete(id);
    for (const [unit, member] of this.#listUsers(id)) {
      const route = this.#routesOf.get(unit)?.get(id);
      if (!isSameTenant(member, owner) || route?.isCertified !== true) continue;
      this.#contest(unit, { ...route, owner: member }, !isCertified, changes);
    }
  }

  /** All that have something of a host; an object that shares it and has it on a port twice. */
  *#listUsers(id: string): IterableIterator<readonly [ObjectKey, Aged]> {
    for (const crowds of [this.#hosts, this.#onPorts]) yield* crowds.get(id)?.members ?? [];
  }

  /** Whether a route may have a priority above that of its rule: among the routes of a host only those may order that had it first. */
  mayRaise({ fleet, owner, match }: HttpRoute): boolean {
    return isSameTenant(this.findFirst(fleet, toHostText(match.host)), owner);
  }

  /** The object to which a route has to give way; undefined when it stands. */
  findInTheWay(route: HttpRoute): Aged | undefined {
    const { owner, yields } = route;
    if (yields !== true) return undefined;
    const first = this.#decideFor(route).eldest;
    return first === undefined || first.created === owner.created ? undefined : first;
  }

  /** Who was the first to route this very host, by its text, or to end TLS for it on a port. */
  findFirst(fleet: string, text: string): Aged | undefined {
    return this.#findFirst(toId(fleet, toHostKey(text)));
  }

  #findFirst(id: string): Aged | undefined {
    const [shared, onPort] = [this.#hosts.get(id)?.eldest, this.#onPorts.get(id)?.eldest];
    if (shared === undefined || onPort === undefined) return shared ?? onPort;
    return bySeniority(onPort, shared) < 0 ? onPort : shared;
  }

  /** Those below a wildcard; see `toBelowKey` and `toContestKey`. */
  findWildcard(fleet: string, key: string): Crowd<string> | undefined {
    return this.#wildcards.get(toId(fleet, key));
  }

  /** Whether the settings leave the host of a route to its namespace. */
  isAllowed(route: HostRoute): boolean {
    const host = toHostText(toHost(route));
    return this.#rules.allows(host, route.owner) || this.#rules.allows(host, toHostOwner(route));
  }

  /** Another tenant that was the first to route a host for which TLS is to end on a port; undefined when there is none, or the settings share it. */
  findCertifiedInTheWay(route: EndingRoute): Aged | undefined {
    const host = toHostText(route.host);
    if (this.#rules.listOwners(host) !== undefined) return undefined;
    const first = this.findFirst(route.fleet, host);
    return isOf(first, route) ? undefined : first;
  }

  /** Another tenant that was the first to route a host which only its owner may route; undefined when there is none. */
  findOwnerInTheWay(route: HostRoute): Aged | undefined {
    const host = toHost(route);
    if (!this.#isExclusive(host)) return undefined;
    const first = this.findFirst(route.fleet, toHostText(host));
    return isOf(first, route) ? undefined : first;
  }

  /**
   * The object by whose word the host of a route is for the other of HTTP and SNI; undefined where that is not in its way: plain HTTP
   * beside SNI is not, in one namespace.
   */
  findOtherUse(route: HostRoute): Aged | undefined {
    const { eldest, isSni } = this.#decideFor(route);
    if (isSni === (route.kind === 'sni')) return undefined;
    const isPlain = route.kind === 'http' && route.tls === undefined;
    return isPlain && isOf(eldest, route) ? undefined : eldest;
  }

  /** Whether the TLS connections for the host of a route are for SNI. */
  isForSni(route: HostRoute): boolean {
    return this.#decideFor(route).isSni;
  }

  #decideFor(route: HostRoute): Decision {
    return this.#decide(toId(route.fleet, toHostKey(toHostText(toHost(route)))));
  }

  /** Who was the first to route a host, and whether by SNI. */
  #decide(id: string): Decision {
    const eldest = this.#hosts.get(id)?.eldest;
    return { eldest, isSni: eldest !== undefined && this.#bySni.get(id)?.eldest === eldest };
  }

  /** Without a host there is nothing to own. */
  #isExclusive({ kind }: HostMatch): boolean {
    return this.#rules.isByNamespace && kind !== 'any';
  }

  #put(unit: ObjectKey, route: Route, isThere: boolean, changes: OwnerChanges): void {
    const { fleet, host, owner } = route;
    const key = toHostKey(toHostText(host));
    const id = toId(fleet, key);
    const member = isThere ? owner : undefined;
    const former = { first: this.#findFirst(id), decision: this.#decide(id) };
    const change = (crowds: Crowds<ObjectKey>): void =>
      changeCrowd(crowds, { fleet, key }, unit, member, changes);
    if (route.isShared) change(this.#hosts);
    if (route.isSni) change(this.#bySni);
    if (route.isRaised) change(this.#raised);
    if (route.yields) change(this.#yielding);
    if (route.isOnPort) change(this.#onPorts);
    if (!isSameTenant(former.first, this.#findFirst(id)))
      for (const crowds of [...(this.#isExclusive(host) ? [this.#hosts] : []), this.#raised, this.#onPorts])
        addMembers(crowds.get(id), changes);
    this.#followUse(id, former.decision, changes);
    const wildcard = toWildcardOf(host);
    if (wildcard === undefined || !route.isCertified) return;
    const below = { fleet, key: toBelowKey(wildcard) };
    changeCrowd(this.#wildcards, below, `${unit} ${key}`, member, changes);
    const isCertified = this.#certified.get(id)?.has(toTenant(owner)) === true;
    this.#contest(unit, route, isThere && !isCertified, changes);
  }

  /** Who loses a host to the other of HTTP and SNI hears of it, and by whose word that is. */
  #followUse(id: string, former: Decision, changes: OwnerChanges): void {
    const next = this.#decide(id);
    if (former.eldest === next.eldest && former.isSni === next.isSni) return;
    addMembers(this.#yielding.get(id), changes);
    const all = next.isSni || former.isSni !== next.isSni;
    addMembers((all ? this.#hosts : this.#bySni).get(id), changes);
  }

  #contest(unit: ObjectKey, { fleet, host, owner }: Route, isIn: boolean, changes: OwnerChanges): void {
    const wildcard = toWildcardOf(host);
    if (wildcard === undefined) return;
    const place = { fleet, key: toContestKey(wildcard) };
    const member = `${unit} ${toHostKey(toHostText(host))}`;
    changeCrowd(this.#wildcards, place, member, isIn ? owner : undefined, changes);
  }
}

/** Whether a route asks to go before what the length of its rule lets it go before. */
export function isRaising(order: RuleOrder | undefined): boolean {
  return order?.asked !== undefined && order.asked > order.length;
}

type Crowds<K extends string> = Map<string, Crowd<K>>;

/** Who was the first to route a host, and how. */
interface Decision {
  readonly eldest: Aged | undefined;
  readonly isSni: boolean;
}

/** Whether somebody is of the tenant of a route, or of whoever answers for its host. */
function isOf(other: Aged | undefined, route: HostRoute): boolean {
  return isSameTenant(other, route.owner) || isSameTenant(other, toHostOwner(route));
}

function toRoute(route: HostRoute): Route {
  const { fleet } = route;
  const isOnPort = endsOnPort(route);
  const isSni = route.kind === 'sni' && !isOnPort;
  const isRaised = route.kind === 'http' && isRaising(route.order);
  return {
    fleet,
    owner: toHostOwner(route),
    host: toHost(route),
    isShared: !isOnPort,
    isSni,
    isOnPort,
    isCertified: !isSni || route.tls !== undefined,
    isRaised,
    yields: route.kind === 'http' && route.yields === true,
  };
}

function merge(a: Route | undefined, b: Route): Route {
  if (a === undefined) return b;
  return {
    ...b,
    // What gives way says nothing of the age of its object.
    owner: b.yields ? a.owner : b.owner,
    isSni: a.isSni || b.isSni,
    isShared: a.isShared || b.isShared,
    isOnPort: a.isOnPort || b.isOnPort,
    isCertified: a.isCertified || b.isCertified,
    isRaised: a.isRaised || b.isRaised,
    yields: a.yields && b.yields,
  };
}

function isAlike(a: Route, b: Route | undefined): boolean {
  return (
    a.isSni === b?.isSni &&
    a.isShared === b.isShared &&
    a.isOnPort === b.isOnPort &&
    a.isCertified === b.isCertified &&
    a.isRaised === b.isRaised &&
    a.yields === b.yields
  );
}

function addMembers(crowd: Crowd | undefined, { units }: OwnerChanges): void {
  for (const [each] of crowd?.members ?? []) units.add(each);
}

/** Lets a member in or out. */
function changeCrowd<K extends string>(
  crowds: Crowds<K>,
  place: OwnerChanges['places'][number],
  member: K,
  owner: Aged | undefined,
  changes: OwnerChanges,
): void {
  const id = toId(place.fleet, place.key);
  const crowd = crowds.get(id) ?? new Crowd<K>();
  const [eldest, tenants] = [crowd.eldest, crowd.tenants];
  if (owner === undefined) crowd.delete(member);
  else crowd.set(member, owner);
  if (crowd.tenants > 0) crowds.set(id, crowd);
  else crowds.delete(id);
  // Another object of the same tenant may be older than whoever routes a wildcard around it.
  if (eldest !== crowd.eldest || tenants !== crowd.tenants) changes.places.push(place);
}

function toId(fleet: string, key: string): string {
  return toFlatText(fleet, '|', key);
}
