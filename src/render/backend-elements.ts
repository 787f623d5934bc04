import type {
  FailoverBackend,
  FilteredBackend,
  HttpBackend,
  HttpLoadBalancer,
  MirroringBackend,
} from '../routes/backend.ts';
import type { TraefikVersion } from '../settings/settings.ts';
import type { HttpService, LoadBalancer } from '../traefik/http-service.ts';
import { failingUrl, toHostPort } from '../traefik/server-url.ts';
import { knowsServiceMiddlewares } from '../traefik/versions.ts';
import type { Element } from './fragment.ts';
import type { Rendering } from './render-context.ts';

/** A service without servers: its requests get 503. No object's key lacks a `_`. */
const unavailable = 'unavailable';
/** The same, with its 503 made a 500 or a 404. */
const failed = 'failed';
const unrouted = 'unrouted';

/** The key of the service that stands for a backend. */
export function toServiceKey(backend: HttpBackend): string {
  return backend.kind === 'status' ? fixed[backend.status].key : backend.key;
}

type Elements = readonly Element[];

/**
 * The services of an HTTP backend and all below it, from the root. For the same backend they are the very same while one object is rendered:
 * many of its routes may lead to one with thousands of servers.
 */
export function toBackendElements(rendering: Rendering, backend: HttpBackend): Elements {
  const elements = rendering.backends.get(backend) ?? listElements(rendering, backend);
  rendering.backends.set(backend, elements);
  return elements;
}

/** What a router has to have so that a backend behind it answers as it is to: before Traefik 3.7 services have no middlewares. */
export function toRouterMiddlewares(backend: HttpBackend, traefik: TraefikVersion): readonly string[] {
  return backend.kind === 'status' && backend.status === 404 && !knowsServiceMiddlewares(traefik)
    ? [unrouted]
    : [];
}

function listElements(rendering: Rendering, backend: HttpBackend): Elements {
  switch (backend.kind) {
    case 'status':
      return (knowsServiceMiddlewares(rendering.fleet.traefik) ? fixed : fixedBefore)[backend.status]
        .elements;
    case 'load-balancer':
      return [
        toService(backend.key, { loadBalancer: { servers: listServers(backend), ...backend.value } }),
        ...(backend.transport ? [{ section: 'http.serversTransports', ...backend.transport } as const] : []),
      ];
    case 'weighted': {
      const { key, branches, sticky, reportsHealth } = backend;
      const services = branches.map((each) => ({ name: toServiceKey(each.backend), weight: each.weight }));
      return [
        toService(key, {
          weighted: { services, ...(sticky && { sticky }), ...(reportsHealth && { healthCheck: true }) },
        }),
        ...branches.flatMap((each) => toBackendElements(rendering, each.backend)),
      ];
    }
    case 'filtered':
      return toFiltered(rendering, backend);
    case 'failover':
      return toFailover(rendering, backend);
    case 'mirroring':
      return toMirroring(rendering, backend);
  }
}

/** One that has nothing but its middlewares, so that what is behind it stays what others have as well. */
function toFiltered(rendering: Rendering, { key, filters, backend }: FilteredBackend): Elements {
  const weighted = { services: [{ name: toServiceKey(backend) }] };
  return [
    toService(key, { weighted, middlewares: filters.map((filter) => filter.key) }),
    ...filters.flatMap((filter): Element | [] =>
      filter.value === null ? [] : { section: 'http.middlewares', key: filter.key, value: filter.value },
    ),
    ...toBackendElements(rendering, backend),
  ];
}

function toFailover(
  rendering: Rendering,
  { key, main, fallback, statuses, maxBodyBytes }: FailoverBackend,
): Elements {
  const failover = {
    service: toServiceKey(main),
    fallback: toServiceKey(fallback),
    ...(statuses && {
      errors: { status: statuses, ...(maxBodyBytes !== undefined && { maxRequestBodyBytes: maxBodyBytes }) },
    }),
  };
  return [
    toService(key, { failover }),
    ...toBackendElements(rendering, main),
    ...toBackendElements(rendering, fallback),
  ];
}

function toMirroring(rendering: Rendering, { key, main, mirrors, maxBodyBytes }: MirroringBackend): Elements {
  const mirroring = {
    service: toServiceKey(main),
    mirrors: mirrors.map(({ backend, percent }) => ({ name: toServiceKey(backend), percent })),
    ...(maxBodyBytes !== undefined && { maxBodySize: maxBodyBytes }),
  };
  return [
    toService(key, { mirroring }),
    ...toBackendElements(rendering, main),
    ...mirrors.flatMap(({ backend }) => toBackendElements(rendering, backend)),
  ];
}

function listServers({ scheme, servers }: HttpLoadBalancer): LoadBalancer['servers'] {
  return servers.flatMap(({ hosts, port, weight }) =>
    hosts.map((host) => {
      const url = `${scheme}://${toHostPort(host, port)}`;
      return weight === 1 ? { url } : { url, weight };
    }),
  );
}

function toService(key: string, value: HttpService): Element {
  return { section: 'http.services', key, value };
}

const unavailableElement = toService(unavailable, { loadBalancer: { servers: [] } });

const fixed = {
  404: { key: unrouted, elements: toRewritten(unrouted, 404) },
  500: { key: failed, elements: toRewritten(failed, 500) },
  503: { key: unavailable, elements: [unavailableElement] },
} as const;

// Before services have middlewares. What the proxy cannot even try it answers with 500, in every version and for a share as well.
const fixedBefore = {
  404: {
    elements: [toService(unrouted, { loadBalancer: { servers: [] } }), ...toRewriting(unrouted, 404)],
  },
  500: { elements: [toService(failed, { loadBalancer: { servers: [{ url: failingUrl }] } })] },
  503: { elements: [unavailableElement] },
} as const;

// A router or service has no way to answer by itself. The page of the error is asked of a service without servers as well, so that
// what remains is the rewritten status.
function toRewritten(key: string, status: 404 | 500): Elements {
  return [toService(key, { loadBalancer: { servers: [] }, middlewares: [key] }), ...toRewriting(key, status)];
}

function toRewriting(key: string, status: 404 | 500): Elements {
  const errors = {
    status: ['503'],
    statusRewrites: { '503': status },
    service: unavailable,
    query: '/',
  };
  return [unavailableElement, { section: 'http.middlewares', key, value: { errors } }];
}
