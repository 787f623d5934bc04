import { sniKey } from '../../annotations/own/sni.ts';
import { quote } from '../../annotations/parsers.ts';
import { isAddressName } from '../../certificates/host-names.ts';
import type { Service, ServicePort } from '../../model/objects.ts';
import { annotationField, listSome, type Report } from '../../model/problem.ts';
import { toHostName } from '../../traefik/rule-text.ts';
import { findServicePort } from '../backend/servers.ts';
import { describeHostMistake } from '../host-mistake.ts';

const field = annotationField(sniKey);

/** A host, and the port of the Service that it leads to; without one its connections are closed. */
export interface AskedHost {
  readonly host: string;
  readonly port: ServicePort | undefined;
}

/** The hosts of a list such as `mysql=db.example.com`, each once for each port. */
export function toAskedHosts(
  service: Service,
  items: readonly string[],
  report: Report,
): readonly AskedHost[] {
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
