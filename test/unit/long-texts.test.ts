import { describe, expect, it } from 'vitest';
import { features } from '../../src/annotations/index.ts';
import * as parsers from '../../src/annotations/parsers.ts';
import { findUnusable, suggestKey } from '../../src/annotations/vocabulary.ts';
import { toSourceObjects } from '../../src/kinds/narrow.ts';
import { isDnsLabel, isDnsSubdomain } from '../../src/lib/dns-names.ts';
import { findNearest } from '../../src/lib/nearest.ts';
import { parseDuration, parsePortRange, parseTraefikVersion } from '../../src/lib/units.ts';
import { toAllocatedKeyTest, toPortOf } from '../../src/model/allocated-key.ts';
import { readAddresses } from '../../src/ports/written-addresses.ts';
import { toFieldSteps } from '../../src/source/folder/field-path.ts';
import { joinName, toRouteSlug } from '../../src/traefik/names.ts';
import { re2Mistake } from '../../src/traefik/re2.ts';
import { toHostName, toRulePath } from '../../src/traefik/rule-text.ts';
import { isServerAddress, isServerUrl } from '../../src/traefik/server-url.ts';
import { duration, isNetwork, line, reference, word } from '../../src/traefik/values.ts';
import { toTranslateContext } from '../../src/translate/context.ts';
import { forbidAddress } from '../../src/translate/backend/address-policy.ts';
import { forbidName } from '../../src/translate/backend/name-policy.ts';
import { settings } from './pipeline/arbitraries.ts';
import { slowness } from '../support/slowness.ts';

/** All the annotations of one object together may be so long; a field of a manifest in a folder may be longer still. */
const longest = 256 * 1024;
/** A pattern that goes over a text again and again takes longer even for this, and does not stop the run for a minute. */
const shorter = 8 * 1024;
const mostMs = 50;

const singles = 'a A 1 , . - _ / = : % [ { " * \\ é \u0000 \ud800'.split(' ');
const words = [
  '%41',
  '](',
  '1s',
  '1.',
  '1.1.1.1,',
  '1.1.1.1=1,',
  'a.',
  '/.',
  '::',
  'a=b:1,',
  '0x',
  '-----BEGIN ',
];
const units = [' ', '\t', '\n', ...singles, ...words];
const ends = [
  ['', ''],
  ['1', 'x'],
  ['/a', '!'],
] as const;

function* toTexts(length: number): Generator<readonly [string, string]> {
  for (const unit of units) {
    for (const [start, end] of ends) {
      const name = `${start}(${JSON.stringify(unit)} repeated)${end}`;
      yield [name, `${start}${unit.repeat(Math.ceil(length / unit.length))}${end}`];
    }
  }
}

/** The best of five, so that a machine that is busy elsewhere fails nothing. */
function time(work: () => unknown): number {
  let best = Infinity;
  for (let tries = 0; tries < 5 && best > mostMs; tries++) {
    const start = performance.now();
    work();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

const raw = (kind: string, spec: object, metadata: object = {}): object => ({
  apiVersion: kind === 'Ingress' ? 'networking.k8s.io/v1' : 'v1',
  kind,
  metadata: { name: 'a', ...metadata },
  ...spec,
});

/** The text in every place of an object where a text may stand. */
function* toObjects(text: string): Generator<object> {
  yield raw('Service', {}, { name: text });
  yield raw('Service', {}, { namespace: text });
  yield raw('Service', {}, { creationTimestamp: text, uid: text });
  yield raw('Service', {}, { annotations: { [text]: text } });
  yield raw('Service', { spec: { clusterIP: text, externalName: text, type: text, externalIPs: [text] } });
  yield raw('Service', { spec: { ports: [{ name: text, port: text, protocol: text, targetPort: text }] } });
  yield raw('Endpoints', {
    subsets: [{ addresses: [{ ip: text, hostname: text }], ports: [{ name: text }] }],
  });
  yield raw('Secret', { data: { 'tls.crt': text }, stringData: { 'tls.key': text }, type: text });
  const backend = { service: { name: text, port: { name: text } } };
  const paths = [{ path: text, pathType: text, backend }];
  yield raw('Ingress', {
    spec: { ingressClassName: text, rules: [{ host: text, http: { paths } }], tls: [{ hosts: [text] }] },
  });
}

const { isWrittenBack } = toTranslateContext(settings);
const isAllocatedKey = toAllocatedKeyTest([
  { key: 'ingress', allocated: 'haproxy-ingress/{port}' },
  { key: 'fairlead.dev/expose', allocated: '{protocol}.fairlead.dev/{port}' },
]);

/** Everything that reads a tenant's text, by its name. */
const readers: Readonly<Record<string, (text: string) => unknown>> = {
  boolean: parsers.boolean,
  cidr: parsers.cidr,
  duration: parsers.duration,
  integer: parsers.integer(-10, 10),
  list: parsers.list(parsers.objectName),
  objectName: parsers.objectName,
  oneOf: parsers.oneOf('a', 'b'),
  quote: parsers.quote,
  size: parsers.size,
  texts: parsers.texts,
  toItems: parsers.toItems,
  unlessDefault: parsers.unlessDefault(parsers.oneOf('a', 'b'), 'a'),
  toValue: parsers.toValue,
  findUnusable: (text) => findUnusable(text, '', 'Ingress'),
  suggestKey: (text) => suggestKey(text, ['fairlead.dev/a', 'fairlead.dev/b']),
  toSourceObjects: (text) =>
    [...toObjects(text)].map((object) => toSourceObjects(object, 's', () => undefined)),
  isDnsLabel,
  isDnsSubdomain,
  findNearest: (text) => findNearest(text, ['some', 'words']),
  parseDuration,
  parsePortRange,
  parseTraefikVersion,
  toFieldSteps: (text) => toFieldSteps(`metadata.annotations[${text}]`),
  toPortOf,
  isAllocatedKey,
  isWrittenBack,
  readAddresses,
  joinName: (text) => joinName(text, 'a', text),
  toRouteSlug: (text) => toRouteSlug('Prefix', text),
  re2Mistake,
  toHostName,
  toRulePath,
  isServerAddress,
  isServerUrl,
  isNetwork,
  'values.duration': (text) => duration.safeParse(text),
  'values.line': (text) => line.safeParse(text),
  'values.reference': (text) => reference.safeParse(text),
  'values.word': (text) => word.safeParse(text),
  forbidName: (text) => forbidName(text, settings),
  forbidAddress: (text) => forbidAddress(text, undefined),
};
const annotations = features.flatMap((feature) =>
  [...Object.values(feature.annotations), ...Object.values(feature.portAnnotations)].map(
    ({ key, parse }) => [key, parse] as const,
  ),
);

describe('a text as long as a tenant can write it', () => {
  it.each([...annotations, ...Object.entries(readers)])('costs %s next to nothing', (_name, reader) => {
    for (const length of [shorter, longest]) {
      for (const [name, text] of toTexts(length)) {
        const took = time(() => reader(text));
        // How slow the machine is takes longer to find out than most texts to read.
        const bound = took < mostMs ? mostMs : mostMs * slowness();
        expect(took, `${name}, ${text.length} characters`).toBeLessThan(bound);
      }
    }
  });

  it('is all read here: no parser of values is missing', () => {
    const known = new Set([...Object.keys(readers), 'accept', 'refuse']);
    expect(Object.keys(parsers).filter((name) => !known.has(name))).toEqual([]);
  });
});
