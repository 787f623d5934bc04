import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FailingEndpoints } from '../../../src/model/health.ts';
import { Pipeline } from '../../../src/pipeline/pipeline.ts';
import { toObjectKey } from '../../../src/model/object-ref.ts';
import type { Change } from '../../../src/model/snapshot.ts';
import { toListenerKey } from '../../../src/routes/status.ts';
import { findFlaws } from '../../golden/support/document.ts';
import { settlePorts, toBodies, toSets } from '../../golden/support/replay.ts';
import { anyGatewayWorld, anyObject, anyStep, applyAll, settings } from './arbitraries.ts';

const factor = Number(process.env['FAIRLEAD_FUZZ_FACTOR'] ?? 1);
const runs = (usual: number): number => usual * factor;

function toSorted(items: readonly object[]): readonly string[] {
  return items.map((item) => JSON.stringify(item)).sort();
}

/** What the status of each object is to say, with the routes that its listeners have. */
function listStatuses(pipeline: Pipeline): Readonly<Record<string, string>> {
  const rows = [...pipeline.store.values()].flatMap(({ meta: { ref } }) => {
    const key = toObjectKey(ref);
    const status = pipeline.statusOf(key);
    if (status === undefined) return [];
    const listeners = 'listeners' in status ? status.listeners : [];
    const attached = listeners.map(({ name }) => pipeline.attachedRoutes(toListenerKey(key, name)));
    return [[key, JSON.stringify([status, attached])] as const];
  });
  return Object.fromEntries(rows);
}

/** Everything that a pipeline says, in one order. */
function toState(pipeline: Pipeline): object {
  return {
    ...toBodies({ pipeline }),
    problems: toSorted(pipeline.problems()),
    claims: toSorted(pipeline.portClaims()),
    checks: toSorted(pipeline.healthChecks()),
    statuses: listStatuses(pipeline),
  };
}

describe('a pipeline that is fed change by change', () => {
  it('says after every step what one that is fed all at once says', { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(fc.array(anyStep, { minLength: 1, maxLength: 12 }), (steps) => {
        const pipeline = new Pipeline(settings);
        const history: Change[] = [];
        let failing: FailingEndpoints = new Map();
        for (const step of steps) {
          if (step.kind === 'changes') {
            pipeline.update(step.changes);
            history.push(...step.changes);
          } else if (step.kind === 'ledger') pipeline.update([], step.ledger);
          else if (step.kind === 'health') pipeline.update([], undefined, (failing = step.failing));
          else settlePorts(pipeline);
          const full = new Pipeline(settings);
          full.update(toSets(applyAll(history)), pipeline.ledger, failing);
          expect(toState(pipeline)).toEqual(toState(full));
        }
      }),
      { numRuns: runs(150) },
    );
  });

  it('tells which documents and statuses may have changed, and whether claims and problems did', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { minLength: 1, maxLength: 12 }), (steps) => {
        const pipeline = new Pipeline(settings);
        for (const step of steps) {
          if (step.kind !== 'changes') continue;
          const [bodies, claims] = [toBodies({ pipeline }), JSON.stringify(pipeline.portClaims())];
          const problems = JSON.stringify(pipeline.problems());
          const statuses = listStatuses(pipeline);
          const outcome = pipeline.update(step.changes);
          for (const [document, body] of Object.entries(toBodies({ pipeline })))
            if (body !== bodies[document]) expect(outcome.documents).toContain(document);
          for (const [object, status] of Object.entries(listStatuses(pipeline)))
            if (status !== statuses[object]) expect([...outcome.units].map(String)).toContain(object);
          if (JSON.stringify(pipeline.portClaims()) !== claims) expect(outcome.claimsChanged).toBe(true);
          if (JSON.stringify(pipeline.problems()) !== problems) expect(outcome.problemsChanged).toBe(true);
        }
      }),
      { numRuns: runs(40) },
    );
  });
});

describe('the order of objects', () => {
  it('does not matter', () => {
    const worlds = fc
      .array(anyObject, { minLength: 2, maxLength: 20 })
      .map((objects) => applyAll(toSets(objects)))
      .chain((objects) =>
        fc.tuple(
          fc.constant(objects),
          fc.shuffledSubarray([...objects], { minLength: objects.length, maxLength: objects.length }),
        ),
      );
    fc.assert(
      fc.property(worlds, ([objects, shuffled]) => {
        const [first, second] = [objects, shuffled].map((order) => {
          const pipeline = new Pipeline(settings);
          for (const change of toSets(order)) pipeline.update([change]);
          settlePorts(pipeline);
          return toState(pipeline);
        });
        expect(first).toEqual(second);
      }),
      { numRuns: runs(100) },
    );
  });
});

describe('a document', () => {
  it('has no flaw for which Traefik would refuse it or disable a router', () => {
    fc.assert(
      fc.property(fc.array(anyObject, { maxLength: 20 }), (objects) => {
        const pipeline = new Pipeline(settings);
        pipeline.update(toSets(applyAll(toSets(objects))));
        settlePorts(pipeline);
        expect(pipeline.problems().filter((problem) => problem.code === 'internal-error')).toEqual([]);
        for (const body of Object.values(toBodies({ pipeline }))) expect(findFlaws(body)).toEqual([]);
      }),
      { numRuns: runs(150) },
    );
  });
});

describe('a world of the Gateway API', () => {
  it('comes to the same however it came about, and its documents have no flaw', { timeout: 600_000 }, () => {
    let attached = 0;
    fc.assert(
      fc.property(anyGatewayWorld, fc.infiniteStream(fc.nat(20)), (objects, turns) => {
        const pipeline = new Pipeline(settings);
        const history: Change[] = [];
        for (const object of objects) {
          const { ref } = object.meta;
          const changes: Change[] = [{ kind: 'set', object }];
          // Some go again before the next comes, and some come back at the end.
          const turn = turns.next().value;
          if (turn === 0) changes.push({ kind: 'delete', ref });
          pipeline.update(changes);
          history.push(...changes);
          if (turn === 1) settlePorts(pipeline);
        }
        settlePorts(pipeline);
        const full = new Pipeline(settings);
        full.update(toSets(applyAll(history)), pipeline.ledger);
        expect(toState(pipeline)).toEqual(toState(full));
        expect(pipeline.problems().filter(({ code }) => code === 'internal-error')).toEqual([]);
        for (const body of Object.values(toBodies({ pipeline }))) expect(findFlaws(body)).toEqual([]);
        for (const status of Object.values(listStatuses(pipeline)))
          attached += Number(status.includes('"attached":["'));
      }),
      { numRuns: runs(100) },
    );
    // The property would hold of worlds in which nothing is attached to anything.
    expect(attached).toBeGreaterThan(30);
  });
});
