import type { ObjectKey } from '../model/object-ref.ts';
import type { Problem } from '../model/problem.ts';
import {
  toClaimKey,
  type CertificateIntent,
  type HttpRoute,
  type Intent,
  type Settled,
  type Translation,
} from '../routes/intent.ts';
import type { AnnotationUse } from '../routes/why.ts';
import { CertificateOwners } from './certificate-owners.ts';
import { CertificateWatch } from './certificate-watch.ts';
import { Claimants } from './claimants.ts';
import {
  endsOnPort,
  HostOwners,
  isHostRoute,
  isRaising,
  type HostRoute,
  type OwnerChanges,
} from './host-owners.ts';
import { describeOptions } from './host-options.ts';
import { Hosts } from './hosts.ts';
import {
  describeForeignName,
  describeLoss,
  describeOtherUse,
  describeRefusedPriority,
  describeUnownedHost,
  describeYielded,
} from './losses.ts';
import { OwnerRules, type OwnerSettings } from './owner-rules.ts';
import { isNothing, isSameCertificate, isSameRedirect, isShownOnPorts } from './same-intent.ts';
import { listUses, noTls, settleRoute } from './settle-route.ts';
import { Ties } from './ties.ts';

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
  readonly #claimants = new Claimants((intent) => this.#isOwned(intent));
  readonly #rules: OwnerRules;
  readonly #hosts = new Hosts();
  readonly #owners: HostOwners;
  readonly #translations = new Map<ObjectKey, Translation>();
  readonly #certificates: CertificateOwners;
  readonly #watch = new CertificateWatch();
  readonly #ties = new Ties();

  constructor(settings: OwnerSettings) {
    this.#rules = new OwnerRules(settings);
    this.#owners = new HostOwners(this.#rules);
    this.#certificates = new CertificateOwners(this.#owners, this.#rules);
  }

  /** Puts the claims of an object in place of its former ones, and returns the other objects whose standing may have changed. */
  replace(translation: Translation): ReadonlySet<ObjectKey> {
    const { unit, intents } = translation;
    if (intents.length > 0) this.#translations.set(unit, translation);
    else this.#translations.delete(unit);
    const next = new Map<string, Intent>();
    for (const intent of intents) {
      const key = isBranch(intent) ? undefined : toClaimKey(intent);
      if (key !== undefined) next.set(key, intent);
    }
    const changes: Changes = { touched: new Set(), units: new Set(), places: [] };
    const { left, came } = this.#claimants.replace(unit, next, changes.touched);
    for (const [key, intent] of left)
      if (intent.kind === 'certificate')
        this.#certify(intent, this.#watch.delete(key, intent), false, changes);
    for (const [key, intent] of came)
      if (intent.kind === 'certificate') this.#certify(intent, this.#watch.add(key, intent), true, changes);
    for (const other of this.#ties.replace(translation)) changes.touched.add(other);
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
    for (const claim of claims) for (const unit of this.#claimants.listUnits(claim)) touched.add(unit);
  }

  /** Decides about each intent of an object. Within one object the first of two equal ones stands. */
  settle(translation: Translation): Settlement {
    const intents: Settled[] = [];
    const problems: Problem[] = [];
    const uses = [...translation.uses];
    const taken = new Map<string, Intent>();
    for (const [index, intent] of translation.intents.entries()) {
      const key = toClaimKey(intent);
      const problem = key === undefined ? null : this.#refuse(intent, key, translation.unit, taken);
      if (problem === null) {
        if (key !== undefined && !isBranch(intent)) taken.set(key, intent);
        const settled = this.#settleOne(intent, translation.unit, index);
        intents.push(settled);
        problems.push(...this.#describeShortcomings(intent));
        uses.push(...listUses(settled));
        continue;
      }
      uses.push(...listUses(intent));
      if (problem !== undefined) problems.push(problem);
      else if (isShownOnPorts(intent, translation.intents)) intents.push(intent);
    }
    return { intents, problems, uses };
  }

  #settleOne(asked: Intent, unit: ObjectKey, index: number): Settled {
    if (asked.kind !== 'http') return asked;
    const intent = this.#isRefusedPriority(asked) ? withoutPriority(asked) : asked;
    const tie = this.#ties.find(unit, index, intent);
    // Its TLS is for others: also a wildcard above it must not take that by giving it some.
    if (this.#owners.isForSni(intent)) return settleRoute(intent, { tls: noTls, beside: {}, tie });
    return settleRoute(intent, {
      tls: this.#hosts.findTls(intent),
      beside: this.#hosts.findSni(intent),
      tie,
    });
  }

  #isRefusedPriority(intent: HttpRoute): boolean {
    return isRaising(intent.order) && !this.#owners.mayRaise(intent);
  }

  /** What a route that stands asks for and does not get: TLS options, or its priority. */
  #describeShortcomings(intent: Intent): readonly Problem[] {
    // Of a branch all is said about its route.
    if (intent.kind !== 'http' || isBranch(intent)) return [];
    const { options } = this.#hosts.findTls(intent);
    return [
      this.#isRefusedPriority(intent) ? describeRefusedPriority(intent) : [],
      describeOptions(intent, options, this.#hosts.findSni(intent)) ?? [],
    ].flat();
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
    const winner = this.#claimants.findWinner(intent, key);
    const twin = taken.get(key);
    // It stands with the route that it is a branch of, about which everything is said.
    if (isBranch(intent)) return twin !== undefined && intent.why.field === twin.why.field ? null : undefined;
    if (winner?.unit === unit && twin === undefined) return null;
    if (isSameCertificate(intent, winner?.intent) || isNothing(intent, winner?.intent)) return undefined;
    const unowned = this.#describeUnowned(intent);
    if (unowned !== undefined) return unowned;
    if (isSameRedirect(intent, winner?.intent)) return undefined;
    return describeLoss(intent, winner?.unit === unit ? intent.owner : winner?.intent.owner, twin);
  }

  /** Whether the owner of an intent may have what it claims, whoever else wants it. */
  #isOwned(intent: Intent): boolean {
    switch (intent.kind) {
      case 'certificate':
        return this.#certificates.findForeignName(intent) === undefined;
      case 'http':
      case 'sni':
        if (endsOnPort(intent))
          return this.#owners.isAllowed(intent) && this.#owners.findCertifiedInTheWay(intent) === undefined;
        return (
          !isHostRoute(intent) ||
          (this.#owners.isAllowed(intent) &&
            (intent.kind === 'sni' || this.#owners.findInTheWay(intent) === undefined) &&
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
    if (endsOnPort(intent)) {
      const first = this.#owners.findCertifiedInTheWay(intent);
      return this.#isOwned(intent) ? undefined : describeUnownedHost(intent, first);
    }
    if (!isHostRoute(intent)) return undefined;
    if (!this.#owners.isAllowed(intent)) return describeUnownedHost(intent, undefined);
    const first = intent.kind === 'http' ? this.#owners.findInTheWay(intent) : undefined;
    if (first !== undefined) return describeYielded(intent, first);
    const owner = this.#owners.findOwnerInTheWay(intent);
    if (owner !== undefined) return describeUnownedHost(intent, owner);
    const other = this.#owners.findOtherUse(intent);
    return other && describeOtherUse(intent, other);
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

/** By the length of its rule. */
function withoutPriority({ order, ...route }: HttpRoute): HttpRoute {
  return order === undefined ? route : { ...route, order: { length: order.length } };
}
