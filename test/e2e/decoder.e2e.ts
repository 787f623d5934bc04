import { createServer, type ServerResponse } from 'node:http';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { joinName, toRouteSlug } from '../../src/traefik/names.ts';
import { all, header, host, path, pathPrefix, pathRegexp, prefixByElement } from '../../src/traefik/rule.ts';
import { toHostName, toRulePath } from '../../src/traefik/rule-text.ts';
import { toStableJson } from '../../src/traefik/stable-json.ts';
import { staticConfigSamples } from '../../src/traefik/static/samples.ts';
import { checkElement } from '../../src/traefik/check-element.ts';
import { re2Mistake } from '../../src/traefik/re2.ts';
import type { Section } from '../../src/traefik/sections.ts';
import { listOneOfEach, toDocument } from '../unit/traefik/one-of-each.ts';
import { badPatterns, goodPatterns } from '../unit/traefik/patterns.ts';
import { refusedElements } from '../unit/traefik/refused-elements.ts';
import { Listener } from './support/backend.ts';
import { Cleanup } from './support/cleanup.ts';
import { eventually } from './support/eventually.ts';
import { findFreePort, requirePrivateNetwork } from './support/local-address.ts';
import { type RawData, toPartErrors, toRouterErrors } from './support/raw-data.ts';
import { startTraefik, type Traefik } from './support/traefik.ts';

type Element = readonly [Section, string, unknown];

const samples = staticConfigSamples();
const cleanup = new Cleanup();
let provider: HeldProvider;
let traefik: Traefik;

beforeAll(async () => {
  requirePrivateNetwork();
  provider = cleanup.keep(await startHeldProvider());
  traefik = cleanup.keep(await startTraefik({ staticConfig: withEndpoint(samples['traefik.yml'] ?? '') }));
});
afterAll(() => cleanup.run());

describe('the static configuration', () => {
  const poolEntryPoints = Array.from({ length: 100 }, (_, n) => [
    `tcp-${20000 + n}`,
    `udp-${20000 + n}`,
  ]).flat();
  const expected = ['web', 'websecure', 'traefik', 'ready', ...poolEntryPoints].sort();

  it('opens every entryPoint, as a file', async () => {
    expect(await readEntryPoints(traefik)).toEqual(expected);
  });

  it.each([
    ['arguments', () => (samples['traefik.args'] ?? '').trim().split('\n')],
    ['arguments of the DaemonSet', readDaemonSetArguments],
  ])('opens every entryPoint, as %s', async (_, read) => {
    // What the harness sets by itself: another port for the API, which two Traefiks would share.
    const args = read().filter((arg) => !/^--(entryPoints\.traefik\.address|api\.insecure)=/.test(arg));
    const other = await startTraefik({ staticConfig: args.map(withEndpoint), bind: '127.0.0.2' });
    try {
      expect(await readEntryPoints(other)).toEqual(expected);
    } finally {
      await other.stop();
    }
  });
});

describe('the decoder', () => {
  it('takes one of each element, with nothing in error', async () => {
    // This Traefik has no plugin: `conformance.e2e.ts` is about one that has.
    const elements = listOneOfEach().filter(([, name]) => !/(^|_)plugin$/.test(name));
    const data = await load(elements);
    expect(toRouterErrors(data)).toEqual([]);
    expect(toPartErrors(data).filter(({ status }) => status !== 'enabled')).toEqual([]);
    const { middlewares, services, tcpMiddlewares, tcpServices, tcpRouters, udpRouters, udpServices } = data;
    const maps: Partial<Record<Section, object>> = {
      'http.middlewares': middlewares,
      'http.routers': data.routers,
      'http.services': services,
      'tcp.middlewares': tcpMiddlewares,
      'tcp.routers': tcpRouters,
      'tcp.services': tcpServices,
      'udp.routers': udpRouters,
      'udp.services': udpServices,
    };
    for (const [section, name] of elements) {
      const map = maps[section];
      if (map !== undefined) expect(Object.keys(map), section).toContain(`${name}@http`);
    }
    expect(traefik.logs()).not.toMatch(/ERR .*(certificate|serversTransport|TLS)/i);
  });

  it('takes hostile text in names, rules and values as it is, every router enabled', async () => {
    const texts = fc.sample(hostileText, { numRuns: 500, seed: 7 });
    const elements = texts.flatMap((text, n) => toHostileElements(text, n));
    const data = await load(elements);
    expect(toRouterErrors(data)).toEqual([]);
    for (const [section, name, element] of elements) {
      if (section === 'http.routers') expect(data.routers[`${name}@http`]).toMatchObject(pickRule(element));
      else expect(Object.keys(data.middlewares)).toContain(`${name}@http`);
    }
    expect(elements.length).toBeGreaterThan(1500);
  });

  it('distinguishes keys by case', async () => {
    const data = await load([toRouter('case', 'a'), toRouter('Case', 'b')]);
    expect([data.routers['case@http']?.rule, data.routers['Case@http']?.rule]).toEqual([
      'Host("a")',
      'Host("b")',
    ]);
  });

  it('compiles every regular expression that passes the check, and none of those known as bad', async () => {
    const random = fc.sample(regexLike, { numRuns: 3000, seed: 11 });
    const passed = [...new Set([...goodPatterns, ...random])].filter((text) => re2Mistake(text) === null);
    expect(passed.length).toBeGreaterThan(500);
    const bad = badPatterns.filter((pattern) => pattern !== '');
    const data = await load([
      ...passed.flatMap((pattern, n) => withRegex(pattern, `good-${n}`)),
      ...bad.flatMap((pattern, n) => withRegex(pattern, `bad-${n}`)),
    ]);
    const errors = new Set(toRouterErrors(data).map(({ name }) => name));
    expect(passed.filter((_, n) => errors.has(`good-${n}@http`))).toEqual([]);
    expect(bad.filter((_, n) => !errors.has(`bad-${n}@http`))).toEqual([]);
  });
});

describe('what checkElement refuses', () => {
  it('is in error where it is disabled', async () => {
    const cases = refusedElements.filter(([, , , effect]) => effect === 'disabled');
    const data = await load(
      cases.flatMap(([section, element], n) => withRouter(section, element, `case-${n}`)),
    );
    const errors = new Set(toRouterErrors(data).map(({ name }) => name));
    expect(cases.filter((_, n) => !errors.has(`case-${n}@http`)).map(([, element]) => element)).toEqual([]);
    expect(errors.has('untouched@http')).toBe(false);
  });

  // A refusal makes Traefik poll ever more slowly: each has one of its own, for which its first document counts.
  it.concurrent.each(
    refusedElements
      .filter(([, , , effect]) => effect === 'refused')
      .map(([section, element], n) => [section, element, `127.0.1.${n + 1}`] as const),
  )('takes the whole document with it: %s %j at %s', async (section, element, bind) => {
    const own = new Cleanup();
    try {
      const broken = own.keep(await startHeldProvider());
      // Not as stable JSON, which would leave out the empty objects that are tested.
      broken.serve(JSON.stringify(toDocument(withRouter(section, element, 'case'))));
      const config = {
        providers: { http: { endpoint: broken.url } },
        entryPoints: { web: { address: ':80' } },
      };
      const victim = own.keep(await startTraefik({ staticConfig: JSON.stringify(config), bind }));
      await eventually('no refusal in the log', 5_000, () => victim.logs().includes('cannot decode'));
      expect(Object.keys((await victim.rawdata()).routers).filter((name) => name.endsWith('@http'))).toEqual(
        [],
      );
    } finally {
      await own.run();
    }
  });
});

let generation = 0;

/** Serves the elements, and resolves with what Traefik made of them. */
async function load(elements: readonly Element[]): Promise<RawData> {
  const marker = `marker-${++generation}`;
  provider.serve(toStableJson(toDocument([...elements, toRouter(marker, 'marker.test'), ok])));
  return traefik.waitFor((data) => data.routers[`${marker}@http`] !== undefined);
}

const ok: Element = ['http.services', 'ok', { loadBalancer: { servers: [] } }];

function toRouter(name: string, hostName: string): Element {
  return ['http.routers', name, { entryPoints: ['web'], rule: host(hostName), service: 'ok' }];
}

function withRouter(section: Section, element: unknown, name: string): Element[] {
  const router = { entryPoints: ['web'], rule: host('a.test'), service: 'ok' };
  const tcp = { entryPoints: ['tcp-20000'], rule: 'HostSNI("*")', service: name };
  const untouched = toRouter('untouched', 'b.test');
  const itself: Element = [section, name, element];
  switch (section) {
    case 'http.middlewares':
      return [itself, ok, untouched, ['http.routers', name, { ...router, middlewares: [name] }]];
    case 'http.services':
      return [itself, ok, untouched, ['http.routers', name, { ...router, service: name }]];
    case 'tcp.middlewares':
      return [
        itself,
        ['tcp.services', name, { loadBalancer: { servers: [] } }],
        ['tcp.routers', name, { ...tcp, middlewares: [name] }],
      ];
    default:
      return [itself, ok, untouched];
  }
}

function withRegex(pattern: string, name: string): Element[] {
  return [
    ['http.middlewares', name, { replacePathRegex: { regex: pattern, replacement: '/' } }],
    [
      'http.routers',
      name,
      { entryPoints: ['web'], rule: pathRegexp(pattern), service: 'ok', middlewares: [name] },
    ],
  ];
}

const hostileText = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { minLength: 1, maxLength: 20 })
    .map((units) => String.fromCharCode(...units)),
  fc
    .array(
      fc.constantFrom(
        '`',
        '"',
        "'",
        '\\',
        '@',
        '\u2551',
        '{',
        '}',
        '$',
        '(',
        ')',
        '||',
        '\n',
        '\u0085',
        '\ud83d',
        '😀',
        '%',
        ': ',
        '#',
        '&&',
        '{{ env "X" }}',
      ),
      { minLength: 1, maxLength: 12 },
    )
    .map((pieces) => pieces.join('')),
  fc.string({ minLength: 900, maxLength: 3000, unit: fc.constantFrom('a', '/', '"', '\u007f') }),
);

const regexLike = fc
  .array(
    fc.constantFrom(
      'a',
      'b',
      '.',
      '*',
      '+',
      '?',
      '|',
      '(',
      ')',
      '(?:',
      '(?i)',
      '(?P<n>',
      '[',
      ']',
      '[^',
      '-',
      '^',
      '$',
      '{2}',
      '{2,}',
      '\\d',
      '\\.',
      '\\b',
      '\\/',
      '\\-',
      '[[:alpha:]]',
      ',',
      '}',
      '{',
      '\\x',
      'é',
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((pieces) => pieces.join(''));

/** Everything that a tenant may write, through the very functions that Fairlead puts it through. */
function toHostileElements(text: string, n: number): Element[] {
  const hostName = toHostName(text);
  const rulePath = toRulePath(`/${text}`);
  const base = { entryPoints: ['web'], service: 'ok', ruleSyntax: 'default' };
  const names = hostName.kind === 'valid' ? hostName.value : 'fallback.test';
  const router = (kind: string, rule: string): Element => [
    'http.routers',
    joinName(text, toRouteSlug('Exact', text), `${kind}${n}`),
    { ...base, rule },
  ];
  const elements: Element[] = [
    router('raw', all(host(names), pathPrefix(`/${text}`))),
    router('header', all(path(`/${text}`), header('X-Text', text))),
    ...(rulePath.kind === 'valid' ? [router('path', prefixByElement(rulePath.value))] : []),
  ];
  const values: Element[] = [
    ['http.middlewares', joinName('realm', text), { basicAuth: { users: ['a:b'], realm: text } }],
    ['http.middlewares', joinName('value', text), { headers: { customResponseHeaders: { 'X-A': text } } }],
    ['http.middlewares', joinName('item', text), { headers: { accessControlAllowHeaders: [text] } }],
    ['http.middlewares', joinName('prefix', text), { stripPrefix: { prefixes: [`/${text}`] } }],
    ['http.middlewares', joinName('user', text), { basicAuth: { users: [`${text}:hash`] } }],
    [
      'http.middlewares',
      joinName('query', text),
      { errors: { status: ['500'], service: 'ok', query: text } },
    ],
  ];
  for (const value of values) {
    const [section, name, element] = value;
    if (checkElement(section, element) !== null) continue;
    elements.push(value, [
      'http.routers',
      `for_${name}`,
      { ...base, rule: host('a.test'), middlewares: [name] },
    ]);
  }
  return elements;
}

function pickRule(element: unknown): object {
  const { rule } = z.looseObject({ rule: z.string() }).parse(element);
  return { rule };
}

function withEndpoint(text: string): string {
  return text.replace(/http:\/\/[a-z0-9.-]+:9080\/traefik\/default/, provider.url);
}

function readDaemonSetArguments(): string[] {
  const schema = z.looseObject({
    spec: z.looseObject({
      template: z.looseObject({
        spec: z.looseObject({ containers: z.tuple([z.looseObject({ args: z.array(z.string()) })]) }),
      }),
    }),
  });
  const documents = parseAllDocuments(samples['daemonset.yaml'] ?? '').map((document): unknown =>
    document.toJS(),
  );
  return schema.parse(documents[2]).spec.template.spec.containers[0].args;
}

async function readEntryPoints({ apiUrl }: Traefik): Promise<string[]> {
  const answer: unknown = await (await fetch(`${apiUrl}/api/entrypoints?per_page=1000`)).json();
  return z
    .array(z.looseObject({ name: z.string() }))
    .parse(answer)
    .map(({ name }) => name)
    .sort();
}

/** A provider as Fairlead is one: it holds a request until there is something new. */
interface HeldProvider {
  readonly url: string;
  serve(text: string): void;
  stop(): Promise<void>;
}

async function startHeldProvider(): Promise<HeldProvider> {
  let body: string | undefined;
  let waiting: ServerResponse[] = [];
  const port = await findFreePort();
  const listener = new Listener('127.0.0.1', port, () =>
    createServer((request, response) => {
      const fresh = body !== undefined && request.socket.listenerCount('seen') === 0;
      request.socket.once('seen', () => {});
      if (fresh) return response.end(body);
      waiting.push(response);
      return setTimeout(() => response.end(body ?? '{}'), 4_000).unref();
    }),
  );
  await listener.open();
  return {
    url: `http://127.0.0.1:${port}/traefik/default`,
    serve(text) {
      body = text;
      for (const response of waiting) response.end(text);
      waiting = [];
    },
    stop: () => listener.stop(),
  };
}
