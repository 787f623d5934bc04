import type { Ingress, IngressBackend, PortReference, Service, ServicePort } from '../../model/objects.ts';
import { listSome, type Report } from '../../model/problem.ts';
import { withoutDisplaced } from '../../annotations/precedence.ts';
import type { Reading } from '../../annotations/read.ts';
import { closed, unavailable, type HttpBackend } from '../../routes/backend.ts';
import type { Filter } from '../../routes/intent.ts';
import type { AnnotationUse } from '../../routes/why.ts';
import type { Dialect } from '../../settings/settings.ts';
import type { HttpMiddleware } from '../../traefik/http-middleware.ts';
import { findServicePort } from '../backend/servers.ts';
import { readServiceAnnotations, type Translating } from '../context.ts';
import { inOrder, toFilters } from '../filters.ts';
import { hasServers } from '../moves/backend-tree.ts';
import { toMovedBackend, type MovedBackend } from '../moves/http-moves.ts';
import { toErrorFilter, type DefaultBackend } from './default-backend.ts';
import { toHostFilter } from './upstream-host.ts';

/** Where the requests of one place go, and through what. */
export interface IngressTarget {
  readonly backend: HttpBackend;
  readonly filters: readonly Filter<HttpMiddleware>[];
  readonly uses: readonly AnnotationUse[];
}

/** What was found out about the ports of Services for one Ingress: hundreds of its paths may lead to one, with thousands of endpoints. */
export type KnownBackends = Map<ServicePort, MovedBackend>;

/** The target of a backend of an Ingress. What is missing, or must not be reached, answers 503 and is reported. */
export function toTarget(
  context: Translating & {
    readonly backends: KnownBackends;
    readonly fleets: readonly string[];
    readonly ingressClass?: string | undefined;
    readonly defaultBackend?: DefaultBackend | undefined;
    readonly dialect: Dialect;
  },
  ingress: Ingress,
  reading: Reading,
  backend: IngressBackend,
  at: string,
  report: Report,
): IngressTarget {
  const { ref } = ingress.meta;
  const { fleets, ingressClass, dialect, defaultBackend } = context;
  const service = findService(context, ref, backend, at, report);
  const own = service && readServiceAnnotations(context, service.meta);
  const port = service && findPort(service, backend, dialect, at, report);
  const known = port && context.backends.get(port);
  const routedBy = { ref, reading, fleets, ingressClass, dialect, reference: toReference(backend) };
  const result = known ?? (service && port && toMovedBackend(context, service, port, routedBy));
  const passed = toFilters(
    context,
    'middlewares',
    service && {
      ref: service.meta.ref,
      directives: withoutDisplaced(own?.directives.middlewares ?? [], reading.directives),
    },
    {
      ref,
      directives: reading.directives.middlewares ?? [],
      byDefault: reading.directives.byDefault?.middlewares ?? [],
    },
    result?.limits,
  );
  const filters = inOrder([
    ...passed.filters,
    ...listGiven(toHostFilter(context, ingress, reading, backend)),
    ...listGiven(defaultBackend && toErrorFilter(context, ingress, reading, defaultBackend, backend)),
  ]);
  const uses = [...passed.uses, ...(defaultBackend?.uses ?? [])];
  const withheld = own?.directives.withhold === true || reading.directives.withhold === true;
  const instead = withheld ? closed : (defaultBackend?.backend ?? unavailable);
  if (port === undefined || result === undefined) return { backend: instead, filters, uses };
  context.backends.set(port, result);
  for (const { code, ...details } of result.findings) report(code, { field: at, ...details });
  const answers = hasServers(result.backend) || defaultBackend?.backend === undefined;
  return {
    backend: !withheld && answers ? result.backend : instead,
    filters,
    uses: [...uses, ...result.uses],
  };
}

function listGiven<T>(value: T | undefined): readonly T[] {
  return value === undefined ? [] : [value];
}

function findService(
  { view }: Translating,
  { source, namespace }: Ingress['meta']['ref'],
  backend: IngressBackend,
  at: string,
  report: Report,
): Service | undefined {
  switch (backend.kind) {
    case 'malformed':
      return undefined;
    case 'resource':
      report('backend-unsupported', {
        field: at,
        message: 'resource backends are not supported',
        hint: 'Point to a Service.',
      });
      return undefined;
    case 'service': {
      const service = view.service(source, namespace, backend.name);
      if (service === undefined) {
        report('backend-missing', {
          field: `${at}.service.name`,
          message: `there is no Service ${backend.name} in namespace ${namespace}`,
          hint: 'Create the Service, or correct the name.',
        });
      }
      return service;
    }
  }
}

function findPort(
  service: Service,
  backend: IngressBackend,
  dialect: Dialect,
  at: string,
  report: Report,
): ServicePort | undefined {
  if (backend.kind !== 'service') return undefined;
  const port = findServicePort(service, backend.port, 'TCP', dialect);
  if (port !== undefined) return port;
  report('backend-missing', () => ({
    field: `${at}.service.port`,
    message: `Service ${backend.name} has no TCP port ${JSON.stringify(backend.port)}`,
    hint: `Use one of its ports: ${listPorts(service) || 'it has none'}.`,
  }));
  return undefined;
}

function listPorts({ ports }: Service): string {
  return listSome(
    ports.map((each) => (each.name === '' ? String(each.port) : `${each.name} (${each.port})`)),
  );
}

function toReference(backend: IngressBackend): PortReference | undefined {
  return backend.kind === 'service' ? backend.port : undefined;
}
