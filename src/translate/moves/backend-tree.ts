import type { HttpBackend, HttpLoadBalancer, PortBackend } from '../../routes/backend.ts';
import { joinName } from '../../traefik/names.ts';
import type { Sticky } from '../../traefik/http-service.ts';

/** Whether requests can be answered there at all. */
export function hasServers(backend: HttpBackend): boolean {
  switch (backend.kind) {
    case 'status':
      return false;
    case 'load-balancer':
      return backend.servers.length > 0;
    case 'weighted':
      return backend.branches.some((each) => hasServers(each.backend));
    case 'failover':
    case 'mirroring':
      return hasServers(backend.main);
    case 'filtered':
      return hasServers(backend.backend);
  }
}

/** Whether Traefik finds out by itself that nothing answers there, and says so to what stands above. */
export function reportsHealth(backend: HttpBackend): boolean {
  switch (backend.kind) {
    case 'load-balancer':
      return backend.value.healthCheck !== undefined;
    case 'weighted':
      return backend.reportsHealth === true;
    case 'failover':
    case 'filtered':
    case 'mirroring':
    case 'status':
      return false;
  }
}

/** Whether connections can go anywhere. */
export function hasAddresses(backend: PortBackend): boolean {
  return backend.kind === 'load-balancer'
    ? backend.addresses.length > 0
    : backend.branches.some((each) => hasAddresses(each.backend));
}

/** What has a share: both sides while each has servers. */
function toSides<B>(
  main: B,
  other: B | undefined,
  percent: number,
  isServed: (backend: B) => boolean,
): readonly { readonly backend: B; readonly weight: number }[] {
  const sides = [
    { backend: main, weight: 100 - percent },
    ...(other === undefined ? [] : [{ backend: other, weight: percent }]),
  ].filter(({ weight }) => weight > 0);
  const served = sides.filter(({ backend }) => isServed(backend));
  return served.length > 0 ? served : sides;
}

/**
 * The same for connections: those that there are stay where they are, and new ones go by weight.
 * @param key Of the port as a whole.
 */
export function toPortSplit(
  key: string,
  main: PortBackend,
  other: PortBackend | undefined,
  percent: number,
): PortBackend {
  const branches = toSides(main, other, percent, hasAddresses);
  const [only, second] = branches;
  const split = joinName(...key.split('_'), '~split');
  if (only === undefined) return { kind: 'load-balancer', key: split, addresses: [] };
  return second === undefined ? only.backend : { kind: 'weighted', key: split, branches };
}

/**
 * A backend of which another one gets so many percent. A side without servers gets nothing, unless all is meant for it: then its
 * requests are answered 503, rather than by what has been moved away from. With sticky sessions a client stays on its side while
 * that has any share; the cookie for it is given from 0 percent on, so that those that are there before the move begins stay too.
 */
export function toSplit(
  key: string,
  main: HttpLoadBalancer,
  other: HttpLoadBalancer | undefined,
  percent: number,
): HttpBackend {
  const branches = toSides(main, other, percent, hasServers);
  const [only, second] = branches;
  if (only === undefined) return { kind: 'status', status: 503 };
  const sticky = toSideCookie(main.value.sticky ?? other?.value.sticky);
  if (second === undefined && sticky === undefined) return only.backend;
  const isChecked = branches.every(({ backend }) => reportsHealth(backend));
  return {
    kind: 'weighted',
    key,
    branches,
    ...(sticky && { sticky }),
    ...(isChecked && { reportsHealth: true }),
  };
}

/** The sessions that a backend keeps: those of the servers that most requests go to. */
export function findSticky(backend: HttpBackend): Sticky | undefined {
  switch (backend.kind) {
    case 'status':
      return undefined;
    case 'load-balancer':
      return backend.value.sticky;
    case 'weighted':
      return backend.branches.map((each) => findSticky(each.backend)).find((each) => each !== undefined);
    case 'failover':
    case 'mirroring':
      return findSticky(backend.main);
    case 'filtered':
      return findSticky(backend.backend);
  }
}

const suffix = '-side';

/** The cookie of the sides must have another name than that of the servers: under one name each would replace the other. */
export function toSideCookie(sticky: Sticky | undefined): Sticky | undefined {
  if (sticky === undefined) return undefined;
  const { cookie } = sticky;
  if (typeof cookie !== 'object' || cookie.name === undefined) return sticky;
  return { cookie: { ...cookie, name: `${cookie.name.slice(0, 200 - suffix.length)}${suffix}` } };
}
