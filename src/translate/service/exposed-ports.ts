import { append } from '../../lib/group-by.ts';
import { matchesGlob } from '../../lib/glob.ts';
import type { Service, ServicePort } from '../../model/objects.ts';
import { annotationField, listSome } from '../../model/problem.ts';
import { exposeDirective } from '../../annotations/own/pool-ports.ts';
import type { ExposeDirective } from '../../annotations/directives.ts';
import type { Translating } from '../context.ts';
import type { ExposedPort } from './port-claims.ts';
import type { AskingService } from './service-http.ts';

/** The ports that a Service exposes as a whole; undefined when it does not ask. What it names and does not have is reported. */
export function findExposed(
  context: Translating,
  { service, report }: AskingService,
): readonly ExposedPort[] | undefined {
  for (const { key, value } of context.settings.services.expose) {
    const text = service.meta.annotations[key];
    if (text === undefined || (value !== undefined && text.trim() !== value)) continue;
    const field = annotationField(key);
    const parsed = value === undefined ? exposeDirective(text) : ({ ok: true, value: 'all' } as const);
    if (parsed.ok && parsed.value !== undefined) return choosePorts(service, parsed.value, field, report);
    // Fairlead's own key has been read, and reported, with the other annotations.
    if (!parsed.ok && key !== 'fairlead.dev/expose')
      report('annotation-invalid', { field, message: parsed.message, hint: parsed.hint });
  }
  return undefined;
}

/** The ports of a Service that a directive names. What it names and Traefik or the Service does not have is reported. */
export function choosePorts(
  service: Service,
  directive: ExposeDirective,
  field: string,
  report: AskingService['report'],
): readonly ExposedPort[] {
  const chosen = new Map<number, ServicePort[]>();
  const add = (port: ServicePort): void => {
    if (port.protocol === 'SCTP') {
      report('protocol-unsupported', {
        field,
        message: `port ${port.port} is SCTP, which Traefik does not carry`,
        hint: 'Expose TCP and UDP ports only.',
      });
      return;
    }
    const known = chosen.get(port.port) ?? [];
    if (!known.includes(port)) chosen.set(port.port, [...known, port]);
  };
  if (directive === 'all') {
    for (const port of service.ports) add(port);
  } else {
    const known = toPortTable(service);
    for (const reference of new Set(directive)) {
      const found = reference.includes('*')
        ? service.ports.filter(({ name }) => matchesGlob(reference, name))
        : (known.get(reference) ?? []);
      if (found.length === 0) {
        report('port-unknown', () => ({
          field,
          message: `the Service has no port ${reference.includes('*') ? `with a name like ${reference}` : reference}`,
          hint: `${/^(yes|on|all|enabled)$/.test(reference) ? 'Write "true" for all of its ports, or one of them' : 'Use one of its ports'}: ${listPorts(service) || 'it has none'}.`,
        }));
      }
      for (const port of found) add(port);
    }
  }
  return [...chosen].sort(([a], [b]) => a - b).map(([number, ports]) => ({ number, ports, field }));
}

/** The ports by name and by number: there may be as many as there are references. */
function toPortTable({ ports }: Service): ReadonlyMap<string, readonly ServicePort[]> {
  const table = new Map<string, ServicePort[]>();
  for (const port of ports) {
    for (const reference of new Set([port.name, String(port.port)])) append(table, reference, port);
  }
  return table;
}

function listPorts({ ports }: Service): string {
  return listSome(ports.map((port) => port.name || String(port.port)));
}
