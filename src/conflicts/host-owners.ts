import type { Aged, ObjectKey } from '../model/object-ref.ts';
import type { HttpRoute, Translation } from '../routes/intent.ts';
import { toHostText, type HostMatch } from '../routes/match.ts';
import { Crowd, isSameTenant, toTenant } from './crowd.ts';
import { toBelowKey, toContestKey, toHostKey, toWildcardOf } from './host-keys.ts';
import type { OwnerRules } from './owner-rules.ts';

/** What a change of routes and certificates comes to for others. */
export interface OwnerChanges {
  /** The objects that route a host which only its owner may route, and which has another owner now. */
  readonly units: Set<ObjectKey>;
  /** The crowds, by fleet and key (see `host-keys.ts`), that have another owner, or more or fewer tenants. */
  readonly places: { readonly fleet: string; readonly key: string }[];
}

/** What one object has of one host. */
interface Route {
  readonly fleet: string;
  readonly host: HostMatch;
  readonly owner: Aged;
}

/** Who routes which hosts, and who was the first to. Kept up to date object by object. */
export class HostOwners {
  readonly #rules: OwnerRules;
  /** Who routes each host, by fleet and key. */
  readonly #hosts: Crowds<ObjectKey> = new Map();
  /** Who is below each wildcard: objects, each with the host for which it is there. */
  readonly #wildcards: Crowds<string> = new Map();
  readonly #routesOf = new Map<ObjectKey, ReadonlyMap<string, Route>>();
  /** The tenants that bring a certificate for a host by its own name, by fleet and key of the host. */
  readonly #certified = new Map<string, Set<string>>();

  constructor(rules: OwnerRules) {
    this.#rules = rules;
  }

  /** Puts the routes of an object in place of its former ones. */
  replace({ unit, intents }: Translation, changes: OwnerChanges): void {
    const next = new Map<string, Route>();
    for (const intent of intents) {
      // A host that the settings give to others is not had by routing it.
      if (intent.kind !== 'http' || !this.isAllowed(intent)) continue;
      const { fleet, owner } = intent;
      const { host } = intent.match;
      next.set(toId(fleet, toHostKey(toHostText(host))), { fleet, host, owner });
    }
    for (const [id, route] of this.#routesOf.get(unit) ?? []) {
      if (!next.has(id)) this.#put(unit, route, false, changes);
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
    for (const [unit, member] of this.#hosts.get(id)?.members ?? []) {
      if (!isSameTenant(member, owner)) continue;
      const host: HostMatch = { kind: 'exact', name };
      this.#contest(unit, { fleet, host, owner: member }, !isCertified, changes);
    }
  }

  /** Who was the first to route this very host, by its text. */
  findFirst(fleet: string, text: string): Aged | undefined {
    return this.#hosts.get(toId(fleet, toHostKey(text)))?.eldest;
  }

  /** Those below a wildcard; see `toBelowKey` and `toContestKey`. */
  findWildcard(fleet: string, key: string): Crowd<string> | undefined {
    return this.#wildcards.get(toId(fleet, key));
  }

  /** Whether the settings leave the host of a route to its namespace. */
  isAllowed({ match, owner }: HttpRoute): boolean {
    return this.#rules.allows(toHostText(match.host), owner);
  }

  /** Another tenant that was the first to route a host which only its owner may route; undefined when there is none. */
  findOwnerInTheWay({ fleet, match: { host }, owner }: HttpRoute): Aged | undefined {
    if (!this.#isExclusive(host)) return undefined;
    const first = this.findFirst(fleet, toHostText(host));
    return isSameTenant(first, owner) ? undefined : first;
  }

  /** Without a host there is nothing to own. */
  #isExclusive({ kind }: HostMatch): boolean {
    return this.#rules.isByNamespace && kind !== 'any';
  }

  #put(unit: ObjectKey, route: Route, isThere: boolean, changes: OwnerChanges): void {
    const { fleet, host, owner } = route;
    const key = toHostKey(toHostText(host));
    const crowd = changeCrowd(this.#hosts, { fleet, key }, unit, isThere ? owner : undefined, changes);
    if (crowd !== undefined && this.#isExclusive(host)) {
      for (const [each] of crowd.members) changes.units.add(each);
    }
    const wildcard = toWildcardOf(host);
    if (wildcard === undefined) return;
    const below = { fleet, key: toBelowKey(wildcard) };
    changeCrowd(this.#wildcards, below, `${unit} ${key}`, isThere ? owner : undefined, changes);
    const isCertified = this.#certified.get(toId(fleet, key))?.has(toTenant(owner)) === true;
    this.#contest(unit, route, isThere && !isCertified, changes);
  }

  #contest(unit: ObjectKey, { fleet, host, owner }: Route, isIn: boolean, changes: OwnerChanges): void {
    const wildcard = toWildcardOf(host);
    if (wildcard === undefined) return;
    const place = { fleet, key: toContestKey(wildcard) };
    const member = `${unit} ${toHostKey(toHostText(host))}`;
    changeCrowd(this.#wildcards, place, member, isIn ? owner : undefined, changes);
  }
}

type Crowds<K extends string> = Map<string, Crowd<K>>;

/** Lets a member in or out; returns the crowd when it has another owner now. */
function changeCrowd<K extends string>(
  crowds: Crowds<K>,
  place: OwnerChanges['places'][number],
  member: K,
  owner: Aged | undefined,
  changes: OwnerChanges,
): Crowd<K> | undefined {
  const id = toId(place.fleet, place.key);
  const crowd = crowds.get(id) ?? new Crowd<K>();
  const [eldest, tenants] = [crowd.eldest, crowd.tenants];
  if (owner === undefined) crowd.delete(member);
  else crowd.set(member, owner);
  if (crowd.tenants > 0) crowds.set(id, crowd);
  else crowds.delete(id);
  // Another object of the same tenant may be older than whoever routes a wildcard around it.
  if (eldest !== crowd.eldest || tenants !== crowd.tenants) changes.places.push(place);
  return isSameTenant(eldest, crowd.eldest) ? undefined : crowd;
}

function toId(fleet: string, key: string): string {
  return `${fleet}|${key}`;
}
