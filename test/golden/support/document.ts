import { z } from 'zod';
import { checkElement, checkKey } from '../../../src/traefik/check-element.ts';
import type { FleetSettings } from '../../../src/settings/settings.ts';
import { listPoolEntryPoints } from '../../../src/traefik/static/pool-entry-points.ts';
import type { Section } from '../../../src/traefik/sections.ts';

const map = z.record(z.string(), z.record(z.string(), z.unknown())).default({});
const document = z.strictObject({
  http: z
    .strictObject({ routers: map, services: map, middlewares: map, serversTransports: map })
    .prefault({}),
  tcp: z.strictObject({ routers: map, services: map, middlewares: map, serversTransports: map }).prefault({}),
  udp: z.strictObject({ routers: map, services: map }).prefault({}),
  tls: z
    .strictObject({
      certificates: z.array(z.record(z.string(), z.unknown())).default([]),
      options: map,
      stores: map,
    })
    .prefault({}),
});

/** A document of the HTTP provider, with its absent maps empty. */
export type TraefikDocument = z.infer<typeof document>;

/** Without Fairlead's own router for `/ready`, whose service is Traefik's. @throws when it has a section that is not known here. */
export function toDocument(body: string): TraefikDocument {
  const whole = document.parse(JSON.parse(body));
  const { ready, ...routers } = whole.http.routers;
  return ready?.['service'] === 'ping@internal' ? { ...whole, http: { ...whole.http, routers } } : whole;
}

/** Every element of a document as text, under `section key`; certificates under their own text. Without what closes free pool ports. */
export function toElementTexts(body: string): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const { section, key, value } of listElements(document.parse(withoutClosedPorts(body)))) {
    const text = JSON.stringify(value);
    texts.set(`${section} ${key ?? text}`, text);
  }
  return texts;
}

interface AnyElement {
  readonly section: Section;
  readonly key: string | undefined;
  readonly value: Readonly<Record<string, unknown>>;
}

function listElements({ http, tcp, udp, tls }: TraefikDocument): readonly AnyElement[] {
  const maps: readonly (readonly [Section, TraefikDocument['http']['routers']])[] = [
    ['http.routers', http.routers],
    ['http.services', http.services],
    ['http.middlewares', http.middlewares],
    ['http.serversTransports', http.serversTransports],
    ['tcp.routers', tcp.routers],
    ['tcp.services', tcp.services],
    ['tcp.middlewares', tcp.middlewares],
    ['tcp.serversTransports', tcp.serversTransports],
    ['udp.routers', udp.routers],
    ['udp.services', udp.services],
    ['tls.options', tls.options],
    ['tls.stores', tls.stores],
  ];
  return [
    ...maps.flatMap(([section, elements]) =>
      Object.entries(elements).map(([key, value]) => ({ section, key, value })),
    ),
    ...tls.certificates.map((value) => ({ section: 'tls.certificates' as const, key: undefined, value })),
  ];
}

/** Everything for which Traefik would refuse the document, disable a router, or let one fail: bad elements, references to nothing, shared pool ports. */
export function findFlaws(body: string): readonly string[] {
  const whole = toDocument(body);
  const flaws = listElements(whole).flatMap(({ section, key, value }) => {
    const mistakes = [checkElement(section, value), key === undefined ? null : checkKey(key)];
    return mistakes.flatMap((mistake) => (mistake === null ? [] : `${section} ${key}: ${mistake}`));
  });
  for (const [name, part] of Object.entries({ http: whole.http, tcp: whole.tcp, udp: whole.udp })) {
    flaws.push(...findLooseReferences(name, part));
  }
  return [
    ...flaws,
    ...findOptionFlaws(whole),
    ...findSharedPorts(whole.tcp.routers),
    ...findSharedPorts(whole.udp.routers),
  ];
}

const tlsRouter = z.looseObject({
  entryPoints: z.array(z.string()),
  rule: z.string(),
  tls: z.union([z.literal(true), z.looseObject({ options: z.string().optional() })]).optional(),
});

/** TLS options that nobody would have: those that are not there, that the rule has no host for, and that routers of one host differ in. */
function findOptionFlaws({ http, tls }: TraefikDocument): readonly string[] {
  const seen = new Map<string, string>();
  return Object.entries(http.routers).flatMap(([key, router]) => {
    const { entryPoints, rule, tls: asked } = tlsRouter.parse(router);
    if (asked === undefined) return [];
    const options = (asked === true ? undefined : asked.options) ?? '';
    const [, host] = /^Host\("([^"]+)"\)/.exec(rule) ?? [];
    if (host === undefined) return options === '' ? [] : [`${key} has TLS options and no host`];
    const flaws = entryPoints.flatMap((name) => {
      const others = seen.get(`${name} ${host}`) ?? options;
      seen.set(`${name} ${host}`, others);
      return others === options
        ? []
        : [`${key} has other TLS options on ${name} than a router of the same host`];
    });
    const isThere = options === '' || options.includes('@') || Object.hasOwn(tls.options, options);
    return isThere ? flaws : [...flaws, `${key} refers to the TLS options ${options}, which are not there`];
  });
}

const routerLinks = z.looseObject({ service: z.string(), middlewares: z.array(z.string()).default([]) });
const serviceLinks = z.looseObject({
  loadBalancer: z.looseObject({ serversTransport: z.string().optional() }).optional(),
  weighted: z.looseObject({ services: z.array(z.looseObject({ name: z.string() })) }).optional(),
  failover: z.looseObject({ service: z.string(), fallback: z.string() }).optional(),
  mirroring: z
    .looseObject({ service: z.string(), mirrors: z.array(z.looseObject({ name: z.string() })) })
    .optional(),
});

function findLooseReferences(
  protocol: string,
  part: Partial<TraefikDocument['http']> & Pick<TraefikDocument['http'], 'routers' | 'services'>,
): readonly string[] {
  const { routers, services, middlewares = {}, serversTransports = {} } = part;
  const wanted: (readonly [string, string, object])[] = [];
  for (const [key, router] of Object.entries(routers)) {
    const links = routerLinks.parse(router);
    wanted.push([key, links.service, services]);
    for (const middleware of links.middlewares) wanted.push([key, middleware, middlewares]);
  }
  for (const [key, service] of Object.entries(services)) {
    const { loadBalancer, weighted, failover, mirroring } = serviceLinks.parse(service);
    if (loadBalancer?.serversTransport !== undefined)
      wanted.push([key, loadBalancer.serversTransport, serversTransports]);
    const children = [
      ...(weighted?.services ?? []).map(({ name }) => name),
      ...(failover ? [failover.service, failover.fallback] : []),
      ...(mirroring ? [mirroring.service, ...mirroring.mirrors.map(({ name }) => name)] : []),
    ];
    for (const name of children) wanted.push([key, name, services]);
  }
  return (
    wanted
      // What other providers of Traefik have is not in the document.
      .filter(([, name, there]) => !Object.hasOwn(there, name) && !/@(file|kubernetescrd)$/.test(name))
      .map(([key, name]) => `${protocol} ${key} refers to ${name}, which is not there`)
  );
}

/**
 * With a second router on a pool port Traefik waits for the first bytes of the client, and protocols where the server speaks first
 * stall. Where all have TLS the client speaks first.
 */
function findSharedPorts(routers: TraefikDocument['tcp']['routers']): readonly string[] {
  const seen = new Map<string, boolean>();
  return Object.entries(routers).flatMap(([key, router]) =>
    toEntryPoints(router).flatMap((name) => {
      const hasTls = router['tls'] !== undefined;
      const others = seen.get(name);
      seen.set(name, hasTls && others !== false);
      return others === undefined || (others && hasTls) ? [] : [`${key} shares the entryPoint ${name}`];
    }),
  );
}

function toEntryPoints({ entryPoints }: Readonly<Record<string, unknown>>): readonly string[] {
  return z.array(z.string()).parse(entryPoints);
}

/** Pool ports without a router: Traefik would leave TCP clients waiting, and go on serving the last backend of UDP. */
export function findOpenPorts(
  body: string,
  fleet: Pick<FleetSettings, 'pools'>,
  bank = 0,
): readonly string[] {
  const { tcp, udp } = toDocument(body);
  const named = new Set([tcp, udp].flatMap(({ routers }) => Object.values(routers).flatMap(toEntryPoints)));
  return listPoolEntryPoints(fleet, bank).flatMap(({ name }) =>
    named.has(name) ? [] : [`${name} has no router`],
  );
}

/** The document without what closes the pool ports that nobody holds: it says the same in every case. */
export function withoutClosedPorts(body: string): Readonly<Record<string, unknown>> {
  const all: unknown = JSON.parse(body, (key, value: unknown) => (key === 'closed' ? undefined : value));
  const sections = z.record(z.string(), z.record(z.string(), z.unknown())).parse(all);
  return withoutEmpty(
    Object.fromEntries(Object.entries(sections).map(([name, maps]) => [name, withoutEmpty(maps)])),
  );
}

function withoutEmpty(maps: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(maps).filter(
      ([, value]) => typeof value !== 'object' || value === null || Object.keys(value).length > 0,
    ),
  );
}
