import type { IngressBackend } from '../model/objects.ts';
import type { Report } from '../model/problem.ts';
import { malformed, reportMalformed, toMapping, toText } from '../lib/raw-fields.ts';
import { isObject, type RawObject } from '../lib/raw-object.ts';
import { toPortNumber, toPortReference } from './ports.ts';

const unusable: IngressBackend = { kind: 'malformed' };

/**
 * The backend of a path or of a whole Ingress: `service` of networking.k8s.io/v1, or `serviceName` and `servicePort` of
 * v1beta1. One that is absent or malformed is reported, and `malformed`: its requests must not fall through to another rule.
 */
export function toIngressBackend(raw: unknown, field: string, report: Report): IngressBackend {
  if (!isObject(raw)) {
    reportMalformed(report, field, raw, 'a mapping with a service');
    return unusable;
  }
  if ((raw['serviceName'] ?? undefined) !== undefined) return toBetaBackend(raw, field, report);
  const service = toMapping(raw, 'service', `${field}.`, report);
  if (service === malformed) return unusable;
  if (service !== undefined) return toServiceBackend(service, `${field}.service`, report);
  if (isObject(raw['resource'])) return { kind: 'resource' };
  reportMalformed(report, `${field}.service`, undefined, 'a mapping with the name and the port of a Service');
  return unusable;
}

function toBetaBackend(raw: RawObject, field: string, report: Report): IngressBackend {
  const name = toText(raw, 'serviceName', `${field}.`, report);
  const port = toPortReference(raw, 'servicePort', `${field}.`, report);
  if (port === undefined)
    reportMalformed(report, `${field}.servicePort`, raw['servicePort'], 'the name or number of a port');
  if (name === malformed || name === undefined || port === malformed || port === undefined) return unusable;
  return { kind: 'service', name, port };
}

function toServiceBackend(service: RawObject, field: string, report: Report): IngressBackend {
  const name = toText(service, 'name', `${field}.`, report);
  const port = toMapping(service, 'port', `${field}.`, report);
  if (name === undefined || name === '')
    reportMalformed(report, `${field}.name`, name, 'the name of a Service');
  if (name === malformed || name === undefined || name === '' || port === malformed) return unusable;
  const number = toPortNumber(port ?? {}, 'number', `${field}.port.`, report);
  const portName = toText(port ?? {}, 'name', `${field}.port.`, report);
  if (number === malformed || portName === malformed) return unusable;
  const reference = number ?? portName;
  if (reference === undefined || reference === '') {
    reportMalformed(report, `${field}.port`, undefined, 'a mapping with the number or the name of a port');
    return unusable;
  }
  return { kind: 'service', name, port: reference };
}
