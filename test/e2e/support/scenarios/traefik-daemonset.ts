import { beforeAll, describe, expect, it } from 'vitest';
import { see, untilServed } from '../edge-client.ts';
import { eventually } from '../eventually.ts';
import { edges, type Stage } from './stage.ts';

const first = '10.244.1.31:80';
const second = '10.244.2.32:80';

/** Declares the tests of two hosts on every node, one of them with a pod that has failed its probe. */
export function testTraefikDaemonset(stage: Stage): void {
  stage.addWeb('10.244.1.31', 80);
  stage.addWeb('10.244.2.32', 80);
  stage.addWeb('10.244.1.33', 8080);

  describe('traefik-daemonset', () => {
    beforeAll(() => untilServed(edges, ['www.test.com', 'api.test.com']));

    it.each([
      ['www.test.com', first],
      ['api.test.com', '10.244.1.33:8080'],
    ])('serves %s over HTTP and HTTPS, on every node', async (host, backend) => {
      for (const ip of edges) {
        for (const tls of [false, true]) expect((await see(host, { ip, tls })).backend).toBe(backend);
      }
    });

    it('uses the ready pod only, until the failed one is back', async () => {
      expect(await listBackends()).toEqual([first]);
      await stage.source.setPodReady(true);
      await eventually('the pod is back', 3_000, async () => (await listBackends()).length === 2);
      expect(await listBackends()).toEqual([first, second]);
      await stage.source.setPodReady(false);
      await eventually('the pod has failed again', 3_000, async () => (await listBackends()).length === 1);
      expect(await listBackends()).toEqual([first]);
    });
  });
}

async function listBackends(): Promise<readonly string[]> {
  const backends = new Set<string>();
  for (let n = 0; n < 6; n++) backends.add((await see('www.test.com')).backend);
  return [...backends].toSorted();
}
