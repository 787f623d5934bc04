import { expect, test } from 'vitest';
import { estimate } from '../scripts/scale/model.ts';
import { budget, rates, type Scenario, sizes } from '../scripts/scale/scenario.ts';

const scenarios = rates.flatMap(({ rolloutsPerService }) =>
  sizes.flatMap((services) =>
    (['clusterip', 'endpoints'] as const).map((backends): Scenario => ({
      services,
      endpointsPerService: 10,
      shareWithPort: 0.05,
      rolloutsPerService,
      backends,
    })),
  ),
);

test('no unit of the model has more than its budget, and all units together have all Services', () => {
  for (const scenario of scenarios) {
    const { fairleads, fairlead, fleets, traefik } = estimate(scenario);
    expect(fairlead.memory).toBeLessThanOrEqual(budget.fairleadMemory);
    expect(fairlead.cores).toBeLessThanOrEqual(budget.fairleadCores);
    expect(traefik.cores).toBeLessThanOrEqual(budget.traefikCores);
    expect(traefik.perDocument).toBeLessThanOrEqual(budget.traefikDocument);
    expect(fairleads * fairlead.services).toBeGreaterThanOrEqual(scenario.services);
    expect(fleets * traefik.services).toBeGreaterThanOrEqual(scenario.services);
  }
});

test('more Services never take fewer units, and the cluster IP never takes more than endpoints', () => {
  for (const scenario of scenarios) {
    const twice = estimate({ ...scenario, services: 2 * scenario.services });
    const once = estimate(scenario);
    for (const unit of ['clusters', 'fairleads', 'fleets'] as const) {
      expect(twice[unit]).toBeGreaterThanOrEqual(once[unit]);
      expect(estimate({ ...scenario, backends: 'clusterip' })[unit]).toBeLessThanOrEqual(
        estimate({ ...scenario, backends: 'endpoints' })[unit],
      );
    }
  }
});
