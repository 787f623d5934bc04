import { of } from './constants.ts';
import { type FairleadCost, isBearable, toFairlead } from './fairlead-cost.ts';
import { budget, type Budget, type Choices, choices, type Scenario } from './scenario.ts';
import { fits, toTraefik, type TraefikCost } from './traefik-cost.ts';
import { toSeenRate } from './rates.ts';

/** How many units of each kind there are, and what one of them comes to. */
export interface Estimate {
  /** Changes of objects that all sources tell of, in a second. */
  readonly changes: number;
  /** Clusters, which are the sources. */
  readonly clusters: number;
  /** Bytes that a replica lists of one of them when it starts. */
  readonly listBytes: number;
  /** Seconds until the leader has written to every object of one of them for the first time. */
  readonly firstWrites: number;
  /** Fairleads, each with its replicas, its ledger and its part of the clusters. */
  readonly fairleads: number;
  readonly fairlead: FairleadCost;
  /** Fleets of Traefiks, of all Fairleads together. */
  readonly fleets: number;
  readonly traefik: TraefikCost;
  readonly portsPerFleet: number;
  /** Of a fleet: processes on each of its hosts. */
  readonly banks: number;
  /** Of one Fairlead. */
  readonly ledgerBytes: number;
}

/** How many units a scenario takes. The same scenario gives the same estimate. */
export function estimate(scenario: Scenario, chosen: Choices = choices, most: Budget = budget): Estimate {
  const { services, endpointsPerService, shareWithPort } = scenario;
  const mostInCluster = Math.min(of('clusterServices'), Math.floor(of('clusterPods') / endpointsPerService));
  const clusters = Math.ceil(services / mostInCluster);
  const inCluster = Math.ceil(services / clusters);
  const fairleads = countUnits(services, (each) => isBearable(toFairlead(scenario, each, chosen), most));
  const inFairlead = Math.ceil(services / fairleads);
  const fleetsEach = countUnits(inFairlead, (each) =>
    fits(toTraefik(scenario, { services: each, inFairlead }, chosen), most),
  );
  const inFleet = Math.ceil(inFairlead / fleetsEach);
  const portsPerFleet = Math.ceil(inFleet * shareWithPort);
  return {
    changes: services * toSeenRate(scenario),
    clusters,
    listBytes: inCluster * toListBytes(scenario),
    firstWrites: (inCluster * (1 + shareWithPort)) / of('writesPerSecond'),
    fairleads,
    fairlead: toFairlead(scenario, inFairlead, chosen),
    fleets: fairleads * fleetsEach,
    traefik: toTraefik(scenario, { services: inFleet, inFairlead }, chosen),
    portsPerFleet,
    banks: Math.ceil(portsPerFleet / chosen.bank),
    ledgerBytes: Math.ceil(inFairlead * shareWithPort) * of('ledgerEntry'),
  };
}

/** The least number of equal units that can bear all of it. */
function countUnits(services: number, canBear: (services: number) => boolean): number {
  let units = 1;
  while (!canBear(Math.ceil(services / units)) && units < services) units += 1;
  return units;
}

/** What a replica reads of a Service when it starts: itself, an Ingress, and a slice for each hundred of its endpoints. */
function toListBytes({ endpointsPerService }: Scenario): number {
  return (
    of('objectService') +
    of('objectIngress') +
    Math.ceil(endpointsPerService / 100) * of('objectSlice') +
    endpointsPerService * of('objectEndpoint')
  );
}
