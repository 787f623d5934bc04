import type { FailoverBackend, HttpBackend, MirroringBackend } from '../routes/backend.ts';
import type { HttpService } from '../traefik/http-service.ts';
import type { Element } from './fragment.ts';

/** A service without servers: its requests get 503. No object's key lacks a `_`. */
const unavailable = 'unavailable';
/** The same, with its 503 made a 500. */
const failed = 'failed';

/** The key of the service that stands for a backend. */
export function toServiceKey(backend: HttpBackend): string {
  if (backend.kind !== 'status') return backend.key;
  return backend.status === 503 ? unavailable : failed;
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
      return backend.status === 503 ? [unavailableElement] : failedElements;
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
    case 'failover':
      return toFailover(backend);
    case 'mirroring':
      return toMirroring(backend);
  }
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

// A router or service has no way to answer by itself. The page of the error is asked of a service without servers as well, so that
// what remains is the rewritten status.
const failedElements: readonly Element[] = [
  unavailableElement,
  toService(failed, { loadBalancer: { servers: [] }, middlewares: [failed] }),
  {
    section: 'http.middlewares',
    key: failed,
    value: {
      errors: { status: ['503'], statusRewrites: { '503': 500 }, service: unavailable, query: '/' },
    },
  },
];
