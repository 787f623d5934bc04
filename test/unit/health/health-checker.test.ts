import { afterEach, describe, expect, it } from 'vitest';
import { HealthChecker } from '../../../src/health/health-checker.ts';
import type { HealthProbe } from '../../../src/model/health.ts';
import { toCheck } from './checks.ts';

const checkers: HealthChecker[] = [];
afterEach(() => checkers.splice(0).forEach((checker) => checker.stop()));

function start(
  probe: (check: HealthProbe) => Promise<boolean>,
  options: { workers?: number; failing?: string } = {},
) {
  let changes = 0;
  const checker = new HealthChecker({
    workers: options.workers ?? 4,
    probe,
    isFailing: ({ address }) => address === options.failing,
    changed: () => (changes += 1),
  });
  checkers.push(checker);
  return {
    checker,
    failing: () => [...checker.failing.values()].flat(),
    get changes() {
      return changes;
    },
  };
}

const quick = { intervalMs: 20 };

describe('the checker', () => {
  it('asks the endpoint of one namespace, while those of many others wait for ones that never answer', async () => {
    const begun: string[] = [];
    const ends: (() => void)[] = [];
    const run = start(
      ({ address }) => {
        begun.push(address);
        return new Promise((resolve) => ends.push(() => resolve(false)));
      },
      { workers: 4 },
    );
    // Two of each run, and all others are due.
    const slow = ['b', 'c'].flatMap((namespace) =>
      Array.from({ length: 20 }, (_, each) => toCheck(`${namespace}/x`, `10.1.0.${each}`, { intervalMs: 1 })),
    );
    run.checker.update(slow);
    await expect.poll(() => begun.length, { timeout: 10_000 }).toBe(4);
    run.checker.update([...slow, toCheck('a/x', '10.0.0.1', { intervalMs: 1 })]);
    // By then all are due.
    await new Promise((resolve) => setTimeout(resolve, 300));
    ends.shift()?.();
    await expect.poll(() => begun.length, { timeout: 10_000 }).toBe(5);
    expect(begun.at(-1)).toBe('10.0.0.1');
  });

  it('finds who fails, and who passes again', async () => {
    const dead = new Set(['10.0.0.1']);
    const run = start(({ address }) => Promise.resolve(!dead.has(address)));
    run.checker.update([toCheck('a/x', '10.0.0.1', quick), toCheck('a/x', '10.0.0.2', quick)]);
    await expect.poll(run.failing, { timeout: 10_000 }).toEqual(['10.0.0.1']);
    expect(run.changes).toBe(1);
    dead.clear();
    await expect.poll(run.failing, { timeout: 10_000 }).toEqual([]);
    expect(run.changes).toBe(2);
  });

  it('goes on from what is known of an endpoint, and forgets one that is not checked any more', async () => {
    const run = start(() => Promise.resolve(false), { failing: '10.0.0.1' });
    const check = toCheck('a/x', '10.0.0.1');
    run.checker.update([check]);
    expect(run.failing()).toEqual(['10.0.0.1']);
    // Asked otherwise, it stands as it stood.
    run.checker.update([{ ...check, port: 9_090 }]);
    expect(run.failing()).toEqual(['10.0.0.1']);
    run.checker.update([]);
    expect(run.failing()).toEqual([]);
  });

  it('is never held up by the endpoints of one namespace, which do not answer', async () => {
    const running = new Map<string, number>();
    let most = 0;
    const seen = new Set<string>();
    const run = start(
      async ({ address }) => {
        seen.add(address);
        if (!address.startsWith('10.6.')) return true;
        running.set('evil', (running.get('evil') ?? 0) + 1);
        most = Math.max(most, running.get('evil') ?? 0);
        await new Promise((resolve) => setTimeout(resolve, 300));
        running.set('evil', (running.get('evil') ?? 0) - 1);
        return false;
      },
      { workers: 3 },
    );
    run.checker.update([
      ...Array.from({ length: 50 }, (_, index) => toCheck('evil/x', `10.6.0.${index}`, quick)),
      ...Array.from({ length: 5 }, (_, index) => toCheck(`good-${index}/x`, `10.7.0.${index}`, quick)),
    ]);
    await expect
      .poll(() => [...seen].filter((address) => address.startsWith('10.7.')).length, { timeout: 10_000 })
      .toBe(5);
    expect(most).toBeLessThanOrEqual(2);
  });

  it('goes on after a check that cannot be made', async () => {
    const run = start(
      ({ address }) => (address === '10.0.0.1' ? Promise.reject(new Error('no')) : Promise.resolve(true)),
      { workers: 1 },
    );
    run.checker.update([toCheck('a/x', '10.0.0.1', quick), toCheck('b/x', '10.0.0.2', quick)]);
    await expect.poll(run.failing, { timeout: 10_000 }).toEqual(['10.0.0.1']);
  });

  it('runs no more checks at a time than it has workers', async () => {
    let running = 0;
    let most = 0;
    let done = 0;
    const run = start(
      async () => {
        most = Math.max(most, (running += 1));
        await new Promise((resolve) => setTimeout(resolve, 20));
        running -= 1;
        done += 1;
        return true;
      },
      { workers: 3 },
    );
    run.checker.update(
      Array.from({ length: 20 }, (_, index) => toCheck(`n${index}/x`, `10.0.0.${index}`, quick)),
    );
    await expect.poll(() => done, { timeout: 10_000 }).toBeGreaterThan(40);
    expect(most).toBe(3);
  });
});
