import { SmallMap } from '../lib/small-map.ts';
import { bySeniority, type Aged, type ObjectKey } from '../model/object-ref.ts';
import type { BesideSni, HttpRoute } from '../routes/intent.ts';
import { listCovering, toHostText, toOneLabel, type HostMatch } from '../routes/match.ts';
import type { HostTlsOptions } from '../routes/tls-options.ts';
import { ApartOptions } from './apart-options.ts';
import { chooseOptions, listChosen, mayHaveOptions, toTlsPlace, type TlsUse } from './choose-options.ts';
import { Crowd } from './crowd.ts';
import { toWildcardOf, toBelowKey, toHostKey } from './host-keys.ts';
import type { HostRoute } from './host-owners.ts';
import { noteHostUses, toUseKey, type HostUse, type Use } from './host-uses.ts';
import type { HostTls } from './settle-route.ts';

/** All that is known of one host; counted, so that a change costs nothing for the thousands who share a domain. */
interface Host {
  readonly users: SmallMap<ObjectKey, Use>;
  /** Undefined for all hosts below a wildcard. */
  readonly match: HostMatch | undefined;
  /** Those who ask for TLS. Made when there is one: most hosts have none. */
  securing: Crowd | undefined;
  /** How many ask for TLS options. */
  optioned: number;
  /** Made when there is one who has any. */
  apart: ApartOptions | undefined;
  /** How many route it by SNI. */
  bySni: number;
}

type FleetHosts = Map<string, Host>;

/**
 * What all objects together make of a host: whether it has TLS. Kept up to date object by object.
 *
 * TLS is a matter of the host and not of the object. A request over HTTPS reaches the routes with TLS only: were one path of its
 * host on plain HTTP alone, the request would fall through to a shorter path, or to the routes of a wildcard or of any host,
 * perhaps without the access limits that it has over HTTP. So every route has TLS whose host is covered by one that asks for it.
 */
export class Hosts {
  readonly #fleets = new Map<string, FleetHosts>();
  readonly #usesOf = new Map<ObjectKey, readonly HostUse[]>();

  /** Puts the routes of an object that may stand in place of its former ones, and returns the objects for which something has changed. */
  replace(unit: ObjectKey, routes: readonly HostRoute[]): ReadonlySet<ObjectKey> {
    const next = new Map<string, HostUse>();
    for (const route of routes) noteHostUses(route, next);
    const touched = new Set<ObjectKey>();
    for (const entry of this.#usesOf.get(unit) ?? [])
      if (!next.has(toUseKey(entry))) this.#put(unit, { ...entry, use: undefined }, touched);
    for (const entry of next.values()) this.#put(unit, entry, touched);
    if (next.size > 0) this.#usesOf.set(unit, [...next.values()]);
    else this.#usesOf.delete(unit);
    return touched;
  }

  /** Whether a route has TLS, and whether that decides about its redirect. */
  findTls(route: Pick<HttpRoute, 'fleet' | 'match' | 'owner' | 'place'>): HostTls {
    const { fleet, owner, match } = route;
    const hosts = this.#fleets.get(fleet);
    const at = toTlsPlace(route);
    const chosen = choose(hosts?.get(toHostKey(toHostText(match.host))), at);
    const options = {
      ...(chosen && { options: chosen }),
      ...this.#findRivalOptions(fleet, match.host, at, chosen),
      ...this.#findOfOneLabel(fleet, match.host, at),
    };
    let isSecured = false;
    for (const text of listCovering(match.host)) {
      const securing = hosts?.get(toHostKey(text))?.securing;
      if (securing === undefined) continue;
      if (countsFor(securing, owner)) return { isSecured: true, redirects: true, ...options };
      isSecured = true;
    }
    return { isSecured, redirects: false, ...options };
  }

  /** Of a host as long as the name of its wildcard: whether one of them has options. */
  #findRivalOptions(
    fleet: string,
    host: HostMatch,
    place: string,
    chosen: HostTlsOptions | undefined,
  ): Pick<HostTls, 'isBesideOptions'> {
    const wildcard = host.kind === 'exact' ? toWildcardOf(host) : undefined;
    if (host.kind !== 'exact' || wildcard?.length !== host.name.length) return {};
    const above = this.#fleets.get(fleet)?.get(toHostKey(wildcard));
    return (chosen ?? choose(above, place)) === undefined ? {} : { isBesideOptions: true };
  }

  /** Of a wildcard for several labels: the options that others below it are served with, by the name of one label. */
  #findOfOneLabel(fleet: string, host: HostMatch, place: string): Pick<HostTls, 'ofOneLabel'> {
    const oneLabel = toOneLabel(host);
    if (oneLabel === undefined) return {};
    const options = choose(this.#fleets.get(fleet)?.get(toHostKey(toHostText(oneLabel))), place);
    // Where hosts below it are routed by SNI, its name stands in no rule.
    const isNamed = options !== undefined && options.kind !== 'unusable';
    return isNamed && this.#findSniAround(fleet, oneLabel).below !== true ? { ofOneLabel: options } : {};
  }

  /** What routes by SNI ask of an HTTP route: one wildcard has hosts one label deep, so they are around it only so. */
  findSni({ fleet, match: { host } }: Pick<HttpRoute, 'fleet' | 'match'>): BesideSni {
    return this.#findSniAround(fleet, host);
  }

  #findSniAround(fleet: string, host: HostMatch): BesideSni {
    const wildcard = toWildcardOf(host);
    if (wildcard === undefined) return {};
    const isIn = (key: string): boolean => (this.#fleets.get(fleet)?.get(key)?.bySni ?? 0) > 0;
    if (host.kind === 'exact') return isIn(toHostKey(wildcard)) ? { above: true } : {};
    return isIn(toBelowKey(wildcard)) ? { below: true } : {};
  }

  #put(unit: ObjectKey, { fleet, key, match, use }: Change, touched: Set<ObjectKey>): void {
    let hosts = this.#fleets.get(fleet);
    if (hosts === undefined) this.#fleets.set(fleet, (hosts = new Map()));
    const host = hosts.get(key) ?? {
      users: new SmallMap<ObjectKey, Use>(),
      match,
      securing: undefined,
      optioned: 0,
      apart: undefined,
      bySni: 0,
    };
    const former = toState(host.securing);
    const formerOptions = toChosenText(host);
    const hadSni = host.bySni > 0;
    host.bySni += Number(use?.isSni === true) - Number(host.users.get(unit)?.isSni === true);
    if (use?.secures !== undefined) (host.securing ??= new Crowd()).set(unit, use.secures);
    else host.securing?.delete(unit);
    if (host.securing?.tenants === 0) host.securing = undefined;
    host.optioned += Number(hasOptions(use)) - Number(hasOptions(host.users.get(unit)));
    takeApart(host, unit, use);
    if (use === undefined) host.users.delete(unit);
    else host.users.set(unit, use);
    if (host.users.size > 0) hosts.set(key, host);
    else hosts.delete(key);
    if (host.bySni > 0 !== hadSni) {
      for (const each of hosts.get(toOpposite(key, match))?.users.keys() ?? []) touched.add(each);
    }
    const hasOtherOptions = toChosenText(host) !== formerOptions;
    if (hasOtherOptions) for (const each of host.users.keys()) touched.add(each);
    if (hasOtherOptions && match?.kind === 'wildcard')
      for (const each of hosts.get(toOpposite(key, match))?.users.keys() ?? []) touched.add(each);
    const state = toState(host.securing);
    if (match === undefined || former === state) return;
    const isOther = (former === '') !== (state === '');
    touchCovered(hosts, match, ({ minds }) => isOther || minds, touched);
  }
}

function hasOptions(use: Use | undefined): boolean {
  return use?.tls.some(({ options }) => options !== undefined) === true;
}

/** The TLS options of a host on an entryPoint. */
function choose(host: Host | undefined, place: string): HostTlsOptions | undefined {
  const asked = chooseOptions(listTls(host), place);
  if (asked !== undefined || host?.match === undefined || !mayHaveOptions(host.match)) return asked;
  return host.apart?.find(place);
}

/** Different whenever `choose` says something else of any entryPoint. */
function toChosenText(host: Host): string {
  return `${listChosen(listTls(host))} ${host.apart?.toText() ?? ''}`;
}

/** Call it before the use is taken over. */
function takeApart(host: Host, unit: ObjectKey, use: Use | undefined): void {
  if (host.apart === undefined && use?.tls.some(({ apart }) => apart !== undefined) === true) {
    host.apart = new ApartOptions();
    for (const [each, { tls }] of host.users.entries()) host.apart.replace(each, [], tls);
  }
  host.apart?.replace(unit, host.users.get(unit)?.tls ?? [], use?.tls ?? []);
}

/** Nearly no host has any, and one may have thousands of users. */
function listTls(host: Host | undefined): readonly TlsUse[] {
  if (host?.match === undefined || host.optioned === 0 || !mayHaveOptions(host.match)) return [];
  return [...host.users.values()].flatMap(({ tls }) => tls);
}

/** Of a wildcard the key of the hosts below it, and of those the key of the wildcard: to whom it matters who is here by SNI. */
function toOpposite(key: string, match: HostMatch | undefined): string {
  if (match === undefined) return toHostKey(key.slice(toBelowKey('').length));
  return match.kind === 'wildcard' ? toBelowKey(toHostText(match)) : '';
}

/**
 * Whether what an object makes depend on TLS may depend on these: when one of them is of its own namespace, or was there before it.
 * Whoever came later and from elsewhere must not change how the clients of an object are served.
 */
function countsFor(securing: Crowd, owner: Aged): boolean {
  const { eldest } = securing;
  return eldest !== undefined && (securing.has(owner) || bySeniority(eldest, owner) < 0);
}

/** Different whenever `countsFor` may say something else of anybody; empty when there is none. */
function toState(securing: Crowd | undefined): string {
  return securing === undefined ? '' : `${JSON.stringify(securing.eldest?.ref)}|${securing.tenants}`;
}

/** The objects that use a host which this one covers. */
function touchCovered(
  hosts: FleetHosts,
  by: HostMatch,
  isConcerned: (use: Use) => boolean,
  touched: Set<ObjectKey>,
): void {
  const add = (host: Host | undefined): void => {
    for (const [unit, use] of host?.users.entries() ?? []) if (isConcerned(use)) touched.add(unit);
  };
  const text = toHostText(by);
  if (by.kind === 'exact') return add(hosts.get(toHostKey(text)));
  if (by.kind === 'wildcard' && by.labels === 'one') return add(hosts.get(toBelowKey(text)));
  // Nearly all hosts are covered then, so that a walk over all of them is what the change costs anyway.
  for (const host of hosts.values()) {
    if (host.match !== undefined && listCovering(host.match).includes(text)) add(host);
  }
}

/** Without a use the object leaves. */
type Change = Omit<HostUse, 'use'> & { readonly use: Use | undefined };
