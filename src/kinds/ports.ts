import type { PortReference, TransportProtocol } from '../model/objects.ts';
import { isPort } from '../model/port.ts';
import type { Report } from '../model/problem.ts';
import { malformed, reportMalformed, toGiven, type Field } from '../lib/raw-fields.ts';
import type { RawObject } from '../lib/raw-object.ts';

/** A port number. Undefined also for 0, which Kubernetes reads as not given, as clients in Go write it. */
export function toPortNumber(parent: RawObject, key: string, path: string, report: Report): Field<number> {
  const value = parent[key];
  if (value === undefined || value === null || value === 0) return undefined;
  if (typeof value === 'number' && isPort(value)) return value;
  reportMalformed(report, path + key, value, 'a port number from 1 to 65535');
  return malformed;
}

/**
 * A port by name or number. Digits in quotation marks are the number: no port name is without a letter. Undefined also for 0 and
 * the empty text.
 */
export function toPortReference(
  parent: RawObject,
  key: string,
  path: string,
  report: Report,
): Field<PortReference> {
  const value = toGiven(parent[key]);
  if (value === undefined || value === 0) return undefined;
  if (typeof value === 'string' && !/^\d+$/.test(value)) return value;
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number === 'number' && isPort(number)) return number;
  reportMalformed(report, path + key, value, 'the name or the number of a port');
  return malformed;
}

/** The protocol of a port; TCP when it is not given, as in Kubernetes. */
export function toProtocol(
  parent: RawObject,
  path: string,
  report: Report,
): TransportProtocol | typeof malformed {
  const value = toGiven(parent['protocol']) ?? 'TCP';
  if (value === 'TCP' || value === 'UDP' || value === 'SCTP') return value;
  reportMalformed(report, `${path}protocol`, value, 'TCP, UDP or SCTP');
  return malformed;
}
