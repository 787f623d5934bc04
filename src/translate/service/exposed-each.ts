import type { HeldPort } from '../../model/ports.ts';
import { annotationField } from '../../model/problem.ts';
import type { Directives } from '../../annotations/directives.ts';
import type { Translating } from '../context.ts';
import { limit } from '../limits.ts';
import { choosePorts } from './exposed-ports.ts';
import { findNamedEndpoints, isName, type NamedEndpoint } from './named-endpoints.ts';
import type { ExposedPort } from './port-claims.ts';
import type { AskingService } from './service-http.ts';

/** The key of the annotation that asks for a port for each endpoint. */
const key = 'fairlead.dev/expose-each';

export interface ExposedEach {
  readonly exposed: readonly ExposedPort[];
  /** By hostname. */
  readonly endpoints: ReadonlyMap<string, NamedEndpoint>;
}

/**
 * The ports of a Service that each of its endpoints exposes by itself; undefined when it does not ask. Endpoints times ports are no
 * more than an object may have, with those that it exposes as a whole.
 * @param others How many these are.
 */
export function findExposedEach(
  context: Translating,
  { service, reading: { directives }, report }: AskingService,
  held: readonly HeldPort[],
  others: number,
): ExposedEach | undefined {
  if (directives.exposeEach === undefined) return undefined;
  const field = annotationField(key);
  const ports = choosePorts(service, directives.exposeEach, field, report);
  if (ports.length === 0) return { exposed: [], endpoints: new Map() };
  const requested = listRequested(directives);
  const endpoints = findNamedEndpoints(context, { service, held, requested, field, report });
  const name = { code: 'too-many-ports', name: 'ports', field } as const;
  const most = context.settings.limits.object.ports;
  const room =
    endpoints.length === 0 ? 0 : limit(others + endpoints.length * ports.length, most, name, report) - others;
  // Before they are put together: both lists may be long.
  const standing = endpoints.slice(0, Math.ceil(Math.max(0, room) / ports.length));
  const exposed = standing.flatMap((endpoint) => ports.map((port) => ({ ...port, endpoint: endpoint.name })));
  return {
    exposed: exposed.slice(0, Math.max(0, room)),
    endpoints: new Map(standing.map((endpoint) => [endpoint.name, endpoint])),
  };
}

/** The hostnames in keys such as `fairlead.dev/request-port.9092.kafka-0`. */
function listRequested({ requestedPorts }: Directives): ReadonlySet<string> {
  const names = [...(requestedPorts?.keys() ?? [])].flatMap((end) => {
    const dot = end.indexOf('.');
    return dot < 0 ? [] : end.slice(dot + 1);
  });
  return new Set(names.filter(isName));
}
