import { expect, test } from 'vitest';
import { embeddedSettings } from '../../../src/settings/embedded.ts';
import { edgeAnswer } from '../../../src/edge/edge-answer.ts';
import { createEdgeDocuments } from '../../../src/edge/edge-documents.ts';
import type { BankStatus } from '../../../src/model/bank.ts';

const settings = embeddedSettings({ env: {}, cwd: '/' });

function toDocuments(banks: readonly BankStatus[]) {
  return createEdgeDocuments(() => settings, { banks: () => banks });
}

test('a host hears of the banks that are open or wanted, with their static configuration', () => {
  const documents = toDocuments([
    { bank: 0, state: 'open' },
    { bank: 1, state: 'closing' },
    { bank: 2, state: 'wanted' },
    { bank: 3, state: 'closed' },
  ]);
  const answer = edgeAnswer.parse(JSON.parse(documents('default')?.body ?? ''));
  expect(answer).toMatchObject({ fleet: 'default', traefik: '3.7', holdMs: settings.provider.holdMs });
  expect(answer.banks.map(({ bank, state }) => `${bank} ${state}`)).toEqual(['0 open', '2 wanted']);
  expect(answer.banks[0]?.config.entryPoints['tcp-20099']?.address).toBe(':20099/tcp');
});

test('nothing of it says how Fairlead is reached', () => {
  const body = toDocuments([{ bank: 0, state: 'open' }])('default')?.body;
  expect(body).not.toMatch(/endpoint|Authorization|Bearer/);
});

test('a document is made once for each state of the banks', () => {
  const banks: BankStatus[] = [{ bank: 0, state: 'open' }];
  const documents = toDocuments(banks);
  const first = documents('default');
  expect(documents('default')).toBe(first);
  banks.push({ bank: 1, state: 'wanted' });
  const second = documents('default');
  expect(second?.revision).not.toBe(first?.revision);
  expect(documents('other')).toBeUndefined();
});
