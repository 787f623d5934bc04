import { bySeniority, type ObjectKey } from '../model/object-ref.ts';
import type { Problem } from '../model/problem.ts';
import {
  toClaimKey,
  type CertificateIntent,
  type Intent,
  type Settled,
  type Translation,
} from '../routes/intent.ts';
import type { AnnotationUse } from '../routes/why.ts';
import { CertificateOwners } from './certificate-owners.ts';
import { CertificateWatch } from './certificate-watch.ts';
import { toTenant } from './crowd.ts';
import { HostOwners, isHostRoute, type HostRoute, type OwnerChanges } from './host-owners.ts';
import { Hosts } from './hosts.ts';
import { describeForeignName, describeLoss, describeOtherUse, describeUnownedHost } from './losses.ts';
import { OwnerRules, type OwnerSettings } from './owner-rules.ts';
import { listUses, noTls, settleRoute } from './settle-route.ts';

/** One object that wants a host and path (or a certificate's names) for itself. */
interface Claimant {
  readonly unit: ObjectKey;
  readonly intent: Intent;
}

interface Changes extends OwnerChanges {
  /** The objects whose standing may have changed. */
  readonly touched: Set<ObjectKey>;
}

/** The intents of one object that stand, and a problem for each that an older object has taken. */
export interface Settlement {
  readonly intents: readonly Settled[];
  readonly problems: readonly Problem[];
  /** What of annotations, of the object itself and of the Services behind it, is carried. */
  readonly uses: readonly AnnotationUse[];
}

/**
 * Who has which host and path, for all objects: the elder wins, of those who may have the host. And what all of them together make of
 * a host: whether it has TLS. Kept up to date object by object, so that one change costs what it touches and not a walk over everything.
 */
export class Claims {
  /** Sorted by seniority. */
  readonly #byKey = new Map<string, readonly Claimant[]>();
  readonly #byUnit = new Map<ObjectKey, ReadonlySet<string>>();
  /** Who stands, as far as it was asked since the last change. */
  readonly #winners = new Map<string, Claimant | undefined>();
  readonly #rules: OwnerRules;
  readonly #hosts = new Hosts();
  readonly #owners: HostOwners;
  readonly #translations = new Map<ObjectKey, Translation>();
  readonly #certificates: CertificateOwners;
  readonly #watch = new CertificateWatch();

  constructor(settings: OwnerSettings) {
    this.#rules = new OwnerRules(settings);
    this.#owners = new HostOwners(this.#rules);
    this.#certificates = new CertificateOwners(this.#owners, this.#rules);
  }

  /** Puts the claims of an object in place of its former ones, and returns the other objects whose standing may have changed. */
  replace(translation: Translation): ReadonlySet<ObjectKey> {
    const { unit, intents } = translation;
    this.#winners.clear();
    if (intents.length > 0) this.#translations.set(unit, translation);
    else this.#translations.delete(unit);
    const former = this.#byUnit.get(unit) ?? new Set();
    const next = new Map<string, Intent>();
    for (const intent of intents) {
      const key = isBranch(intent) ? undefined : toClaimKey(intent);
      if (key !== undefined) next.set(key, intent);
    }
    const changes: Changes = { touched: new Set(), units: new Set(), places: [] };
    for (const key of former) if (!next.has(key)) this.#remove(key, unit, changes);
    for (const [key, intent] of next) this.#put(key, { unit, intent }, changes);
    if (next.size > 0) this.#byUnit.set(unit, new Set(next.keys()));
    else this.#byUnit.delete(unit);
    this.#owners.replace(translation, changes);
    this.#follow(translation, changes);
    changes.touched.delete(unit);
    return changes.touched;
  }

  /** Finds out for whom else hosts that have come to other owners matter. */
  #follow(translation: Translation, { touched, units, places }: Changes): void {
    for (const unit of units) touched.add(unit);
    // What may not stand has no say in the TLS of its host.
    for (const unit of [translation.unit, ...units]) {
      for (const other of this.#hosts.replace(unit, this.#listAllowed(unit))) touched.add(other);
    }
    const claims = [
      ...this.#watch.findTouched(places),
      ...this.#certificates.replaceDefaults(translation).flatMap((fleet) => [...this.#watch.list(fleet)]),
    ];
    for (const claim of claims) for (const { unit } of this.#byKey.get(claim) ?? []) touched.add(unit);
  }

  /** Decides about each intent of an object. Within one object the first of two equal ones stands. */
  settle(translation: Translation): Settlement {
    const intents: Settled[] = [];
    const problems: Problem[] = [];
    const uses = [...translation.uses];
    const taken = new Map<string, Intent>();
    for (const intent of translation.intents) {
      const key = toClaimKey(intent);
      const problem = key === undefined ? null : this.#refuse(intent, key, translation.unit, taken);
      if (problem === null) {
        if (key !== undefined && !isBranch(intent)) taken.set(key, intent);
        const settled = this.#settleOne(intent);
        intents.push(settled);
        uses.push(...listUses(settled));
        continue;
      }
      uses.push(...listUses(intent));
      if (problem !== undefined) problems.push(problem);
    }
    return { intents, problems, uses };
  }

  #settleOne(intent: Intent): Settled {
    if (intent.kind !== 'http') return intent;
    // Its TLS is for others: also a wildcard above it must not take that by giving it some.
    if (this.#owners.isForSni(intent)) return settleRoute(intent, { tls: noTls, beside: {} });
    return settleRoute(intent, { tls: this.#hosts.findTls(intent), beside: this.#hosts.findSni(intent) });
  }

  /** The routes of an object that may stand, as far as it is a matter of the host. */
  #listAllowed(unit: ObjectKey): readonly HostRoute[] {
    const intents = this.#translations.get(unit)?.intents ?? [];
    return intents.flatMap((intent) => (isHostRoute(intent) && this.#isOwned(intent) ? intent : []));
  }

  /** Null when the intent stands; else the problem, or undefined where nothing is amiss. */
  #refuse(
    intent: Intent,
    key: string,
    unit: ObjectKey,
    taken: ReadonlyMap<string, Intent>,
  ): Problem | null | undefined {
    const winner = this.#findWinner(key);
    const twin = taken.get(key);
    // It stands with the route that it is a branch of, about which everything is said.
    if (isBranch(intent)) return twin !== undefined && intent.why.field === twin.why.field ? null : undefined;
    if (winner?.unit === unit && twin === undefined) return null;
    if (isSameCertificate(intent, winner?.intent)) return undefined;
    const unowned = this.#describeUnowned(intent);
    if (unowned !== undefined) return unowned;
    return describeLoss(intent, winner?.unit === unit ? intent.owner : winner?.intent.owner, twin);
  }

  /** The eldest of those who may have what they claim. */
  #findWinner(key: string): Claimant | undefined {
    const claimants = this.#byKey.get(key) ?? [];
    const [only] = claimants;
    if (only === undefined || claimants.length === 1)
      return only && this.#isOwned(only.intent) ? only : undefined;
    if (this.#winners.has(key)) return this.#winners.get(key);
    const refused = new Set<string>();
    const winner = claimants.find(({ intent }) => {
      // The names and the host are those of the key, so that all objects of a tenant are judged alike.
      const tenant = toTenant(intent.owner);
      if (refused.has(tenant)) return false;
      if (this.#isOwned(intent)) return true;
      refused.add(tenant);
      return false;
    });
    this.#winners.set(key, winner);
    return winner;
  }

  /** Whether the owner of an intent may have what it claims, whoever else wants it. */
  #isOwned(intent: Intent): boolean {
    switch (intent.kind) {
      case 'certificate':
        return this.#certificates.findForeignName(intent) === undefined;
      case 'http':
      case 'sni':
        return (
          !isHostRoute(intent) ||
          (this.#owners.isAllowed(intent) &&
            this.#owners.findOwnerInTheWay(intent) === undefined &&
            this.#owners.findOtherUse(intent) === undefined)
        );
      case 'default-certificate':
      case 'port':
        return true;
    }
  }

  #describeUnowned(intent: Intent): Problem | undefined {
    if (intent.kind === 'certificate') {
      const foreign = this.#certificates.findForeignName(intent);
      return foreign && describeForeignName(intent, foreign);
    }
    if (!isHostRoute(intent)) return undefined;
    if (!this.#owners.isAllowed(intent)) return describeUnownedHost(intent, undefined);
    const owner = this.#owners.findOwnerInTheWay(intent);
    if (owner !== undefined) return describeUnownedHost(intent, owner);
    const other = this.#owners.findOtherUse(intent);
    return other && describeOtherUse(intent, other);
  }

  #remove(key: string, unit: ObjectKey, changes: Changes): void {
    const all = this.#byKey.get(key) ?? [];
    const rest = all.filter((each) => each.unit !== unit);
    if (rest.length > 0) this.#byKey.set(key, rest);
    else this.#byKey.delete(key);
    for (const each of rest) changes.touched.add(each.unit);
    const intent = all.find((each) => each.unit === unit)?.intent;
    if (intent?.kind === 'certificate')
      this.#certify(intent, this.#watch.delete(key, intent), false, changes);
  }

  #put(key: string, claimant: Claimant, changes: Changes): void {
    const { intent } = claimant;
    const all = this.#byKey.get(key) ?? [];
    const others = all.filter((each) => each.unit !== claimant.unit);
    for (const each of others) changes.touched.add(each.unit);
    const claimants = [...others, claimant];
    if (others.length > 0) claimants.sort((a, b) => bySeniority(a.intent.owner, b.intent.owner));
    this.#byKey.set(key, claimants);
    if (intent.kind === 'certificate' && others.length === all.length) {
      this.#certify(intent, this.#watch.add(key, intent), true, changes);
    }
  }

  #certify(
    { fleet, owner }: CertificateIntent,
    hosts: readonly string[],
    isCertified: boolean,
    changes: OwnerChanges,
  ): void {
    for (const host of hosts) this.#owners.setCertified(fleet, host, owner, isCertified, changes);
  }
}

function isBranch(intent: Intent): boolean {
  return intent.kind === 'http' && intent.branch !== undefined;
}

/** A copy of a certificate that stands is as good as served. */
function isSameCertificate(intent: Intent, winner: Intent | undefined): boolean {
  return (
    intent.kind === 'certificate' && winner?.kind === 'certificate' && winner.certFile === intent.certFile
  );
}
