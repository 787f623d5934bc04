import { of } from './constants.ts';
import type { Scenario } from './scenario.ts';

/** Of a Service that is not routed to its endpoints the document has one server: the cluster IP. */
export function toServersPerService({ backends, endpointsPerService }: Scenario): number {
  return backends === 'clusterip' ? 1 : endpointsPerService;
}

/** Bytes of the document of so many Services. */
export function toDocumentBytes(scenario: Scenario, services: number): number {
  return services * (of('documentPerService') + toServersPerService(scenario) * of('documentPerServer'));
}
