import type { Listener } from '../../model/gateway-specs.ts';
import type { Refusal } from './resolved.ts';

/** What is spoken on a port as Traefik sees it: two families cannot share one, and hosts tell apart what is of one. */
type Family = 'http' | 'tcp' | 'tls' | 'udp';

const families: Readonly<Record<string, Family>> = {
  HTTP: 'http',
  HTTPS: 'tls',
  TLS: 'tls',
  TCP: 'tcp',
  UDP: 'udp',
};

/** Undefined for a protocol that nothing serves. */
export function toFamily(protocol: string): Family | undefined {
  return Object.hasOwn(families, protocol) ? families[protocol] : undefined;
}

type Reason = 'HostnameConflict' | 'ListenerConflict' | 'ProtocolConflict';

/** What has a port on one transport. */
interface Standing {
  readonly family: Family;
  readonly hosts: Set<string>;
}

/**
 * Who stands on which port among the listeners of a Gateway and its ListenerSets, which are to be asked about in their order of
 * precedence: what a former object has, a later one cannot have. Of those of one object that get in each other's way none stands, since
 * nothing says which one is meant. https://gateway-api.sigs.k8s.io/reference/spec/#gatewayspec (Distinct Listeners)
 */
export class ListenerConflicts {
  readonly #standing = new Map<string, Standing>();

  /** What is in the way of the listeners of the next object; those that nothing is in the way of stand from now on. */
  take(listeners: readonly Listener[]): ReadonlyMap<Listener, Refusal> {
    const refused = new Map<Listener, Refusal>();
    const left = listeners.filter((listener) => {
      const reason = this.#findConflict(listener);
      if (reason !== undefined) refused.set(listener, toRefusal(reason, listener, false));
      return reason === undefined && toFamily(listener.protocol) !== undefined;
    });
    for (const [listener, reason] of findMutual(left))
      refused.set(listener, toRefusal(reason, listener, true));
    for (const listener of left) if (!refused.has(listener)) this.#stand(listener);
    return refused;
  }

  #findConflict({ protocol, port, hostname = '' }: Listener): Reason | undefined {
    const family = toFamily(protocol);
    const standing = family && this.#standing.get(toPlace(family, port));
    if (family === undefined || standing === undefined) return undefined;
    if (standing.family !== family) return 'ProtocolConflict';
    if (!isByHost(family)) return 'ListenerConflict';
    return standing.hosts.has(hostname) ? 'HostnameConflict' : undefined;
  }

  #stand({ protocol, port, hostname = '' }: Listener): void {
    const family = toFamily(protocol);
    if (family === undefined) return;
    const place = toPlace(family, port);
    const standing = this.#standing.get(place) ?? { family, hosts: new Set() };
    standing.hosts.add(hostname);
    this.#standing.set(place, standing);
  }
}

/** Those of one object that get in each other's way. */
function findMutual(listeners: readonly Listener[]): ReadonlyMap<Listener, Reason> {
  const places = new Map<string, Set<Family>>();
  const counts = new Map<string, number>();
  const rows = listeners.flatMap((listener) => {
    const family = toFamily(listener.protocol);
    if (family === undefined) return [];
    const place = toPlace(family, listener.port);
    const key = `${place} ${family} ${isByHost(family) ? (listener.hostname ?? '') : ''}`;
    places.set(place, (places.get(place) ?? new Set()).add(family));
    counts.set(key, (counts.get(key) ?? 0) + 1);
    return { listener, family, place, key };
  });
  const found = new Map<Listener, Reason>();
  for (const { listener, family, place, key } of rows) {
    if ((places.get(place)?.size ?? 0) > 1) found.set(listener, 'ProtocolConflict');
    else if ((counts.get(key) ?? 0) > 1)
      found.set(listener, isByHost(family) ? 'HostnameConflict' : 'ListenerConflict');
  }
  return found;
}

function isByHost(family: Family): boolean {
  return family === 'http' || family === 'tls';
}

/** A port of UDP is another one than that of TCP. */
function toPlace(family: Family, port: number): string {
  return `${family === 'udp' ? 'udp' : 'tcp'} ${port}`;
}

/** Whose the other listener is is nobody else's matter. */
function toRefusal(reason: Reason, { protocol, port, hostname, field }: Listener, isOwn: boolean): Refusal {
  const other = isOwn
    ? 'another listener of this object has'
    : 'the Gateway or an older ListenerSet of it has';
  switch (reason) {
    case 'HostnameConflict':
      return {
        reason,
        field: hostname === undefined ? field : `${field}.hostname`,
        message: `${other} ${hostname === undefined ? 'all hosts' : `the host ${hostname}`} on port ${port} already`,
        hint: 'Give the listener another hostname or port.',
      };
    case 'ListenerConflict':
      return {
        reason,
        field: `${field}.port`,
        message: `${other} port ${port} for ${protocol} already`,
        hint: 'Give the listener another port.',
      };
    case 'ProtocolConflict':
      return {
        reason,
        field: `${field}.protocol`,
        message: `${other} port ${port} for a protocol that cannot share it with ${protocol}`,
        hint: 'Give the listener another port; only HTTPS and TLS share one.',
      };
  }
}
