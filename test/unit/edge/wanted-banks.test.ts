import { expect, test } from 'vitest';
import type { EdgeBank } from '../../../src/edge/edge-answer.ts';
import { lingerMs, settleMs, WantedBanks } from '../../../src/edge/wanted-banks.ts';

/** A bank whose address is its whole configuration. */
function toBank(bank: number, address = 'a'): EdgeBank {
  return { bank, state: 'open', config: { entryPoints: { x: { address } }, providers: {} } };
}

const toFingerprint = ({ config }: EdgeBank): string => config.entryPoints['x']?.address ?? '';

function start() {
  const wanted = new WantedBanks();
  const take = (now: number, ...banks: readonly EdgeBank[]): void => wanted.take(banks, toFingerprint, now);
  const at = (now: number, running: Readonly<Record<number, string>> = {}): Record<number, string> =>
    Object.fromEntries(wanted.at(now, (bank) => running[bank]).fingerprints);
  return { wanted, take, at };
}

test('what is asked for first is wanted at once', () => {
  const { wanted, take, at } = start();
  take(0, toBank(0), toBank(1, 'b'));
  expect(at(0)).toEqual({ 0: 'a', 1: 'b' });
  expect(wanted.at(0, () => undefined).lookAgainInMs).toBe(Infinity);
  take(10, toBank(0), toBank(1, 'b'), toBank(2, 'c'));
  expect(at(10)).toEqual({ 0: 'a', 1: 'b', 2: 'c' });
});

test('a bank is given up only when no answer has it for a while', () => {
  const { wanted, take, at } = start();
  take(0, toBank(0), toBank(1));
  take(1_000, toBank(0));
  take(2_000, toBank(0), toBank(1));
  take(3_000, toBank(0));
  take(4_000, toBank(0));
  expect(wanted.at(4_000, () => undefined).lookAgainInMs).toBe(lingerMs - 1_000);
  expect(at(3_000 + lingerMs - 1)).toEqual({ 0: 'a', 1: 'a' });
  expect(at(3_000 + lingerMs)).toEqual({ 0: 'a' });
});

test('a changed configuration counts when the answers agree on it', () => {
  const { wanted, take, at } = start();
  const running = { 0: 'a' };
  take(0, toBank(0));
  take(1_000, toBank(0, 'b'));
  take(2_000, toBank(0));
  take(3_000, toBank(0, 'b'));
  take(5_000, toBank(0, 'b'));
  expect(wanted.at(5_000, () => 'a').lookAgainInMs).toBe(settleMs - 2_000);
  expect(at(3_000 + settleMs - 1, running)).toEqual({ 0: 'a' });
  expect(at(3_000 + settleMs, running)).toEqual({ 0: 'b' });
  // What is started meanwhile is started with the newest.
  expect(at(5_000)).toEqual({ 0: 'b' });
});
