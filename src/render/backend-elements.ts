import type { FailoverBackend, FilteredBackend, HttpBackend, MirroringBackend } from '../routes/backend.ts';
import type { TraefikVersion } from '../settings/settings.ts';
import type { HttpService } from '../traefik/http-service.ts';
import { failingUrl } from '../traefik/server-url.ts';
import { knowsServiceMiddlewares } from '../traefik/versions.ts';
import type { Element } from './fragment.ts';

/** A service without servers: its requests get 503. No object's key lacks a `_`. */
const unavailable = 'unavailable';
/** The same, with its 503 made a 500 or a 404. */
const failed = 'failed';
const unrouted = 'unrouted';

/** The key of the service that stands for a backend. */
export function toServiceKey(backend: HttpBackend): string {
  return backend.kind === 'status' ? fixed[backend.status].key : backend.key;
}

const known = { old: new WeakMap<HttpBackend, Elements>(), new: new WeakMap<HttpBackend, Elements>() };

type Elements = readonly Element[];

/**
 * The services of an HTTP backend and all below it, from the root. For the same backend they are the very same: many routes of an
 * object may lead to one with thousands of servers.
 * @param traefik The oldest one that reads them.
 */
export function toBackendElements(backend: HttpBackend, traefik: TraefikVersion): Elements {
  const age = knowsServiceMiddlewares(traefik) ? 'new' : 'old';
  const elements = known[age].get(backend) ?? listElements(backend, traefik);
  known[age].set(backend, elements);
  return elements;
}

/** What a router has to have so that a backend behind it answers as it is to: before Traefik 3.7 services have no middlewares. */
export function toRouterMiddlewares(backend: HttpBackend, traefik: TraefikVersion): readonly string[] {
  return backend.kind === 'status' && backend.status === 404 && !knowsServiceMiddlewares(traefik)
    ? [unrouted]
    : [];
}

function listElements(backend: HttpBackend, traefik: TraefikVersion): Elements {
  switch (backend.kind) {
    case 'status':
      return (knowsServiceMiddlewares(traefik) ? fixed : fixedBefore)[backend.status].elements;
    case 'load-balancer':
      return [
        toService(backend.key, { loadBalancer: backend.value }),
        ...(backend.transport ? [{ section: 'http.serversTransports', ...backend.transport } as const] : []),
      ];
    case 'weighted': {
      const { key, branches, sticky, reportsHealth } = backend;
      const services = branches.map((each) => ({ name: toServiceKey(each.backend), weight: each.weight }));
      return [
        toService(key, {
          weighted: { services, ...(sticky && { sticky }), ...(reportsHealth && { healthCheck: true }) },
        }),
        ...branches.flatMap((each) => toBackendElements(each.backend, traefik)),
      ];
    }
    case 'filtered':
      return toFiltered(backend, traefik);
    case 'failover':
      return toFailover(backend, traefik);
    case 'mirroring':
      return toMirroring(backend, traefik);
  }
}

/** One that has nothing but its middlewares, so that what is behind it stays what others have as well. */
function toFiltered({ key, filters, backend }: FilteredBackend, traefik: TraefikVersion): Elements {
  const weighted = { services: [{ name: toServiceKey(backend) }] };
  return [
    toService(key, { weighted, middlewares: filters.map((filter) => filter.key) }),
    ...filters.flatMap((filter): Element | [] =>
      filter.value === null ? [] : { section: 'http.middlewares', key: filter.key, value: filter.value },
    ),
    ...toBackendElements(backend, traefik),
  ];
}

function toFailover(
  { key, main, fallback, statuses, maxBodyBytes }: FailoverBackend,
  traefik: TraefikVersion,
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
    ...toBackendElements(main, traefik),
    ...toBackendElements(fallback, traefik),
  ];
}

function toMirroring(
  { key, main, mirrors, maxBodyBytes }: MirroringBackend,
  traefik: TraefikVersion,
): Elements {
  const mirroring = {
    service: toServiceKey(main),
    mirrors: mirrors.map(({ backend, percent }) => ({ name: toServiceKey(backend), percent })),
    ...(maxBodyBytes !== undefined && { maxBodySize: maxBodyBytes }),
  };
  return [
    toService(key, { mirroring }),
    ...toBackendElements(main, traefik),
    ...mirrors.flatMap(({ backend }) => toBackendElements(backend, traefik)),
  ];
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
