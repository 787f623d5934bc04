import type { ObjectKey } from '../model/object-ref.ts';
import type { CertificateIntent, Intent, Translation } from '../routes/intent.ts';

/** What one object does with one host, or with the hosts that a wildcard name stands for. */
interface Use {
  readonly tenant: string;
  readonly routes: boolean;
  readonly secures: boolean;
  readonly certifies: boolean;
}

/** All that is known of one host; counted, so that a change costs nothing for the thousands who share a domain. */
interface Host {
  readonly users: Map<ObjectKey, Use>;
  /** How many of them route it with TLS. */
  securing: number;
  /** Made when there is one: most hosts have none. */
  certifying: Set<ObjectKey> | undefined;
}

const none: Use = { tenant: '', routes: false, secures: false, certifies: false };

/**
 * What all objects together make of a host: whether it has TLS, and whose it is. Kept up to date object by object.
 *
 * TLS is a matter of the host and not of the object: were one path of a host on plain HTTP only, its requests over HTTPS would
 * fall through to a shorter path, perhaps without its access limits. And Traefik keeps the certificates of all in one store.
 */
export class Hosts {
  readonly #hosts = new Map<string, Host>();
  readonly #keysOf = new Map<ObjectKey, readonly string[]>();

  /** Puts the uses of an object in place of its former ones, and returns the other objects for which something has changed. */
  replace({ unit, intents }: Translation): ReadonlySet<ObjectKey> {
    const next = new Map<string, Use>();
    for (const intent of intents)
      for (const [key, use] of toUses(intent)) next.set(key, merge(next.get(key), use));
    const touched = new Set<ObjectKey>();
    for (const key of this.#keysOf.get(unit) ?? [])
      if (!next.has(key)) this.#put(key, unit, undefined, touched);
    for (const [key, use] of next) this.#put(key, unit, use, touched);
    if (next.size > 0) this.#keysOf.set(unit, [...next.keys()]);
    else this.#keysOf.delete(unit);
    touched.delete(unit);
    return touched;
  }

  /** Whether some route of the host has TLS. */
  isSecured(fleet: string, host: string | null): boolean {
    return (this.#hosts.get(toHostKey(fleet, host))?.securing ?? 0) > 0;
  }

  /** A name of a certificate under which another tenant has routes and its owner has none; undefined when there is none such. */
  findForeignName(intent: CertificateIntent): string | undefined {
    const tenant = toTenant(intent);
    return intent.names.find((name) => {
      const routing = [...(this.#hosts.get(toNameKey(intent.fleet, name))?.users.values() ?? [])].filter(
        ({ routes }) => routes,
      );
      return routing.length > 0 && routing.every((use) => use.tenant !== tenant);
    });
  }

  #put(key: string, unit: ObjectKey, use: Use | undefined, touched: Set<ObjectKey>): void {
    const host = this.#hosts.get(key) ?? { users: new Map(), securing: 0, certifying: undefined };
    const before = host.users.get(unit) ?? none;
    const after = use ?? none;
    const wasSecured = host.securing > 0;
    host.securing += Number(after.secures) - Number(before.secures);
    if (use === undefined) host.users.delete(unit);
    else host.users.set(unit, use);
    if (after.certifies) (host.certifying ??= new Set()).add(unit);
    else host.certifying?.delete(unit);
    if (host.users.size > 0) this.#hosts.set(key, host);
    else this.#hosts.delete(key);
    if (before.routes !== after.routes) for (const other of host.certifying ?? []) touched.add(other);
    if (wasSecured === host.securing > 0) return;
    for (const [other, { routes }] of host.users) if (routes) touched.add(other);
  }
}

function* toUses(intent: Intent): Generator<readonly [string, Use]> {
  const tenant = toTenant(intent);
  switch (intent.kind) {
    case 'http': {
      const { fleet, host } = intent;
      yield [toHostKey(fleet, host), { ...none, tenant, routes: true, secures: intent.tls !== undefined }];
      // For certificates of the wildcard name above it.
      const dot = host?.indexOf('.') ?? -1;
      if (host !== null && dot > 0)
        yield [`below|${fleet}|*${host.slice(dot)}`, { ...none, tenant, routes: true }];
      return;
    }
    case 'certificate':
      for (const name of intent.names)
        yield [toNameKey(intent.fleet, name), { ...none, tenant, certifies: true }];
      return;
    case 'default-certificate':
    case 'port':
      return;
  }
}

function merge(a: Use | undefined, b: Use): Use {
  return {
    tenant: b.tenant,
    routes: a?.routes === true || b.routes,
    secures: a?.secures === true || b.secures,
    certifies: a?.certifies === true || b.certifies,
  };
}

function toTenant({ owner: { ref } }: Intent): string {
  return `${ref.source}|${ref.namespace}`;
}

function toHostKey(fleet: string, host: string | null): string {
  return `host|${fleet}|${host ?? ''}`;
}

function toNameKey(fleet: string, name: string): string {
  return name.startsWith('*.') ? `below|${fleet}|${name}` : toHostKey(fleet, name);
}
