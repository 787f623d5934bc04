import { isAddressName, isWildcardName } from '../certificates/host-names.ts';
import { bySeniority, type Aged, type ObjectKey } from '../model/object-ref.ts';
import type { CertificateIntent, DefaultCertificate, Translation } from '../routes/intent.ts';
import { listCovering, toHostMatch } from '../routes/match.ts';
import { describeTenant, isSameTenant } from './crowd.ts';
import { toBelowKey, toContestKey } from './host-keys.ts';
import type { HostOwners } from './host-owners.ts';
import type { OwnerRules } from './owner-rules.ts';

/** A name that keeps a certificate from being served. */
export interface ForeignName {
  readonly name: string;
  /** Why: what follows the name in a sentence. */
  readonly reason: string;
}

/**
 * Decides about the names of certificates. All certificates share one store in Traefik, in which any of them can answer for any host
 * that it names, whoever brought it; so one is served only when its owner owns every name in it. The settings say who owns a name,
 * and where they say nothing, age:
 * - a host is that of the namespace that was the first to route it; one that nobody routes, of the first at the narrowest wildcard
 *   that covers it; and where there is none, everybody's;
 * - a wildcard is that of the first who needs it: who routes it, or a wildcard around it, or a host below it for which he brings no
 *   certificate by its own name. Such a certificate Traefik prefers, so that neither the one nor the other is shown a foreign one.
 *   Newcomers below a wildcard therefore cannot take an elder's certificate away;
 * - but where the certificate of the fleet has the same wildcard, others below rely on that;
 * - `*` stands for all hosts of one label, and for clients that ask an IPv6 address for no host: where the fleet has a certificate, for
 *   nobody;
 * - an address is for clients that ask for no host, and that of the first who routes it or any host.
 */
export class CertificateOwners {
  readonly #owners: HostOwners;
  readonly #rules: OwnerRules;
  /** By fleet. */
  readonly #defaults = new Map<string, DefaultCertificate>();
  readonly #defaultsOf = new Map<ObjectKey, DefaultCertificate>();

  constructor(owners: HostOwners, rules: OwnerRules) {
    this.#owners = owners;
    this.#rules = rules;
  }

  /** Takes over what is the certificate of a fleet, and returns the fleets that have another one now. */
  replaceDefaults({ unit, intents }: Translation): readonly string[] {
    const next = intents.find((intent) => intent.kind === 'default-certificate');
    const former = this.#defaultsOf.get(unit);
    if (former?.certFile === next?.certFile) return [];
    if (next === undefined) this.#defaultsOf.delete(unit);
    else this.#defaultsOf.set(unit, next);
    if (former !== undefined) this.#defaults.delete(former.fleet);
    if (next !== undefined) this.#defaults.set(next.fleet, next);
    return [former, next].flatMap((each) => each?.fleet ?? []);
  }

  /** A name of a certificate that its owner does not own; undefined when it owns all. */
  findForeignName(intent: CertificateIntent): ForeignName | undefined {
    for (const name of intent.names) {
      const reason = this.#judge(intent, name);
      if (reason !== undefined) return { name, reason };
    }
    return undefined;
  }

  #judge(intent: CertificateIntent, name: string): string | undefined {
    const { owner } = intent;
    const listed = this.#rules.listOwners(name);
    if (listed?.has(owner.ref.namespace) === false) return 'which the settings give to another namespace';
    const isWildcard = isWildcardName(name);
    const below = isWildcard ? this.#rules.findForeignBelow(name, owner) : undefined;
    if (below !== undefined) return `and the settings give ${below} to another namespace`;
    if (listed !== undefined) return undefined;
    if (name === '*' && this.#isLeftToDefault(intent)) return 'for which the fleet has one';
    if (isWildcard) return this.#judgeWildcard(intent, name);
    return isAddressName(name) ? this.#judgeAddress(intent, name) : this.#judgeHost(intent, name);
  }

  #judgeHost({ fleet, owner }: CertificateIntent, name: string): string | undefined {
    const [first] = listCovering(toHostMatch(name)).flatMap((text) => this.#findRouting(fleet, text));
    if (first === undefined || isSameTenant(first, owner)) return undefined;
    return `which ${describeTenant(first, owner)} was the first to route`;
  }

  #judgeWildcard(intent: CertificateIntent, name: string): string | undefined {
    const { fleet, owner } = intent;
    const [, ...wider] = listCovering(toHostMatch(name));
    const contest = this.#owners.findWildcard(fleet, toContestKey(name))?.eldest;
    const around = wider.flatMap((text) => this.#findRouting(fleet, text));
    const [first] = [...(contest === undefined ? [] : [contest]), ...around].sort(bySeniority);
    const below = this.#owners.findWildcard(fleet, toBelowKey(name));
    const isAlone = below === undefined || below.tenants === (below.has(owner) ? 1 : 0);
    if (first === undefined ? !isAlone : !isSameTenant(first, owner)) {
      const who =
        first === undefined
          ? 'others route hosts'
          : `${describeTenant(first, owner)} was the first to route a host`;
      return `below which ${who}`;
    }
    return !isAlone && this.#isLeftToDefault(intent, name)
      ? 'as does that of the fleet, on which others below it rely'
      : undefined;
  }

  #judgeAddress({ fleet, owner }: CertificateIntent, name: string): string | undefined {
    const first = this.#owners.findFirst(fleet, name) ?? this.#owners.findFirst(fleet, '');
    return first !== undefined && isSameTenant(first, owner)
      ? undefined
      : 'and the namespace is not the first to route that or any host';
  }

  /** Who was the first to route a host or wildcard by its text; nobody for any host, since that is no name. */
  #findRouting(fleet: string, text: string): readonly Aged[] {
    const first = text === '' ? undefined : this.#owners.findFirst(fleet, text);
    return first === undefined ? [] : [first];
  }

  /** Whether the fleet has another certificate; with a name, one that has this name. */
  #isLeftToDefault({ fleet, certFile }: CertificateIntent, name?: string): boolean {
    const standard = this.#defaults.get(fleet);
    if (standard === undefined || standard.certFile === certFile) return false;
    return name === undefined || standard.names.includes(name);
  }
}
