import { sniKey } from '../../annotations/own/sni.ts';
import { isAddressName } from '../../certificates/host-names.ts';
import type { Service, ServicePort } from '../../model/objects.ts';
import { annotationField, listSome, type Report } from '../../model/problem.ts';
import { quote } from '../../annotations/parsers.ts';
import type { PortBackend } from '../../routes/backend.ts';
import type { CertificateIntent, RouteTls, SniRoute } from '../../routes/intent.ts';
import { toHostMatch, toHostText } from '../../routes/match.ts';
import { toUses, type AnnotationUse } from '../../routes/why.ts';
import { toHostName } from '../../traefik/rule-text.ts';
import { toCertificates } from '../certificates.ts';
import { toElementName, type Translating } from '../context.ts';
import { toFilters } from '../filters.ts';
import { findServicePort } from '../backend/servers.ts';
import { describeHostMistake } from '../host-mistake.ts';
import { toPortTarget, type PortTarget } from './port-target.ts';
import type { AskingService } from './service-http.ts';

export interface SniRoutes {
  readonly intents: readonly (CertificateIntent | SniRoute)[];
  readonly uses: readonly AnnotationUse[];
}

const field = annotationField(sniKey);

/** The routes of `fairlead.dev/sni`, and the certificate for them. */
export function toSniRoutes(context: Translating, asking: AskingService): SniRoutes {
  const { service, reading, fleets, report } = asking;
  const { sni, tls, tcpMiddlewares = [] } = reading.directives;
  const { ref } = service.meta;
  if (sni === undefined) return { intents: [], uses: [] };
  const filters = toFilters(context, 'tcpMiddlewares', undefined, { ref, directives: tcpMiddlewares });
  const targets = new Map<ServicePort, PortTarget>();
  const toBackend = (port: ServicePort | undefined): PortBackend => {
    // Its hosts are asked for, and must not fall to a wildcard around them.
    if (port === undefined)
      return { kind: 'load-balancer', key: toElementName(context, ref, 'sni'), addresses: [] };
    const target = targets.get(port) ?? toPortTarget(context, asking, { protocol: 'tcp', port, field });
    targets.set(port, target);
    return target.backend;
  };
  const ends: RouteTls | undefined = tls && (tls.kind === 'resolver' ? { certResolver: tls.name } : {});
  const asked = toAskedHosts(service, sni, report);
  const routes = asked.map(({ host, port }) => ({
    kind: 'sni' as const,
    owner: service.meta,
    why: { field, uses: filters.uses },
    host: toHostMatch(host),
    key: toElementName(context, ref, 'sni', host),
    ...(ends && { tls: ends }),
    filters: filters.filters,
    backend: toBackend(port),
  }));
  const carried = [...targets.values()].flatMap((target) => target.carried);
  return {
    intents: [
      ...fleets.flatMap((fleet) => routes.map((route): SniRoute => ({ ...route, fleet }))),
      ...(tls?.kind !== 'secret'
        ? []
        : toCertificates(
            context,
            service.meta,
            fleets,
            {
              secretName: tls.name,
              hosts: routes.map(({ host }) => toHostText(host)),
              field: annotationField('fairlead.dev/tls'),
            },
            report,
          )),
    ],
    uses: [
      ...toUses(ref, ['sni', 'fleets', 'tls', ...carried]),
      ...[...targets.values()].flatMap((target) => target.others),
    ],
  };
}

/** A host, and the port of the Service that it leads to; without one its connections are closed. */
interface AskedHost {
  readonly host: string;
  readonly port: ServicePort | undefined;
}

/** The hosts of a list such as `mysql=db.example.com`, each once for each port. */
function toAskedHosts(service: Service, items: readonly string[], report: Report): readonly AskedHost[] {
  const asked = new Map<string, AskedHost>();
  for (const item of items) {
    const equals = item.indexOf('=');
    const host = toSniHost(item.slice(equals + 1).trim(), report);
    if (host === undefined) continue;
    const port = choosePort(service, equals < 0 ? undefined : item.slice(0, equals).trim(), host, report);
    asked.set(`${host} ${port?.port ?? ''}`, { host, port });
  }
  return [...asked.values()];
}

function toSniHost(text: string, report: Report): string | undefined {
  const host = toHostName(text);
  if (host.kind === 'valid' && !isAddressName(host.value)) return host.value;
  report('host-invalid', () => ({
    field,
    ...(host.kind === 'valid'
      ? {
          message: `the host ${quote(text)} is an address, and no client asks for an address by SNI`,
          hint: 'Write a host such as "db.example.com", or use a pool port (fairlead.dev/expose).',
        }
      : describeHostMistake(text, host.reason)),
  }));
  return undefined;
}

/** The TCP port of that name or number; without one named, the only one that there is. */
function choosePort(
  service: Service,
  named: string | undefined,
  host: string,
  report: Report,
): ServicePort | undefined {
  const ports = service.ports.filter(({ protocol }) => protocol === 'TCP');
  const [first] = ports;
  const names = listSome(ports.map((port) => port.name || String(port.port)));
  if (named !== undefined) {
    const found = findServicePort(service, /^\d{1,5}$/.test(named) ? Number(named) : named, 'TCP');
    if (found === undefined) {
      report('port-unknown', () => ({
        field,
        message: `the Service has no TCP port ${quote(named)} for ${host}, whose connections are closed`,
        hint: `Use one of its TCP ports: ${names || 'it has none'}.`,
      }));
    }
    return found;
  }
  if (ports.length === 1 || first === undefined) {
    if (first === undefined)
      report('backend-missing', {
        field: 'spec.ports',
        message: 'the Service has no TCP port to which connections by SNI could go; they are closed',
        hint: 'Add a port to the Service.',
      });
    return first;
  }
  report('port-ambiguous', {
    field,
    message: `the Service has several TCP ports, and nothing says which of them ${host} leads to; its connections are closed`,
    hint: `Write "${first.name || first.port}=${host}", or another one of its TCP ports: ${names}.`,
  });
  return undefined;
}
