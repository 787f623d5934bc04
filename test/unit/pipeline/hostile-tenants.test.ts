import { X509Certificate } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toSourceObjects } from '../../../src/kinds/narrow.ts';
import type { ObjectRef } from '../../../src/model/object-ref.ts';
import type { Pipeline } from '../../../src/pipeline/pipeline.ts';
import { findFlaws, findOpenPorts, toDocument, toElementTexts } from '../../golden/support/document.ts';
import { hostileSettings } from '../../golden/support/hostile-world.ts';
import { replay, settlePorts, toSets } from '../../golden/support/replay.ts';
import { slowness } from '../../support/slowness.ts';
import { goodKeys, goodTenant, hosts, moveShop, requestedPort, source } from './good-tenant.ts';
import { theft } from './thieves.ts';

const runs = Number(process.env['FAIRLEAD_FUZZ_RUNS'] ?? 25);
// A run that fails prints its seed.
const seed = Number(process.env['FAIRLEAD_FUZZ_SEED'] ?? 20_260_101);
/** The most milliseconds from what others write to the document with the next change of the good tenant, however the others mean it. */
const mostMs = 3_000;

type Step =
  | { readonly kind: 'write'; readonly raws: readonly object[] }
  /** One of the objects that they have written. */
  | { readonly kind: 'delete'; readonly which: number }
  | { readonly kind: 'allocate' };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: theft.map((raws) => ({ kind: 'write' as const, raws })) },
  { weight: 1, arbitrary: fc.nat().map((which) => ({ kind: 'delete' as const, which })) },
  { weight: 2, arbitrary: fc.constant({ kind: 'allocate' as const }) },
);

/** The good tenant, with his ports. */
const start = (): Pipeline => replay(hostileSettings, [toSets(goodTenant)]).pipeline;

const broughtByOthers = /^(good_(api|moving)_.*_tls|good_.*_~guard|closed)$/;

/**
 * All that concerns him. Others may bring TLS to a host of his, so that his routes are complete there (ADR 11): without the
 * routers that repeat his for it, where he asked for none; and without those that keep a wildcard of others by SNI from his hosts.
 */
function toShare(pipeline: Pipeline): object {
  const fragments = goodKeys.flatMap((key) => pipeline.documents.of(key).get('default') ?? []);
  return {
    fragments: fragments.filter(({ key }) => !broughtByOthers.test(key)),
    problems: goodKeys.flatMap((key) => pipeline.problemsOf(key)),
    ports: pipeline.ledger.entries.filter((entry) => entry.holder.namespace === 'good'),
  };
}

/** What he has while he is alone, by the address of his shop. */
const alone = new Map(
  ['10.9.0.1', '10.9.0.2'].map((address) => {
    const pipeline = start();
    pipeline.update(toSets(moveShop(address)));
    const elements = toElementTexts(pipeline.toBody('default').toString());
    return [address, { share: toShare(pipeline), elements }];
  }),
);

/** Carries out what others do, and adds to `written` what they write. */
function take(pipeline: Pipeline, each: Step, written: ObjectRef[]): void {
  if (each.kind === 'allocate') settlePorts(pipeline);
  else if (each.kind === 'write') {
    const objects = each.raws.flatMap((raw) => toSourceObjects(raw, source, () => undefined));
    pipeline.update(toSets(objects));
    written.push(...objects.map(({ meta }) => meta.ref));
  } else {
    const ref = written[each.which % written.length];
    if (ref !== undefined) pipeline.update([{ kind: 'delete', ref }]);
  }
}

const toCertificateKey = (certificate: object): string => `tls.certificates ${JSON.stringify(certificate)}`;

function checkDocument(pipeline: Pipeline, elements: ReadonlyMap<string, string>): void {
  const body = pipeline.toBody('default').toString();
  const [fleet] = hostileSettings.fleets;
  expect(findFlaws(body)).toEqual([]);
  if (fleet !== undefined) expect(findOpenPorts(body, fleet)).toEqual([]);
  const now = toElementTexts(body);
  for (const [key, text] of elements) expect(now.get(key), key).toBe(text);
  const others = toDocument(body).tls.certificates.filter((each) => !elements.has(toCertificateKey(each)));
  const names = others.map(({ certFile }) => new X509Certificate(String(certFile)));
  for (const host of hosts) expect(names.filter((each) => each.checkHost(host))).toEqual([]);
  expect(pipeline.problems().filter(({ code }) => code === 'internal-error')).toEqual([]);
}

describe('the good tenant', () => {
  it('has routes, three certificates and the port that he asked for', () => {
    const { elements = new Map<string, string>() } = alone.get('10.9.0.1') ?? {};
    const keys = [...elements.keys()];
    expect(keys.filter((key) => key.startsWith('tls.certificates'))).toHaveLength(3);
    expect(keys.filter((key) => key.startsWith('http.serversTransports'))).toHaveLength(1);
    expect(keys.filter((key) => key.startsWith('http.middlewares')).length).toBeGreaterThan(1);
    expect(start().ledger.entries).toContainEqual(expect.objectContaining({ port: requestedPort }));
  });

  it(
    'keeps each of his elements, his certificates, his ports and the time of his changes, whatever others write',
    () => {
      fc.assert(
        fc.property(fc.array(step, { minLength: 20, maxLength: 40 }), (steps) => {
          const pipeline = start();
          const written: ObjectRef[] = [];
          for (const [index, each] of steps.entries()) {
            const address = `10.9.0.${1 + (index % 2)}`;
            const began = performance.now();
            take(pipeline, each, written);
            pipeline.update(toSets(moveShop(address)));
            pipeline.toBody('default');
            const took = performance.now() - began;
            if (took > mostMs) expect(took).toBeLessThan(mostMs * slowness());
            expect(toShare(pipeline)).toEqual(alone.get(address)?.share);
          }
          settlePorts(pipeline);
          pipeline.update(toSets(moveShop('10.9.0.1')));
          checkDocument(pipeline, alone.get('10.9.0.1')?.elements ?? new Map<string, string>());
        }),
        // Ends the search for a shorter counterexample as well.
        { numRuns: runs, seed, interruptAfterTimeLimit: runs * 1_000 },
      );
    },
    runs * 1_000 + 60_000,
  );
});
