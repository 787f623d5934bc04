import type { IngressBackend } from '../../model/objects.ts';
import type { Report } from '../../model/problem.ts';
import { isObject, malformed, reportMalformed, toMapping, toText, type RawObject } from './fields.ts';
import { toPortNumber, toPortReference } from './ports.ts';

/**
 * The backend of a path or of a whole Ingress: `service` of networking.k8s.io/v1, or `serviceName` and `servicePort` of
 * v1beta1. Undefined, and reported, when it is absent or malformed.
 */
export function toIngressBackend(raw: unknown, field: string, report: Report): IngressBackend | undefined {
  if (!isObject(raw)) {
    reportMalformed(report, field, raw, 'a mapping with a service');
    return undefined;
  }
  if ((raw['serviceName'] ?? undefined) !== undefined) return toBetaBackend(raw, field, report);
  const service = toMapping(raw, 'service', `${field}.`, report);
  if (service === malformed) return undefined;
  if (service !== undefined) return toServiceBackend(service, `${field}.service`, report);
  if (isObject(raw['resource'])) return { kind: 'resource' };
  reportMalformed(report, `${field}.service`, undefined, 'a mapping with the name and the port of a Service');
  return undefined;
}

function toBetaBackend(raw: RawObject, field: string, report: Report): IngressBackend | undefined {
  const name = toText(raw, 'serviceName', `${field}.`, report);
  const port = toPortReference(raw, 'servicePort', `${field}.`, report);
  if (port === undefined)
    reportMalformed(report, `${field}.servicePort`, port, 'the name or number of a port');
  if (name === malformed || name === undefined || port === malformed || port === undefined) return undefined;
  return { kind: 'service', name, port };
}

function toServiceBackend(service: RawObject, field: string, report: Report): IngressBackend | undefined {
  const name = toText(service, 'name', `${field}.`, report);
  const port = toMapping(service, 'port', `${field}.`, report);
  if (name === undefined || name === '')
    reportMalformed(report, `${field}.name`, name, 'the name of a Service');
  if (name === malformed || name === undefined || name === '' || port === malformed) return undefined;
  const number = toPortNumber(port ?? {}, 'number', `${field}.port.`, report);
  const portName = toText(port ?? {}, 'name', `${field}.port.`, report);
  if (number === malformed || portName === malformed) return undefined;
  const reference = number ?? portName;
  if (reference === undefined || reference === '') {
    reportMalformed(report, `${field}.port`, undefined, 'a mapping with the number or the name of a port');
    return undefined;
  }
  return { kind: 'service', name, port: reference };
}
