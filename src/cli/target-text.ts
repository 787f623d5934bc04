import type { PortRow } from '../model/published.ts';

/** What of its holder a pool port is for: `9092`, or `9092 of kafka-0` for that of one endpoint. */
export function toTargetText({ servicePort, endpoint }: Pick<PortRow, 'endpoint' | 'servicePort'>): string {
  return endpoint === undefined ? String(servicePort) : `${servicePort} of ${endpoint}`;
}
