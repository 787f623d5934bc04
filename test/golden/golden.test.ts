import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify, parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { parseDocumentName } from '../../src/model/document-name.ts';
import { toObjectPath } from '../../src/model/object-ref.ts';
import type { Problem } from '../../src/model/problem.ts';
import { checkPools } from '../../src/ports/check-pools.ts';
import { findFlaws, findOpenPorts, toElementTexts, withoutClosedPorts } from './support/document.ts';
import { readCases, readIfThere, toExpectedPath, type GoldenCase } from './support/golden-case.ts';
import { toPoisons } from './support/poisons.ts';
import { replay, settlePorts, toBodies, toSets, type Replay } from './support/replay.ts';
import { shuffle } from './support/shuffle.ts';
import { toStatusRows } from './support/statuses.ts';

// UPDATE_GOLDEN=1 writes what comes out as what has to come out: read the difference before committing it.
const updating = process.env['UPDATE_GOLDEN'] === '1';
const cases = readCases();

function run({ settings, objects, ledger }: GoldenCase): Replay {
  return replay(settings, [toSets(objects)], ledger);
}

function toPretty(body: string): string {
  return `${JSON.stringify(withoutClosedPorts(body), null, 2)}\n`;
}

/** As `problems.yaml` has them: the object first, in a fixed order. */
function toRows(problems: readonly Problem[], firstSource: string | undefined): readonly object[] {
  return problems
    .map(({ code, subject, field, message, hint }) => ({
      code,
      object: toObjectPath(subject),
      ...(subject.source !== '' && subject.source !== firstSource && { source: subject.source }),
      field,
      message,
      hint,
    }))
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

function allProblems(golden: GoldenCase, { pipeline, refused }: Replay): readonly object[] {
  const { settings, problems } = golden;
  return toRows(
    [...checkPools(settings), ...problems, ...pipeline.problems(), ...refused],
    settings.sources[0]?.name,
  );
}

function write(golden: GoldenCase, result: Replay): void {
  for (const [name, body] of Object.entries(toBodies(result))) {
    const path = toExpectedPath(golden, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, toPretty(body));
  }
  writeRows(join(golden.folder, 'problems.yaml'), allProblems(golden, result));
  writeRows(join(golden.folder, 'status.yaml'), toStatusRows(result.pipeline, golden.objects));
}

function writeRows(path: string, rows: readonly object[]): void {
  if (rows.length === 0) rmSync(path, { force: true });
  else writeFileSync(path, stringify(rows, { lineWidth: 0, singleQuote: true }));
}

function readRows(path: string): unknown {
  return parse(readIfThere(path) ?? '[]');
}

it('has a case to look at', () => {
  expect(cases.length).toBeGreaterThan(40);
});

describe.each(cases)('$name', (golden) => {
  const { settings, objects, ledger } = golden;
  const result = run(golden);
  const bodies = toBodies(result);
  if (updating) write(golden, result);

  it.each(Object.entries(bodies))('gives the document that is written down, for %s', (name, body) => {
    const { fleet, bank } = parseDocumentName(name);
    const pools = settings.fleets.find((each) => each.name === fleet)?.pools ?? [];
    expect(toPretty(body)).toBe(readIfThere(toExpectedPath(golden, name)));
    expect(findFlaws(body)).toEqual([]);
    expect(findOpenPorts(body, { pools }, bank)).toEqual([]);
  });

  it('gives the problems that are written down', () => {
    expect(allProblems(golden, result)).toEqual(readRows(join(golden.folder, 'problems.yaml')));
  });

  it('gives the statuses that are written down', () => {
    expect(toStatusRows(result.pipeline, objects)).toEqual(readRows(join(golden.folder, 'status.yaml')));
  });

  it('is the same in the reverse order, and object by object', () => {
    expect(toBodies(replay(settings, [toSets(objects).toReversed()], ledger))).toEqual(bodies);
    const one = shuffle(toSets(objects), golden.name).map((change) => [change]);
    const single = replay(settings, one, ledger);
    expect(toBodies(single)).toEqual(bodies);
    expect(toStatusRows(single.pipeline, objects)).toEqual(toStatusRows(result.pipeline, objects));
    expect(allProblems(golden, single)).toEqual(allProblems(golden, result));
  });

  it('is the same after objects came and went', () => {
    const gone = objects.map(({ meta: { ref } }) => ({ kind: 'delete' as const, ref }));
    const again = replay(settings, [toSets(objects), gone, toSets(objects)], ledger);
    expect(toBodies(again)).toEqual(bodies);
  });

  it('loses and changes nothing to what a younger object of another namespace says', () => {
    const { pipeline } = run(golden);
    for (const [poison, changes] of toPoisons(settings, objects)) {
      pipeline.update(changes);
      settlePorts(pipeline);
      for (const [fleet, body] of Object.entries(toBodies({ pipeline }))) {
        const elements = toElementTexts(body);
        for (const [key, text] of toElementTexts(bodies[fleet] ?? ''))
          expect(elements.get(key), `${poison}: ${key}`).toBe(text);
        expect(findFlaws(body), poison).toEqual([]);
      }
    }
  });
});
