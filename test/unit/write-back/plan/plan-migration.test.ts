import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { migrationPlan, migrationState, toStateText } from '../../../../src/annotations/migration-plan.ts';
import { readMigration } from '../../../../src/annotations/own/migration.ts';
import { planMigration, type PlannedMigration } from '../../../../src/write-back/plan/plan-migration.ts';

const start = Date.parse('2026-01-01T12:00:00Z');
const minute = 60_000;

function plan(
  annotations: Readonly<Record<string, string>>,
  now: number,
  isWell = true,
): PlannedMigration & { readonly text: string | undefined } {
  const keys = Object.entries(annotations).map(([key, value]) => [`fairlead.dev/migrate-${key}`, value]);
  const migrate = readMigration({ 'fairlead.dev/migrate-to': 'pods', ...Object.fromEntries(keys) });
  if (migrate?.plan === undefined) throw new Error('no plan');
  const planned = planMigration({ ...migrate, plan: migrate.plan }, now, isWell);
  return { ...planned, text: planned.state && toStateText(planned.state) };
}

describe('a plan', () => {
  const steps = '5%@10m,25%@1h,100%';
  const first = plan({ plan: steps }, start).text ?? '';
  const second = plan({ plan: steps, state: first }, start + 10 * minute).text ?? '';

  it('begins with its first step, and stays for its time', () => {
    expect(first).toMatch(/^5% to pods, step 1 since 2026-01-01T12:00:00Z of plan [0-9a-f]{8}$/);
    const later = plan({ plan: steps, state: first }, start + 10 * minute - 1);
    expect(later).toMatchObject({ text: first, dueAt: start + 10 * minute, isHeld: false });
  });

  it('goes on step by step, however long nobody looked, and stays at the last', () => {
    expect(second).toContain('25% to pods, step 2 since 2026-01-01T12:10:00Z');
    const slept = plan({ plan: steps, state: first }, start + 24 * 60 * minute);
    expect(slept).toMatchObject({ dueAt: start + 25 * 60 * minute });
    expect(slept.text).toContain('step 2 since 2026-01-02T12:00:00Z');
    const last = plan({ plan: steps, state: second }, start + 70 * minute);
    expect(last.text).toContain('100% to pods, step 3');
    expect(plan({ plan: steps, state: last.text ?? '' }, start + 10_000 * minute)).toEqual(last);
  });

  it('waits while something is wrong, also with its beginning', () => {
    const held = plan({ plan: steps, state: first }, start + 60 * minute, false);
    expect(held).toMatchObject({ text: first, isHeld: true });
    expect(plan({ plan: steps }, start, false)).toMatchObject({ state: undefined, isHeld: true });
    // Before its time is over nothing is held.
    expect(plan({ plan: steps, state: first }, start, false)).toMatchObject({ text: first, isHeld: false });
  });

  it('gives way to a weight set by hand, and goes on from there', () => {
    const byHand = plan({ plan: steps, state: second, weight: '10' }, start + 20 * minute).text ?? '';
    expect(byHand).toBe('10% to pods, set by hand');
    const again = plan({ plan: steps, state: byHand }, start + 30 * minute).text;
    expect(again).toContain('25% to pods, step 2 since 2026-01-01T12:30:00Z');
    const stopped = plan({ plan: steps, state: '0% to pods, set by hand' }, start + 30 * minute).text;
    expect(stopped).toContain('5% to pods, step 1 since 2026-01-01T12:30:00Z');
  });

  it('that is changed goes on from the weight in force; for another Service it begins anew', () => {
    const now = start + 20 * minute;
    expect(plan({ plan: '10%@1h,50%@1d,100%', state: second }, now).text).toContain('50% to pods, step 2');
    expect(plan({ plan: '0%', state: second }, now).text).toContain('0% to pods, step 1');
    // The same steps in other words are the same plan.
    expect(plan({ plan: '5%@600s, 25%@60m, 100%', state: second }, now).text).toBe(second);
    expect(plan({ plan: steps, state: second.replace('pods', 'others') }, now).text).toContain(
      '5% to pods, step 1',
    );
  });

  it('survives whatever somebody writes into its state', () => {
    for (const state of [
      '',
      '100%',
      '5% to pods, step 99 since 2026-01-01T12:00:00Z of plan 00000000',
      '7% to pods, set by hand',
    ])
      expect(plan({ plan: steps, state }, start).text).toMatch(/^(5|25)% to pods, step [12] /);
  });

  it('never leaves out a step, and never moves backwards', () => {
    const step = fc.record({ weight: fc.nat(100), seconds: fc.integer({ min: 1, max: 100 }) });
    const looks = fc.array(fc.tuple(fc.integer({ min: 1, max: 300 }), fc.boolean()), { maxLength: 30 });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 6 }), looks, (list, times) => {
        const text = list
          .map(({ weight, seconds }, index) =>
            index === list.length - 1 ? `${weight}%` : `${weight}%@${seconds}s`,
          )
          .join();
        let [now, state, at] = [start, '', -1];
        for (const [seconds, isWell] of times) {
          now += seconds * 1_000;
          const next = plan({ plan: text, ...(state !== '' && { state }) }, now, isWell);
          const index = next.state?.at?.step ?? -1;
          expect(index - at).toBeGreaterThanOrEqual(0);
          expect(index - at).toBeLessThanOrEqual(1);
          if (!isWell) expect(index).toBe(at);
          if (index > at && state !== '') {
            const former = migrationState(state);
            const since = former.ok ? (former.value.at?.since ?? 0) : 0;
            expect(now - since).toBeGreaterThanOrEqual((list[at]?.seconds ?? 0) * 1_000);
          }
          [state, at] = [next.text ?? '', index];
        }
      }),
    );
  });
});

describe('the parser of plans', () => {
  it.each(['5%@10m,100%', '100%', '0%', '5%@1d , 100%', '5%@365d,100%'])('takes %s', (text) => {
    expect(migrationPlan(text).ok).toBe(true);
  });

  it.each([
    '',
    '5%@10m',
    '5%,100%',
    '101%',
    '5@10m,100%',
    '5%@1ms,100%',
    '5%@366d,100%',
    '-5%',
    '5%@@1m,100%',
    ','.repeat(50_000),
  ])('refuses %.20s', (text) => {
    expect(migrationPlan(text).ok).toBe(false);
  });
});
