import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testCephDashboard } from './ceph-dashboard.ts';
import { testHostRouting } from './host-routing.ts';
import type { ScenarioSource } from './scenario-source.ts';
import { testRdsTcpPorts } from './rds-tcp-ports.ts';
import { Stage } from './stage.ts';
import { testTraefikDaemonset } from './traefik-daemonset.ts';
import { testVmBackends } from './vm-backends.ts';

/**
 * Declares the tests of the five scenarios in the `describe` of now, with what starts and stops the source: the same
 * requests wherever the examples are served from. Each test leaves the examples as it found them.
 */
export function testScenarios(source: ScenarioSource): void {
  const stage = new Stage(source);
  beforeAll(() => stage.start());
  afterAll(() => source.stop());

  testRdsTcpPorts(stage);
  testVmBackends(stage);
  testHostRouting(stage);
  testCephDashboard(stage);
  testTraefikDaemonset(stage);

  describe('the examples as a whole', () => {
    it('have no problem, and Traefik takes all of them', async () => {
      expect(await source.world.admin('/api/problems')).toEqual([]);
      for (const traefik of source.world.traefiks) expect(await traefik.routerErrors()).toEqual([]);
    });
  });
}
