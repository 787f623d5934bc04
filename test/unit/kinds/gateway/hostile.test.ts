import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { narrow } from '../support.ts';
import { wholeManifests } from './whole-manifests.ts';

type Path = readonly (string | number)[];

/** Where something stands in a value, the value itself left out. */
function* pathsOf(value: unknown, path: Path = []): Generator<Path> {
  if (path.length > 0) yield path;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value))
    yield* pathsOf(inner, [...path, Array.isArray(value) ? Number(key) : key]);
}

function replaceAt(value: unknown, [step, ...rest]: Path, put: unknown): unknown {
  if (step === undefined) return put;
  if (Array.isArray(value))
    return value.map((each, index) => (index === step ? replaceAt(each, rest, put) : each));
  const record: Record<string, unknown> = { ...(value as object) };
  record[step] = replaceAt(record[step], rest, put);
  return record;
}

const all = wholeManifests.map((manifest) => ({
  manifest,
  paths: [...pathsOf(manifest)].filter(
    ([first]) => first === 'spec' || first === 'status' || first === 'metadata',
  ),
}));

it('reads each of them whole', () => {
  for (const { manifest } of all) {
    const { objects, problems } = narrow(manifest);
    expect(objects).toHaveLength(1);
    expect(problems).toEqual([]);
  }
});

it('takes whatever stands anywhere in an object, reports it, and never throws', { timeout: 60_000 }, () => {
  const odd = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom<unknown>(
      null,
      '',
      [],
      {},
      -1,
      0,
      1e308,
      '*',
      '__proto__',
      'x'.repeat(5_000),
      [null],
      [[]],
      { name: 5 },
    ),
  );
  const mutation = fc.constantFrom(...all).chain(({ manifest, paths }) =>
    fc.record({
      manifest: fc.constant(manifest),
      changes: fc.array(fc.tuple(fc.constantFrom(...paths), odd), { minLength: 1, maxLength: 4 }),
    }),
  );
  fc.assert(
    fc.property(mutation, ({ manifest, changes }) => {
      const raw = changes.reduce<unknown>((value, [path, put]) => {
        try {
          return replaceAt(value, path, put);
        } catch {
          // An earlier change has taken the way there away.
          return value;
        }
      }, manifest);
      const { objects, problems } = narrow(raw);
      expect(problems.every(({ message }) => message !== '')).toBe(true);
      // What is not read has been reported.
      expect(objects.length + problems.length).toBeGreaterThan(0);
    }),
    { numRuns: 2_000 },
  );
});

it(
  'reads lists and texts without end in the time of those that the API server takes',
  { timeout: 60_000 },
  () => {
    const started = process.cpuUsage();
    let count = 0;
    for (const { manifest, paths } of all)
      for (const path of paths) {
        if (path[0] !== 'spec') continue;
        const value = path.reduce<unknown>((inner, step) => Reflect.get(inner as object, step), manifest);
        const huge = Array.isArray(value)
          ? Array.from({ length: 20_000 }, () => value[0])
          : 'a-'.repeat(50_000);
        const { objects, problems } = narrow(replaceAt(manifest, path, huge));
        expect(JSON.stringify([objects, problems]).length).toBeLessThan(250_000);
        count += 1;
      }
    const { user } = process.cpuUsage(started);
    // Milliseconds of CPU for one; what the lists themselves cost is among it.
    expect(user / 1_000 / count).toBeLessThan(20);
  },
);
