import { describe, expect, it } from 'vitest';
import { toHttpElements, toPortElements } from '../../../src/render/elements.ts';
import type { Rendering } from '../../../src/render/render-context.ts';
import { toPortBackend } from '../../../src/translate/backend/port-backend.ts';
import { unavailable } from '../../../src/routes/backend.ts';
import { portRoute, settledRoute, toContext, toFilter, toTestSettings } from './intents.ts';

const redirect = toFilter('https', 'https', { redirectScheme: { scheme: 'https' as const } });
const access = toFilter('cidrs', 'access', { ipAllowList: { sourceRange: ['10.0.0.0/8'] } });

function toRendering(): Rendering {
  return { backends: new Map(), ...toContext() };
}

describe('the elements of an HTTP route', () => {
  it('are a router and a service', () => {
    expect(toHttpElements(toRendering(), settledRoute())).toEqual([
      {
        section: 'http.routers',
        key: 'ns_web_ingress_a.example.com_~root',
        value: {
          entryPoints: ['web'],
          rule: 'Host("a.example.com")',
          ruleSyntax: 'default',
          priority: 2_366_149_559_844_865,
          service: 'ns_web_80',
        },
      },
      {
        section: 'http.services',
        key: 'ns_web_80',
        value: { loadBalancer: { passHostHeader: true, servers: [{ url: 'http://10.0.0.1:80' }] } },
      },
    ]);
  });

  it('have a second router for TLS, which does not redirect to itself', () => {
    const [plain, secured] = toHttpElements(
      toRendering(),
      settledRoute({ tls: {}, filters: [redirect, access] }),
    );
    expect(plain?.value).toMatchObject({ entryPoints: ['web'], middlewares: ['https', 'cidrs'] });
    expect(plain?.value).not.toHaveProperty('tls');
    expect(secured).toMatchObject({
      key: 'ns_web_ingress_a.example.com_~root_tls',
      value: { entryPoints: ['websecure'], middlewares: ['cidrs'], tls: true },
    });
  });

  it('lead to a service without servers when there is nothing to reach', () => {
    const elements = toHttpElements(toRendering(), settledRoute({ backend: unavailable, filters: [access] }));
    expect(elements.map(({ section, key }) => `${section} ${key}`)).toEqual([
      'http.routers ns_web_ingress_a.example.com_~root',
      'http.services unavailable',
    ]);
    expect(elements[1]?.value).toEqual({ loadBalancer: { servers: [] } });
  });

  it('carry the name of any source but the first', () => {
    const owner = { ref: { source: 'two', kind: 'Ingress', namespace: 'ns', name: 'web' } } as const;
    expect(toHttpElements(toRendering(), settledRoute({ owner }))[0]?.key).toBe(
      'two:ns_web_ingress_a.example.com_~root',
    );
  });
});

describe('the elements of a port', () => {
  it('are one catch-all router on the entryPoint of the port, and a service', () => {
    expect(toPortElements(toContext(), portRoute(20_001)).map(({ value }) => value)).toEqual([
      {
        entryPoints: ['tcp-20001'],
        rule: 'HostSNI("*")',
        ruleSyntax: 'default',
        service: 'ns_web_3306',
      },
      { loadBalancer: { servers: [{ address: '10.0.0.1:3306' }] } },
    ]);
  });

  it('are none for a port outside of the pool, and for a fleet without one', () => {
    expect(toPortElements(toContext(), portRoute(20_100))).toEqual([]);
    const settings = toTestSettings({ fleets: [{ ports: { udp: null } }] });
    expect(toPortElements(toContext(settings), portRoute(20_001, { protocol: 'udp' }))).toEqual([]);
  });

  it('are one service for each weight under a weighted one, when the weights differ', () => {
    const servers = [
      { address: '10.0.0.1:53', weight: 3 },
      { address: '[fd00::1]:53', weight: 1 },
    ];
    const elements = toPortElements(
      toContext(),
      portRoute(20_001, { protocol: 'udp', backend: toPortBackend('ns_web_3306', servers, undefined) }),
    );
    const [router, weighted, first, second] = elements;
    expect(router?.section).toBe('udp.routers');
    expect(weighted?.value).toEqual({
      weighted: {
        services: [
          { name: first?.key, weight: 3 },
          { name: second?.key, weight: 1 },
        ],
      },
    });
    expect(first?.key).toBe('ns_web_3306_weight:3');
    expect(second?.value).toEqual({ loadBalancer: { servers: [{ address: '[fd00::1]:53' }] } });
  });
});
