import { describe, expect, it } from 'vitest';
import { renderUnit, toRenderContexts } from '../../../src/render/render-unit.ts';
import { failed, unavailable, type FixedStatus, type HttpBackend } from '../../../src/routes/backend.ts';
import { settledRoute, toLeaf, toTestSettings } from './intents.ts';

type Json = Readonly<Record<string, unknown>>;

const parse = (member: string): Json => JSON.parse(`{${member}}`);

/** The elements of one route by section and key, and the problems of it, for a version of Traefik. */
function render(minor: number, backend: HttpBackend): { readonly elements: Json; readonly problems: number } {
  const contexts = toRenderContexts(toTestSettings({ fleets: [{ name: 'default', traefik: `3.${minor}` }] }));
  const { fragments, problems } = renderUnit(contexts, [settledRoute({ backend })]);
  const all = [...(fragments.get('default')?.get(0) ?? [])];
  const elements = Object.fromEntries(
    all.flatMap(({ section, member }) =>
      Object.entries(parse(member)).map(([key, value]) => [`${section} ${key}`, value]),
    ),
  );
  return { elements, problems: problems.length };
}

const router = 'http.routers ns_web_ingress_a.example.com_~root';
const notFound: FixedStatus = { kind: 'status', status: 404 };
const unserved = { loadBalancer: { servers: [] } };
const unfit = { loadBalancer: { servers: [{ url: 'failed:' }] } };

describe.each([0, 1, 2, 3, 4, 5, 6])('before services have middlewares, in Traefik 3.%s', (minor) => {
  it('500 is a server that cannot be tried, for a whole route and for a share', () => {
    const whole = render(minor, failed);
    expect(whole.elements['http.services failed']).toEqual(unfit);
    expect(whole.elements[router]).toMatchObject({ service: 'failed' });
    const branches = [failed, toLeaf('ns_web_80')].map((backend) => ({ backend, weight: 1 }));
    const share = render(minor, { kind: 'weighted', key: 'ns_web', branches });
    expect(share.elements['http.services failed']).toEqual(unfit);
    expect([whole.problems, share.problems]).toEqual([0, 0]);
  });

  it('404 is rewritten on the router, where Traefik can rewrite; else there is a problem', () => {
    const { elements, problems } = render(minor, notFound);
    expect(elements[router]).toMatchObject({ service: 'unrouted', middlewares: ['unrouted'] });
    expect(elements['http.services unrouted']).toEqual(unserved);
    expect(elements['http.middlewares unrouted']).toHaveProperty('errors.service', 'unavailable');
    expect(problems).toBe(minor < 4 ? 1 : 0);
  });

  it('503 is a service without servers', () => {
    expect(render(minor, unavailable).elements['http.services unavailable']).toEqual(unserved);
  });
});

it('from Traefik 3.7 on the service itself rewrites', () => {
  for (const [backend, key] of [[failed, 'failed'] as const, [notFound, 'unrouted'] as const]) {
    const { elements, problems } = render(7, backend);
    expect(elements[`http.services ${key}`]).toEqual({ ...unserved, middlewares: [key] });
    expect(elements[router]).not.toHaveProperty('middlewares');
    expect(problems).toBe(0);
  }
});
