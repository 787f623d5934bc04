import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { z } from 'zod';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { emptyLedger, type LedgerEntry, type LedgerState } from '../../src/model/ports.ts';
import { absentVersion } from '../../src/ports/ledger/ledger.ts';
import { openLedgerConfigMap, type WatchedLedger } from '../../src/ports/ledger/configmap.ts';
import {
  LedgerDamagedError,
  LedgerUnavailableError,
  type LedgerSnapshot,
} from '../../src/ports/ledger/ledger.ts';
import { KubeClient } from '../../src/kubernetes/kube-client.ts';
import { ledgerContract } from '../unit/ports/ledger/ledger-contract.ts';
import { toPort, toState } from '../unit/ports/allocation/notation.ts';
import { findApiServer, startApiServer, type ApiServer } from './support/apiserver.ts';
import { eventually } from './support/eventually.ts';
import { slowness } from '../support/slowness.ts';

const program = findApiServer('the ledger in a ConfigMap');
const namespace = 'fairlead-system';
const log = pino({ level: 'silent' });
const one = toState(['100 tcp a:80 held@1']);
const old = toState(['100 tcp a:80 held@1', '101 tcp+udp b:53 cooling@2', '1200 udp c:53 held@3']);
const two = toState(['100 tcp a:80 held@1', '101 tcp+udp b:53 cooling@2']);

function version1(file: string): string {
  return readFileSync(join(import.meta.dirname, '../unit/ports/ledger/version-1', file), 'utf8');
}

describe.skipIf(program === undefined)('the ledger in a ConfigMap', () => {
  let server: ApiServer;
  let client: KubeClient;
  let count = 0;
  let name = '';

  beforeAll(async () => {
    server = await startApiServer(program ?? '');
    await server.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    client = new KubeClient({ kubeconfig: server.kubeconfig, context: null });
  });

  afterAll(async () => {
    await client.close();
    await server.stop();
  });

  beforeEach(async () => {
    name = `ports-${++count}`;
    await server.rig('reset');
  });

  const open = (mostInlineBytes?: number): WatchedLedger =>
    openLedgerConfigMap({
      client,
      namespace,
      name,
      log,
      ...(mostInlineBytes !== undefined && { mostInlineBytes }),
    });

  function kubectl(input: string, ...args: readonly string[]): string {
    const all = ['--kubeconfig', server.kubeconfig, '-n', namespace, ...args];
    return execFileSync('kubectl', all, { encoding: 'utf8', input });
  }

  const read = (): string => kubectl('', 'get', 'configmap', name, '-o', 'json');
  const write = (text: string): string => kubectl(text, 'replace', '-f', '-');

  async function names(): Promise<readonly string[]> {
    const found: string[] = [];
    await client.list(`/api/v1/namespaces/${namespace}/configmaps`, (items) => {
      for (const item of items) found.push(toName(item));
    });
    return found.filter((each) => each === name || each.startsWith(`${name}-`));
  }

  function create(configMap: string, data: Readonly<Record<string, string>>): void {
    const metadata = { name: configMap, namespace };
    kubectl(JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data }), 'create', '-f', '-');
  }

  async function expectMigration(): Promise<void> {
    const ledger = open();
    const { state, version } = await ledger.read();
    expect(state).toEqual(old);
    const kept = { entries: state.entries.slice(1) };
    expect(await ledger.commit(version, kept)).toMatchObject({ kind: 'committed' });
    await ledger.close();
    expect(read()).toContain('\\"version\\": 2');
    expect((await open().read()).state).toEqual(kept);
    expect(await names()).toEqual([name]);
  }

  it('of version 1 is read, and written as version 2', async () => {
    create(name, { 'ports.json': version1('ports.txt') });
    await expectMigration();
  });

  it('of version 1 in parts is read, and written as version 2', async () => {
    const parts = z.array(z.object({ name: z.string(), text: z.string() }));
    const stored = z.object({ parts }).parse(JSON.parse(version1('parts.json')));
    for (const part of stored.parts) create(`${name}-${part.name}`, { 'ports.json': part.text });
    create(name, { parts: stored.parts.map((part) => `${name}-${part.name}\n`).join('') });
    const { state } = await open().read();
    expect(state).toEqual(old);
  });

  it('of a version that is not known yet is left alone', async () => {
    const text = version1('ports.txt').replace('"version": 1', '"version": 3');
    create(name, { 'ports.json': text });
    await expect(open().read()).rejects.toThrow('written by a newer Fairlead, as version 3');
    expect(await open().commit('1', one)).toEqual({ kind: 'conflict' });
    expect(read()).toContain('\\"version\\": 3');
  });

  describe.each([
    ['in one piece', undefined],
    ['in parts', 0],
  ])('%s', (_title, mostInlineBytes) => {
    ledgerContract(() => Promise.resolve({ ledger: open(mostInlineBytes), other: open(mostInlineBytes) }));

    it('cannot be written by a leader that slept while another one wrote', async () => {
      const [sleeper, other] = [open(mostInlineBytes), open(mostInlineBytes)];
      const { version } = await commit(sleeper, one);
      await commit(other, two);
      expect(await sleeper.commit(version, emptyLedger)).toEqual({ kind: 'conflict' });
      expect((await open().read()).state).toEqual(two);
      await Promise.all([sleeper.close(), other.close()]);
    });

    it.each([
      ['the answer is lost', { status: 504, applied: true }],
      ['the connection is cut after it was done', { abort: true, applied: true }],
    ])('is committed when %s', async (_how, fault) => {
      const ledger = open(mostInlineBytes);
      const { version } = await commit(ledger, one);
      await server.rig('fail', { verb: 'patch', resource: 'configmaps', ...fault });
      expect(await ledger.commit(version, two)).toMatchObject({ kind: 'committed' });
      expect((await open().read()).state).toEqual(two);
    });

    it.each([
      ['conflict', { status: 409 }],
      ['unavailable', { status: 503 }],
      ['unavailable', { abort: true }],
    ])('says %s when the server answers %j, and keeps what was there', async (outcome, fault) => {
      const ledger = open(mostInlineBytes);
      const { version } = await commit(ledger, one);
      await server.rig('fail', { verb: 'patch', resource: 'configmaps', ...fault });
      const result = await ledger.commit(version, two).catch((error: unknown) => error);
      if (outcome === 'conflict') expect(result).toEqual({ kind: 'conflict' });
      else expect(result).toBeInstanceOf(LedgerUnavailableError);
      expect((await open().read()).state).toEqual(one);
      expect((await commit(ledger, two)).state).toEqual(two);
      await ledger.close();
      expect(await names()).toHaveLength(mostInlineBytes === undefined ? 1 : 2);
    });

    it('delivers a change to others within a tenth of a second', async () => {
      const [writer, reader] = [open(mostInlineBytes), open(mostInlineBytes)];
      const seen: (readonly [LedgerSnapshot, number])[] = [];
      await commit(writer, one);
      reader.watch(
        (snapshot) => seen.push([snapshot, performance.now()]),
        () => undefined,
      );
      await eventually('the first state', 5_000, () => seen.length === 1);
      const snapshot = await commit(writer, two);
      const committed = performance.now();
      await eventually('the second state', 5_000, () => seen.length === 2);
      expect(seen[1]?.[0]).toEqual(snapshot);
      expect((seen[1]?.[1] ?? Infinity) - committed).toBeLessThan(100 * slowness());
      await server.rig('drop-watches', { mode: 'abort' });
      await commit(writer, one);
      await eventually('the third state', 5_000, () => seen.length === 3);
      await reader.close();
      await commit(writer, two);
      expect(seen).toHaveLength(3);
      await writer.close();
    });

    it('that is deleted is remembered, and written again on the next commit', async () => {
      const ledger = open(mostInlineBytes);
      const { version } = await commit(ledger, one);
      kubectl('', 'delete', 'configmap', name);
      expect(await ledger.commit(version, two)).toEqual({ kind: 'conflict' });
      expect(await ledger.read()).toEqual({ state: one, version: absentVersion });
      expect(await open().read()).toEqual({ state: emptyLedger, version: absentVersion });
      await commit(ledger, two);
      await ledger.close();
      expect((await open().read()).state).toEqual(two);
      expect(await names()).toHaveLength(mostInlineBytes === undefined ? 1 : 2);
    });
  });

  it('keeps what others wrote into the metadata', async () => {
    const ledger = open();
    await commit(ledger, one);
    kubectl('', 'label', 'configmap', name, 'app.kubernetes.io/part-of=edge');
    await commit(ledger, two);
    expect(kubectl('', 'get', 'configmap', name, '-o', 'jsonpath={.metadata.labels}')).toContain(
      '"app.kubernetes.io/part-of":"edge"',
    );
  });

  it('says that the namespace or a right is missing', async () => {
    await server.rig('fail', { verb: 'create', status: 404 });
    await expect(open().commit(absentVersion, one)).rejects.toThrow(
      `ConfigMap ${namespace}/${name}: the port ledger cannot be written: the namespace ${namespace} does not exist: create it.`,
    );
    await server.rig('fail', { verb: 'get', status: 403 });
    await expect(open().read()).rejects.toThrow('grant get, list, watch, create, update, patch and delete');
  });

  describe('with 10,000 ports', () => {
    const big = toBigState(10_000);

    it('is read as it was, and a change costs one part', async () => {
      const ledger = open();
      await commit(ledger, big);
      const before = await names();
      expect(before.length).toBe(21);
      expect((await open().read()).state).toEqual(big);
      const [first, ...others] = big.entries;
      await commit(ledger, { entries: others });
      await ledger.close();
      const after = await names();
      expect(after).toHaveLength(21);
      expect(after.filter((each) => !before.includes(each))).toHaveLength(1);
      expect(first).toBeDefined();
      expect((await open().read()).state).toEqual({ entries: others });
    });

    it('is whole for who reads while it is written', async () => {
      const [writer, reader] = [open(), open()];
      await commit(writer, big);
      const sizes = new Set<number>();
      const writing = new AbortController();
      const reading = (async () => {
        while (!writing.signal.aborted) sizes.add((await reader.read()).state.entries.length);
      })();
      for (const removed of [100, 2_000, 5_000, 9_000]) {
        await commit(writer, { entries: big.entries.filter((_entry, index) => index % 10_000 >= removed) });
      }
      writing.abort();
      await reading;
      for (const size of sizes) expect([10_000, 9_900, 8_000, 5_000, 1_000]).toContain(size);
      await Promise.all([reader.close(), writer.close()]);
    });
  });

  describe('damaged by hand', () => {
    it('is refused with the way out, and accepted when the checksum is removed', async () => {
      await commit(open(), one);
      const text = read();
      write(text.replace(String.raw`\"port\":100`, String.raw`\"port\":150`));
      await expect(open().read()).rejects.toThrow(LedgerDamagedError);
      await expect(open().read()).rejects.toThrow(
        `ConfigMap ${namespace}/${name}, ports.json:4:15: the port ledger cannot be used: the checksum does not fit`,
      );
      await expect(open().read()).rejects.toThrow(`kubectl -n ${namespace} edit configmap ${name}`);
      write(read().replace(/ {2}\\"checksum\\": \\"[^"]*\\",\\n/, ''));
      expect((await open().read()).state.entries[0]?.port).toBe(150);
    });

    it('is never replaced by a commit', async () => {
      const ledger = open();
      const { version } = await commit(ledger, one);
      write(read().replace(/"ports.json": "/, '"ports.json": "x'));
      expect(await ledger.commit(version, two)).toEqual({ kind: 'conflict' });
      await expect(ledger.read()).rejects.toThrow(LedgerDamagedError);
    });

    it.each([
      ['without data', {}, 'it has neither of the keys ports.json and parts'],
      ['with both kinds of data', { parts: 'x', 'ports.json': '' }, 'it has both of the keys'],
      ['with a part that is gone', { parts: 'no-such-part' }, 'the part no-such-part is missing'],
    ])('%s is refused', async (_how, data, message) => {
      await server.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data });
      await expect(open().read()).rejects.toThrow(message);
    });

    it('in a part names that part', async () => {
      const ledger = open(0);
      await commit(ledger, one);
      await ledger.close();
      const part = (await names()).find((each) => each !== name) ?? '';
      const text = kubectl('', 'get', 'configmap', part, '-o', 'json');
      write(text.replace(String.raw`\"port\":100`, String.raw`\"port\":150`));
      await expect(open().read()).rejects.toThrow(`ConfigMap ${namespace}/${part}, ports.json:4:15: `);
    });
  });
});

async function commit(ledger: WatchedLedger, state: LedgerState): Promise<LedgerSnapshot> {
  const result = await ledger.commit((await ledger.read()).version, state);
  if (result.kind === 'conflict') throw new Error('conflict');
  return result.snapshot;
}

function toName(item: unknown): string {
  const { metadata } = item as { readonly metadata: { readonly name: string } };
  return metadata.name;
}

function toBigState(size: number): LedgerState {
  const entries = Array.from({ length: size }, (_each, index): LedgerEntry => {
    const tenant = `tenant-${index % 100}`;
    const name = `orders-database-${index}`;
    const holder = { source: 'prod', kind: 'Service', namespace: tenant, name };
    const since = '2026-01-01T00:00:00.000Z';
    return {
      fleet: 'default',
      pool: 'default',
      port: toPort(20_000 + index),
      protocols: ['tcp'],
      holder,
      servicePort: 3306,
      state: 'held',
      since,
    };
  });
  return { entries };
}
