import { pino } from 'pino';
import { describe, expect, it, onTestFinished, vi } from 'vitest';

import { openLedgerConfigMap, type WatchedLedger } from '../../../../src/ports/ledger/configmap.ts';
import { startFakeCluster } from '../../../support/fake-cluster.ts';
import { toState } from '../allocation/notation.ts';
import { ledgerContract } from './ledger-contract.ts';

const one = toState(['100 tcp a:80 held@1']);
const two = toState(['100 tcp a:80 held@1', '2101 tcp b:53 held@2']);
const path = '/api/v1/namespaces/ns/configmaps';

async function start(mostInlineBytes?: number) {
  const { server, client } = await startFakeCluster();
  const open = (): WatchedLedger => {
    const place = { client, namespace: 'ns', name: 'ports', log: pino({ level: 'silent' }) };
    const ledger = openLedgerConfigMap({
      ...place,
      ...(mostInlineBytes !== undefined && { mostInlineBytes }),
    });
    onTestFinished(() => ledger.close());
    return ledger;
  };
  const names = async (): Promise<readonly string[]> => {
    const { items } = await client.getJson(path);
    const maps = items as readonly { readonly metadata: { readonly name: string } }[];
    return maps.map(({ metadata }) => metadata.name);
  };
  return { server, client, open, names };
}

describe.each([
  ['in one text', undefined],
  ['in parts', 1],
])('a ledger in a ConfigMap, %s', (_how, mostInlineBytes) => {
  ledgerContract(async () => {
    const { open } = await start(mostInlineBytes);
    return { ledger: open(), other: open() };
  });

  it.each([
    ['the answer is lost', { status: 504, applied: true }],
    ['the connection is cut when it was done', { abort: true, applied: true }],
  ])('knows its own commit though %s', async (_what, fault) => {
    const { server, open } = await start(mostInlineBytes);
    const ledger = open();
    const { version } = await ledger.read();
    const first = await ledger.commit(version, one);
    if (first.kind !== 'committed') throw new Error('a conflict');
    await server.rig('fail', { verb: 'patch', resource: 'configmaps', ...fault });
    expect(await ledger.commit(first.snapshot.version, two)).toMatchObject({ kind: 'committed' });
    expect((await open().read()).state).toEqual(two);
  });

  it('reports what another writes, also after its watch was lost', async () => {
    const { server, open } = await start(mostInlineBytes);
    const [ledger, other] = [open(), open()];
    await ledger.read();
    const seen: number[] = [];
    const stop = ledger.watch(
      ({ state }) => seen.push(state.entries.length),
      () => undefined,
    );
    onTestFinished(stop);
    await other.commit((await other.read()).version, one);
    await vi.waitFor(() => expect(seen.at(-1)).toBe(1), { timeout: 5_000 });
    await server.rig('drop-watches', { mode: 'abort' });
    await other.commit((await other.read()).version, two);
    await vi.waitFor(() => expect(seen.at(-1)).toBe(2), { timeout: 5_000 });
  });
});

it('parts that no ledger names any more are removed', async () => {
  const { open, names } = await start(1);
  const ledger = open();
  await ledger.commit((await ledger.read()).version, two);
  expect(await names()).toHaveLength(3);
  await ledger.commit((await ledger.read()).version, one);
  await vi.waitFor(async () => expect(await names()).toHaveLength(2), { timeout: 5_000 });
  expect((await open().read()).state).toEqual(one);
});

it('says what to do when the role lacks a right, or the server cannot be asked', async () => {
  const { server, open } = await start();
  await server.rig('fail', { verb: 'get', status: 403 });
  await expect(open().read()).rejects.toThrow('grant get, list, watch, create, update, patch and delete');
  await server.rig('fail', { verb: 'get', abort: true });
  await expect(open().read()).rejects.toThrow('the port ledger cannot be read');
});
