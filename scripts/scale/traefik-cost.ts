import { of } from './constants.ts';
import { toDocumentBytes, toServersPerService } from './document-size.ts';
import { toPeriod, toRoutedRate, toWait } from './rates.ts';
import type { Budget, Choices, Scenario } from './scenario.ts';

/** Of one Traefik with the routes of its fleet, and one bank of its ports. */
export interface TraefikCost {
  readonly services: number;
  readonly documentBytes: number;
  /** Documents that it is given in a second. */
  readonly documents: number;
  /** Seconds of CPU that one takes. */
  readonly perDocument: number;
  /** For its configuration. */
  readonly cores: number;
  /** MB. */
  readonly memory: number;
  /** Seconds from a change until it is routed: gathered, made and applied. */
  readonly latency: number;
}

/** A fleet, and all Services of the Fairlead that it belongs to: what changes in any of them, changes are gathered together. */
export interface FleetSize {
  readonly services: number;
  readonly inFairlead: number;
}

export function toTraefik(
  scenario: Scenario,
  { services, inFairlead }: FleetSize,
  chosen: Choices,
): TraefikCost {
  const servers = services * toServersPerService(scenario);
  const ports = Math.min(chosen.bank, services * scenario.shareWithPort);
  const documentBytes = toDocumentBytes(scenario, services);
  const perDocument =
    of('traefikBase') +
    services * of('traefikPerService') +
    servers * of('traefikPerServer') +
    ports * of('traefikPerPort');
  const rate = inFairlead * toRoutedRate(scenario);
  const documents = toDocumentRate(rate, services / inFairlead, chosen);
  return {
    services,
    documentBytes,
    documents,
    perDocument,
    cores: documents * perDocument,
    memory:
      of('traefikMemory') +
      services * of('traefikMemoryPerService') +
      servers * of('traefikMemoryPerServer') +
      ports * of('traefikMemoryPerPort'),
    latency:
      toWait(rate, chosen) +
      of('fairleadPerChange') +
      (documentBytes / 1e6) * of('fairleadPerMegabyte') +
      perDocument,
  };
}

/** Of the rebuilds of a Fairlead, those in which a fleet with this share of its changes has one. */
function toDocumentRate(rate: number, share: number, chosen: Choices): number {
  const period = toPeriod(rate, chosen);
  return (1 - (1 - share) ** (rate * period)) / period;
}

export function fits({ perDocument, cores }: TraefikCost, most: Budget): boolean {
  return perDocument <= most.traefikDocument && cores <= most.traefikCores;
}
