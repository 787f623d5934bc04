import type { Aged, ObjectKey } from '../model/object-ref.ts';
import type { CertificateIntent, HttpRoute, Intent, Translation } from '../routes/intent.ts';
import { listCovering, toHostText, type HostMatch } from '../routes/match.ts';
import { Securing, toTenant } from './securing.ts';
import type { HostTls } from './settle-route.ts';

/** What one object does with one host, or with the hosts that a wildcard name stands for. */
interface Use {
  readonly tenant: string;
  readonly routes: boolean;
  /** Who asks for TLS, if it does. */
  readonly secures: Aged | undefined;
  /** Whether what its routes pass through depends on the TLS of the host. */
  readonly minds: boolean;
  readonly certifies: boolean;
}

/** All that is known of one host; counted, so that a change costs nothing for the thousands who share a domain. */
interface Host {
  readonly users: Map<ObjectKey, Use>;
  /** Set once it is routed; never for all hosts below a wildcard. */
  match: HostMatch | undefined;
  // Made when there is one: most hosts have none.
  securing: Securing | undefined;
  certifying: Set<ObjectKey> | undefined;
}

type FleetHosts = Map<string, Host>;

const none: Use = { tenant: '', routes: false, secures: undefined, minds: false, certifies: false };

/**
 * What all objects together make of a host: whether it has TLS, and whose it is. Kept up to date object by object.
 *
 * TLS is a matter of the host and not of the object. A request over HTTPS reaches the routes with TLS only: were one path of its
 * host on plain HTTP alone, the request would fall through to a shorter path, or to the routes of a wildcard or of any host,
 * perhaps without the limits of access that it has over HTTP. So every route has TLS whose host is covered by one that asks for it.
 * And Traefik keeps the certificates of all in one store.
 */
export class Hosts {
  readonly #fleets = new Map<string, FleetHosts>();
  readonly #usesOf = new Map<ObjectKey, ReadonlyMap<string, HostUse>>();

  /** Puts the uses of an object in place of its former ones, and returns the other objects for which something has changed. */
  replace({ unit, intents }: Translation): ReadonlySet<ObjectKey> {
    const next = new Map<string, HostUse>();
    for (const intent of intents) {
      for (const entry of listHostUses(intent)) {
        const key = `${entry.fleet}|${entry.key}`;
        next.set(key, { ...entry, use: merge(next.get(key)?.use, entry.use) });
      }
    }
    const touched = new Set<ObjectKey>();
    for (const [key, entry] of this.#usesOf.get(unit) ?? [])
      if (!next.has(key)) this.#put(unit, { ...entry, use: none }, touched);
    for (const entry of next.values()) this.#put(unit, entry, touched);
    if (next.size > 0) this.#usesOf.set(unit, next);
    else this.#usesOf.delete(unit);
    touched.delete(unit);
    return touched;
  }

  /** Whether a route has TLS, and whether that decides about its redirect. */
  findTls({ fleet, owner, match }: Pick<HttpRoute, 'fleet' | 'match' | 'owner'>): HostTls {
    const hosts = this.#fleets.get(fleet);
    const covering = listCovering(match.host).flatMap((text) => hosts?.get(toHostKey(text))?.securing ?? []);
    const isSecured = covering.some((securing) => !securing.isEmpty);
    return { isSecured, redirects: isSecured && covering.some((securing) => securing.countsFor(owner)) };
  }

  /** A name of a certificate under which another tenant has routes and its owner has none; undefined when there is none such. */
  findForeignName(intent: CertificateIntent): string | undefined {
    const tenant = toTenant(intent.owner);
    const hosts = this.#fleets.get(intent.fleet);
    return intent.names.find((name) => {
      const users = [...(hosts?.get(toNameKey(name))?.users.values() ?? [])];
      const routing = users.filter(({ routes }) => routes);
      return routing.length > 0 && routing.every((use) => use.tenant !== tenant);
    });
  }

  #put(unit: ObjectKey, { fleet, key, match, use: after }: HostUse, touched: Set<ObjectKey>): void {
    let hosts = this.#fleets.get(fleet);
    if (hosts === undefined) this.#fleets.set(fleet, (hosts = new Map()));
    const host = hosts.get(key) ?? { users: new Map(), match, securing: undefined, certifying: undefined };
    host.match ??= match;
    const before = host.users.get(unit) ?? none;
    const former = host.securing?.state;
    if (after.secures !== undefined) (host.securing ??= new Securing()).set(unit, after.secures);
    else host.securing?.delete(unit);
    if (host.securing?.isEmpty === true) host.securing = undefined;
    if (after === none) host.users.delete(unit);
    else host.users.set(unit, after);
    if (after.certifies) (host.certifying ??= new Set()).add(unit);
    else host.certifying?.delete(unit);
    if (host.users.size > 0) hosts.set(key, host);
    else hosts.delete(key);
    if (before.routes !== after.routes) for (const other of host.certifying ?? []) touched.add(other);
    const isOther = (former === undefined) !== (host.securing === undefined);
    if (match !== undefined && former !== host.securing?.state)
      touchCovered(hosts, match, ({ routes, minds }) => (isOther ? routes : minds), touched);
  }
}

/** The objects that use a host which this one covers. */
function touchCovered(
  hosts: FleetHosts,
  by: HostMatch,
  isConcerned: (use: Use) => boolean,
  touched: Set<ObjectKey>,
): void {
  const add = (host: Host | undefined): void => {
    for (const [unit, use] of host?.users ?? []) if (isConcerned(use)) touched.add(unit);
  };
  const text = toHostText(by);
  if (by.kind === 'exact') return add(hosts.get(toHostKey(text)));
  if (by.kind === 'wildcard' && by.labels === 'one') return add(hosts.get(toBelowKey(text)));
  // Nearly all hosts are covered then, so that a walk over all of them is what the change costs anyway.
  for (const host of hosts.values()) {
    if (host.match !== undefined && listCovering(host.match).includes(text)) add(host);
  }
}

/** Where an object uses a host. */
interface HostUse {
  readonly fleet: string;
  readonly key: string;
  readonly match: HostMatch | undefined;
  readonly use: Use;
}

function* listHostUses(intent: Intent): Generator<HostUse> {
  const { fleet } = intent;
  const tenant = toTenant(intent.owner);
  switch (intent.kind) {
    case 'http': {
      const { host } = intent.match;
      const minds = intent.filters.some(({ whenTls }) => whenTls === true);
      const use = { ...none, tenant, routes: true, minds };
      yield {
        fleet,
        key: toHostKey(toHostText(host)),
        match: host,
        use: intent.tls === undefined ? use : { ...use, secures: intent.owner },
      };
      const wildcard = findWildcard(host);
      if (wildcard !== undefined) yield { fleet, key: toBelowKey(wildcard), match: undefined, use };
      return;
    }
    case 'certificate':
      for (const name of intent.names)
        yield { fleet, key: toNameKey(name), match: undefined, use: { ...none, tenant, certifies: true } };
      return;
    case 'default-certificate':
    case 'port':
      return;
  }
}

/** The one-label wildcard that a host is, or is below of. */
function findWildcard(host: HostMatch): string | undefined {
  return host.kind === 'any' ? undefined : listCovering(host).find((text) => text.startsWith('*.'));
}

function merge(a: Use | undefined, b: Use): Use {
  return {
    tenant: b.tenant,
    routes: a?.routes === true || b.routes,
    secures: b.secures ?? a?.secures,
    minds: a?.minds === true || b.minds,
    certifies: a?.certifies === true || b.certifies,
  };
}

function toHostKey(text: string): string {
  return `host ${text}`;
}

/** For a wildcard and all exact hosts below it, of which certificates speak too. */
function toBelowKey(wildcard: string): string {
  return `below ${wildcard}`;
}

function toNameKey(name: string): string {
  return name.startsWith('*.') ? toBelowKey(name) : toHostKey(name);
}
