import { of } from './constants.ts';
import { toDocumentBytes } from './document-size.ts';
import { toPeriod, toRoutedRate, toSeenRate } from './rates.ts';
import type { Budget, Choices, Scenario } from './scenario.ts';

/** Of one replica. */
export interface FairleadCost {
  readonly services: number;
  /** MB. */
  readonly memory: number;
  /** While it runs. */
  readonly cores: number;
  /** Seconds of CPU until it is ready. */
  readonly start: number;
}

/** A replica with these Services, in however many fleets. */
export function toFairlead(scenario: Scenario, services: number, chosen: Choices): FairleadCost {
  const endpoints = services * scenario.endpointsPerService;
  const documents = 1 / toPeriod(services * toRoutedRate(scenario), chosen);
  const megabytes = toDocumentBytes(scenario, services) / 1e6;
  return {
    services,
    memory: of('fairleadBase') + services * of('fairleadPerService') + endpoints * of('fairleadPerEndpoint'),
    cores:
      services * toSeenRate(scenario) * of('fairleadPerChange') +
      documents * megabytes * of('fairleadPerMegabyte'),
    start: services * of('fairleadStartPerService') + endpoints * of('fairleadStartPerEndpoint'),
  };
}

export function isBearable({ memory, cores, start }: FairleadCost, most: Budget): boolean {
  return memory <= most.fairleadMemory && cores <= most.fairleadCores && start <= most.fairleadStart;
}
