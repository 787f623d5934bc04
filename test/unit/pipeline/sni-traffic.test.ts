import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { bySeniority, type ObjectRef } from '../../../src/model/object-ref.ts';
import type { SourceObject } from '../../../src/model/objects.ts';
import { Pipeline } from '../../../src/pipeline/pipeline.ts';
import { toDocument } from '../../../src/settings/config-file.ts';
import { resolveSettings } from '../../../src/settings/resolve-settings.ts';
import { toSets } from '../../golden/support/replay.ts';

// Whoever is asked for by a name is its owner or nobody, with Traefik's way of choosing on the https entryPoint modelled: the names
// in the rules of HTTPS routers first, then routers by SNI, then HTTPS routers without a name. STARTTLS of PostgreSQL knows SNI only.

const router = z.object({
  entryPoints: z.array(z.string()),
  rule: z.string(),
  service: z.string(),
  priority: z.number().default(0),
});
const part = z.object({ routers: z.record(z.string(), router).default({}) }).prefault({});
const body = z.object({ http: part, tcp: part });
type Router = z.infer<typeof router>;

/** One object of a tenant that wants a host. */
interface Wish {
  readonly tenant: string;
  readonly host: string;
  readonly how: 'ended' | 'http' | 'https' | 'passed';
  readonly year: number;
}

const wish: fc.Arbitrary<Wish> = fc.record({
  tenant: fc.constantFrom('a', 'b', 'c'),
  host: fc.constantFrom('a.x.test', 'b.x.test', '*.x.test', 'x.test', '*.test'),
  how: fc.constantFrom('ended', 'http', 'https', 'passed'),
  year: fc.integer({ min: 2020, max: 2029 }),
});
const asked = ['a.x.test', 'b.x.test', 'c.x.test', 'x.test', 'y.test', 'a.b.x.test', 'other.example'];

function toRef({ tenant }: Wish, index: number): ObjectRef {
  return { source: 's', kind: 'Service', namespace: tenant, name: `s${index}` };
}

function toService(each: Wish, index: number): SourceObject {
  const { host, how, year } = each;
  const isHttp = how === 'http' || how === 'https';
  return {
    kind: 'Service',
    meta: {
      ref: toRef(each, index),
      created: `${year}-01-01T00:00:00Z`,
      annotations: {
        [isHttp ? 'fairlead.dev/host' : 'fairlead.dev/sni']: host,
        ...((how === 'https' || how === 'ended') && { 'fairlead.dev/tls': 'true' }),
      },
    },
    type: 'ClusterIP',
    headless: false,
    hasSelector: true,
    ports: [{ name: '', port: 80, protocol: 'TCP' }],
  };
}

function fits(pattern: string, name: string): boolean {
  return pattern === name || (pattern.startsWith('*.') && name.replace(/^[^.]+/, '*') === pattern);
}

/** `Host("…")` and `HostSNI("…")` by their name, the others by their regular expression. */
function matches({ rule }: Router, name: string): boolean {
  const [, regular, text = '""'] = /^Host(?:SNI)?(Regexp)?\((".*")\)$/.exec(rule) ?? [];
  const pattern = z.string().parse(JSON.parse(text));
  return regular === undefined ? fits(pattern, name) : new RegExp(pattern).test(name);
}

function choose(routers: Readonly<Record<string, Router>>, name: string): string | undefined {
  const [first] = Object.entries(routers)
    .filter(([, each]) => each.entryPoints.includes('websecure') && matches(each, name))
    .toSorted(([, a], [, b]) => b.priority - a.priority);
  if (first === undefined) return undefined;
  return first[1].service === 'closed' ? 'nobody' : first[0].split('_', 1)[0];
}

/** The tenant that gets a connection; `nobody`: it is closed, or answered by Traefik. */
function findTenant({ http, tcp }: z.infer<typeof body>, name: string, isPostgres: boolean): string {
  const bySni = choose(tcp.routers, name);
  if (isPostgres) return bySni ?? 'nobody';
  const named = Object.values(http.routers).some(
    (each) => each.entryPoints.includes('websecure') && each.rule.startsWith('Host(') && matches(each, name),
  );
  return (named ? undefined : bySni) ?? choose(http.routers, name) ?? 'nobody';
}

/** By the narrowest name that anybody has: the eldest who wants it, and how. */
function findOwner(wishes: readonly Wish[], name: string): Wish | undefined {
  const all = wishes.map((each, index) => ({
    each,
    aged: { ref: toRef(each, index), created: String(each.year) },
  }));
  all.sort((a, b) => bySeniority(a.aged, b.aged));
  const by = (host: string): Wish | undefined => all.find(({ each }) => each.host === host)?.each;
  return by(name) ?? by(name.replace(/^[^.]+/, '*'));
}

it.each(['3.6', '3.7'])('goes to the owner of the name or to nobody, with Traefik %s', (traefik) => {
  const settings = resolveSettings({
    document: toDocument({
      sources: [{ name: 's', directory: { path: '.' } }],
      fleets: [{ traefik, ports: { udp: null, tcp: { range: '20000-20000' } } }],
    }),
    env: {},
    folder: '/',
  });
  let reached = 0;
  fc.assert(
    fc.property(fc.array(wish, { maxLength: 8 }), (wishes) => {
      const pipeline = new Pipeline(settings);
      pipeline.update(toSets(wishes.map(toService)));
      const document = body.parse(JSON.parse(pipeline.toBody('default').toString()));
      for (const name of asked) {
        const owner = findOwner(wishes, name);
        const bySni = owner?.how === 'ended' || owner?.how === 'passed';
        const [tls, postgres] = [false, true].map((each) => findTenant(document, name, each));
        expect(postgres).toBe(bySni ? owner.tenant : 'nobody');
        if (bySni || owner?.how === 'https') expect(tls).toBe(owner.tenant);
        // Without TLS of its own it has that of others, or none.
        else expect(['nobody', owner?.tenant]).toContain(tls);
        if (tls !== 'nobody') reached += 1;
      }
    }),
    { numRuns: 200 },
  );
  expect(reached).toBeGreaterThan(100);
});
