import { bySeniority, type Aged } from '../model/object-ref.ts';
import type { HttpRoute } from '../routes/intent.ts';
import type { HostMatch } from '../routes/match.ts';
import type { HostTlsOptions } from '../routes/tls-options.ts';
import { isSameTenant } from './crowd.ts';

/** That an object serves a host over TLS on one entryPoint, and with which TLS options. */
export interface TlsUse {
  /** See `toTlsPlace`. */
  readonly place: string;
  readonly owner: Aged;
  readonly options: HostTlsOptions | undefined;
  /** See `RouteTls.apart`. */
  readonly apart?: HostTlsOptions;
}

/** The entryPoint on which a route is served over TLS: empty for the one that all share. Traefik keeps the TLS options of each by themselves. */
export function toTlsPlace({ place }: Pick<HttpRoute, 'place'>): string {
  return place === undefined || place.shared !== undefined ? '' : place.entryPoint;
}

/** The uses of one object, with another one; of two on one entryPoint the one with options counts, or else the first. */
export function addTlsUse(uses: readonly TlsUse[], added: TlsUse): readonly TlsUse[] {
  const known = uses.find(({ place }) => place === added.place);
  if (known === undefined) return [...uses, added];
  const apart = known.apart ?? added.apart;
  const merged = { ...(added.options === undefined ? known : added), ...(apart && { apart }) };
  return uses.map((use) => (use === known ? merged : use));
}

/**
 * The TLS options of a host on one entryPoint: those that the tenant asks for which was the first to serve it there over TLS, by its
 * eldest object that asks for any. Traefik drops the options of a host for all when two of its routers differ in them.
 */
export function chooseOptions(uses: readonly TlsUse[], place: string): HostTlsOptions | undefined {
  const serving = uses.filter((use) => use.place === place).sort((a, b) => bySeniority(a.owner, b.owner));
  return serving.find(({ owner, options }) => options !== undefined && isSameTenant(owner, serving[0]?.owner))
    ?.options;
}

/** Different whenever `chooseOptions` says something else of any entryPoint. */
export function listChosen(uses: readonly TlsUse[]): string {
  const places = [...new Set(uses.map(({ place }) => place))].sort();
  return places.map((place) => `${place} ${chooseOptions(uses, place)?.key ?? ''}`).join('|');
}

/** Whether Traefik finds options by it: with any other rule the default ones would count, which let everybody in. */
export function mayHaveOptions(host: HostMatch): boolean {
  return host.kind === 'exact' || (host.kind === 'wildcard' && host.labels === 'one');
}
