import { expect, test } from 'vitest';
import { ClockJumps } from '../../../src/lib/clock-jumps.ts';

const hour = 3_600_000;

/** A clock that can be set, and what it says at minute 0. */
function start(keepMinutes = 10) {
  let steady = 0;
  let ahead = 0;
  const jumps = new ClockJumps(keepMinutes * 60_000, {
    wall: () => Date.UTC(2026) + steady + ahead,
    steady: () => steady,
  });
  return {
    jumps,
    pass: (minutes: number) => (steady += minutes * 60_000),
    set: (ms: number) => (ahead += ms),
  };
}

test('time that passes is no jump', () => {
  const { jumps, pass } = start();
  pass(1_000);
  expect(jumps.lagMs()).toBe(0);
  expect(jumps.endsIn()).toBeUndefined();
});

test('a jump forward counts for so long, from when it was noticed', () => {
  const { jumps, pass, set } = start();
  set(hour);
  pass(3);
  expect(jumps.lagMs()).toBe(hour);
  pass(9);
  expect(jumps.lagMs()).toBe(hour);
  expect(jumps.endsIn()).toBe(60_000);
  pass(1);
  expect(jumps.lagMs()).toBe(0);
  expect(jumps.endsIn()).toBeUndefined();
});

test('several count together, each for its time', () => {
  const { jumps, pass, set } = start();
  set(hour);
  jumps.lagMs();
  pass(6);
  set(2 * hour);
  expect(jumps.lagMs()).toBe(3 * hour);
  pass(5);
  expect(jumps.lagMs()).toBe(2 * hour);
});

test('a clock that is set right again has not jumped', () => {
  const { jumps, set } = start();
  set(hour);
  jumps.lagMs();
  set(2 * hour);
  jumps.lagMs();
  set(-2.5 * hour);
  expect(jumps.lagMs()).toBe(0.5 * hour);
  set(-0.5 * hour);
  expect(jumps.lagMs()).toBe(0);
});

test('one that was put back first counts once it goes forward', () => {
  const { jumps, set } = start();
  set(-hour);
  expect(jumps.lagMs()).toBe(0);
  set(hour);
  expect(jumps.lagMs()).toBe(hour);
});

test('what keeps a clock right is no jump', () => {
  const { jumps, set } = start();
  set(500);
  expect(jumps.lagMs()).toBe(0);
});

test('says when the last of several jumps does not count any more', () => {
  const { jumps, pass, set } = start();
  expect(jumps.read()).toEqual({ ms: 0, endsIn: 0 });
  set(hour);
  jumps.lagMs();
  pass(4);
  set(hour);
  expect(jumps.read()).toEqual({ ms: 2 * hour, endsIn: 600_000 });
  pass(7);
  expect(jumps.read()).toEqual({ ms: hour, endsIn: 180_000 });
  pass(3);
  expect(jumps.read()).toEqual({ ms: 0, endsIn: 0 });
});
