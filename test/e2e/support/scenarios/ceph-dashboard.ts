import { beforeAll, describe, expect, it } from 'vitest';
import { see, untilServed } from '../edge-client.ts';
import { edges, type Stage } from './stage.ts';

const host = 'k8s-ceph-dashboard.calmkart.com';

/** Declares the tests of an Ingress of ingress-nginx to an HTTPS backend. */
export function testCephDashboard(stage: Stage): void {
  stage.addHttpsWeb('10.244.3.9', 8443);

  describe('ceph-dashboard', () => {
    beforeAll(() => untilServed(edges, [host]));

    it.each(['/', '/login'])(
      '%s reaches the HTTPS backend over plain HTTP, without a redirect',
      async (path) => {
        for (const ip of edges) {
          expect(await see(host, { ip, path })).toMatchObject({
            backend: '10.244.3.9:8443',
            path,
            host,
            headers: { 'x-forwarded-proto': 'http' },
          });
        }
      },
    );
  });
}
