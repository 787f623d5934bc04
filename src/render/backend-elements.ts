import type { FailoverBackend, FilteredBackend, HttpBackend, MirroringBackend } from '../routes/backend.ts';
import type { HttpService } from '../traefik/http-service.ts';
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

const known = new WeakMap<HttpBackend, readonly Element[]>();

/**
 * The services of an HTTP backend and all below it, from the root. For the same backend they are the very same: many routes of an
 * object may lead to one with thousands of servers.
 */
export function toBackendElements(backend: HttpBackend): readonly Element[] {
  const elements = known.get(backend) ?? listElements(backend);
  known.set(backend, elements);
  return elements;
}

function listElements(backend: HttpBackend): readonly Element[] {
  switch (backend.kind) {
    case 'status':
      return fixed[backend.status].elements;
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
        ...branches.flatMap((each) => toBackendElements(each.backend)),
      ];
    }
    case 'filtered':
      return toFiltered(backend);
    case 'failover':
      return toFailover(backend);
    case 'mirroring':
      return toMirroring(backend);
  }
}

/** One that has nothing but its middlewares, so that what is behind it stays what others have as well. */
function toFiltered({ key, filters, backend }: FilteredBackend): readonly Element[] {
  const weighted = { services: [{ name: toServiceKey(backend) }] };
  return [
    toService(key, { weighted, middlewares: filters.map((filter) => filter.key) }),
    ...filters.flatMap((filter): Element | [] =>
      filter.value === null ? [] : { section: 'http.middlewares', key: filter.key, value: filter.value },
    ),
    ...toBackendElements(backend),
  ];
}

function toFailover({ key, main, fallback, statuses, maxBodyBytes }: FailoverBackend): readonly Element[] {
  const failover = {
    service: toServiceKey(main),
    fallback: toServiceKey(fallback),
    ...(statuses && {
      errors: { status: statuses, ...(maxBodyBytes !== undefined && { maxRequestBodyBytes: maxBodyBytes }) },
    }),
  };
  return [toService(key, { failover }), ...toBackendElements(main), ...toBackendElements(fallback)];
}

function toMirroring({ key, main, mirrors, maxBodyBytes }: MirroringBackend): readonly Element[] {
  const mirroring = {
    service: toServiceKey(main),
    mirrors: mirrors.map(({ backend, percent }) => ({ name: toServiceKey(backend), percent })),
    ...(maxBodyBytes !== undefined && { maxBodySize: maxBodyBytes }),
  };
  return [
    toService(key, { mirroring }),
    ...toBackendElements(main),
    ...mirrors.flatMap(({ backend }) => toBackendElements(backend)),
  ];
}

function toService(key: string, value: HttpService): Element {
  return { section: 'http.services', key, value };
}

const unavailableElement = toService(unavailable, { loadBalancer: { servers: [] } });

const fixed = {
  404: { key: unrouted, elements: toFixedStatus(unrouted, 404) },
  500: { key: failed, elements: toFixedStatus(failed, 500) },
  503: { key: unavailable, elements: [unavailableElement] },
} as const;

// A router or service has no way to answer by itself. The page of the error is asked of a service without servers as well, so that
// what remains is the rewritten status.
function toFixedStatus(key: string, status: 404 | 500): readonly Element[] {
  const errors = {
    status: ['503'],
    statusRewrites: { '503': status },
    service: unavailable,
    query: '/',
  };
  return [
    unavailableElement,
    toService(key, { loadBalancer: { servers: [] }, middlewares: [key] }),
    { section: 'http.middlewares', key, value: { errors } },
  ];
}
