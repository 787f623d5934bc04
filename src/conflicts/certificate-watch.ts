import { isAddressName, isWildcardName, toWildcard } from '../certificates/host-names.ts';
import type { CertificateIntent } from '../routes/intent.ts';
import { toTenant } from './crowd.ts';
import { toBelowKey, toContestKey, toHostKey } from './host-keys.ts';
import type { OwnerChanges } from './host-owners.ts';

/** A certificate, for all objects of a tenant that bring one with the same names. */
type Brought = Pick<CertificateIntent, 'fleet' | 'names' | 'owner'>;

/** Knows which certificates are to be judged again when hosts come to other owners. One counts once, however many objects name it. */
export class CertificateWatch {
  /** The claims of certificates by what their names depend on. */
  readonly #byPlace = new Map<string, Set<string>>();
  readonly #claims = new Map<string, { readonly brought: Brought; readonly bringing: Map<string, number> }>();
  /** How many certificates of a tenant name a host. */
  readonly #naming = new Map<string, number>();

  /** An object brings a certificate; `claim` stands for its names. Returns the hosts that its tenant certifies now and did not before. */
  add(claim: string, brought: Brought): readonly string[] {
    const known = this.#claims.get(claim);
    const { bringing } = known ?? { bringing: new Map<string, number>() };
    if (known === undefined) this.#watch(claim, brought);
    this.#claims.set(claim, known ?? { brought, bringing });
    return count(bringing, toTenant(brought.owner), 1) === 1
      ? listHosts(brought).filter((host) => count(this.#naming, toNamingId(brought, host), 1) === 1)
      : [];
  }

  /** An object brings it no more. Returns the hosts that its tenant does not certify any longer. */
  delete(claim: string, brought: Brought): readonly string[] {
    const known = this.#claims.get(claim);
    if (known === undefined || count(known.bringing, toTenant(brought.owner), -1) > 0) return [];
    if (known.bringing.size === 0) this.#unwatch(claim, brought);
    return listHosts(brought).filter((host) => count(this.#naming, toNamingId(brought, host), -1) === 0);
  }

  /** The claims that may stand otherwise now. */
  *findTouched(places: OwnerChanges['places']): Generator<string> {
    for (const { fleet, key } of places) {
      // Such a wildcard covers names of any depth. It comes and goes rarely.
      if (key.startsWith(toHostKey('**.'))) yield* this.list(fleet);
      else yield* this.#byPlace.get(`${fleet}|${key}`) ?? [];
    }
  }

  /** The claims of all certificates of a fleet. */
  *list(fleet: string): Generator<string> {
    for (const [claim, { brought }] of this.#claims) if (brought.fleet === fleet) yield claim;
  }

  #watch(claim: string, brought: Brought): void {
    for (const place of listPlaces(brought)) {
      const claims = this.#byPlace.get(place);
      if (claims === undefined) this.#byPlace.set(place, new Set([claim]));
      else claims.add(claim);
    }
  }

  #unwatch(claim: string, brought: Brought): void {
    this.#claims.delete(claim);
    for (const place of listPlaces(brought)) {
      const claims = this.#byPlace.get(place);
      claims?.delete(claim);
      if (claims?.size === 0) this.#byPlace.delete(place);
    }
  }
}

/** The names that are hosts, and not wildcards or addresses. */
function listHosts({ names }: Brought): readonly string[] {
  return names.filter((name) => !isWildcardName(name) && !isAddressName(name));
}

function listPlaces({ fleet, names }: Brought): ReadonlySet<string> {
  const keys = names.flatMap((name) => {
    if (isAddressName(name)) return [toHostKey(name), toHostKey('')];
    return isWildcardName(name)
      ? [toBelowKey(name), toContestKey(name)]
      : [toHostKey(name), toHostKey(toWildcard(name))];
  });
  return new Set(keys.map((key) => `${fleet}|${key}`));
}

function toNamingId({ fleet, owner }: Brought, host: string): string {
  return `${fleet}|${toTenant(owner)}|${host}`;
}

/** Counts up or down, and returns the new number. */
function count(numbers: Map<string, number>, key: string, by: 1 | -1): number {
  const number = (numbers.get(key) ?? 0) + by;
  if (number > 0) numbers.set(key, number);
  else numbers.delete(key);
  return number;
}
