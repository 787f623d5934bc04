import type { Aged } from '../model/object-ref.ts';
import { toHostText, toOneLabel, type HostMatch } from '../routes/match.ts';
import { addTlsUse, toTlsPlace, type TlsUse } from './choose-options.ts';
import { toBelowKey, toHostKey, toWildcardOf } from './host-keys.ts';
import { toHost, toHostOwner, type HostRoute } from './host-owners.ts';

/** What one object does with one host, or with the hosts that a wildcard name stands for. */
export interface Use {
  /** Who asks for TLS, if it does. */
  readonly secures: Aged | undefined;
  /** Where it serves it over TLS. */
  readonly tls: readonly TlsUse[];
  /** Whether what its routes pass through depends on the TLS of the host. */
  readonly minds: boolean;
  /** Whether it routes it by SNI. */
  readonly isSni: boolean;
}

/** Where an object uses a host. */
export interface HostUse {
  readonly fleet: string;
  readonly key: string;
  /** Undefined for all hosts below a wildcard. */
  readonly match: HostMatch | undefined;
  readonly use: Use;
}

/** One of an object for each host of a fleet. */
export function toUseKey({ fleet, key }: Pick<HostUse, 'fleet' | 'key'>): string {
  return `${fleet}|${key}`;
}

const noTlsUses: readonly TlsUse[] = [];

/** Adds the uses of a route to those of its object, by `toUseKey`. */
export function noteHostUses(route: HostRoute, uses: Map<string, HostUse>): void {
  const { fleet } = route;
  const note = (key: string, match: HostMatch | undefined, use: Use): void => {
    const id = toUseKey({ fleet, key });
    uses.set(id, { fleet, key, match, use: merge(uses.get(id)?.use, use) });
  };
  const host = toHost(route);
  const isSni = route.kind === 'sni';
  const minds = !isSni && route.filters.some(({ whenTls }) => whenTls === true);
  const tls = listTlsUses(route);
  note(toHostKey(toHostText(host)), host, { secures: toSecuring(route), tls, minds, isSni });
  const wildcard = toWildcardOf(host);
  const below = { secures: undefined, tls: noTlsUses, minds, isSni };
  if (wildcard !== undefined) note(toBelowKey(wildcard), undefined, below);
  const oneLabel = toOneLabel(host);
  if (oneLabel === undefined || tls.length === 0) return;
  // What it asks for itself it does not get: nothing names all of its hosts.
  const ofOneLabel = tls.map((use) => ({ ...use, options: undefined }));
  const use = { secures: undefined, tls: ofOneLabel, minds: false, isSni: false };
  note(toHostKey(toHostText(oneLabel)), oneLabel, use);
}

/** What is served on an entryPoint of its own says nothing of the one that all share, and what answers nothing needs no TLS of others. */
function toSecuring(route: HostRoute): Aged | undefined {
  if (route.kind === 'sni' || route.tls === undefined || route.isRest === true) return undefined;
  return route.place === undefined || route.place.shared === 'https' ? route.owner : undefined;
}

function listTlsUses(route: HostRoute): readonly TlsUse[] {
  if (route.kind === 'sni' || route.tls === undefined) return noTlsUses;
  const { options, apart } = route.tls;
  const place = toTlsPlace(route);
  return [{ place, owner: toHostOwner(route), options, ...(apart && { apart }) }];
}

function merge(a: Use | undefined, b: Use): Use {
  if (a === undefined) return b;
  return {
    secures: b.secures ?? a.secures,
    tls: b.tls.reduce(addTlsUse, a.tls),
    minds: a.minds || b.minds,
    isSni: a.isSni || b.isSni,
  };
}
