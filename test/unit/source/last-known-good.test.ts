import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Secret } from '../../../src/model/objects.ts';
import type { Change } from '../../../src/model/snapshot.ts';
import { withLastKnownGood } from '../../../src/source/last-known-good.ts';
import type { Source, SourceListener, SourceState } from '../../../src/source/source.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'fairlead-lkg-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** A source that does what the test tells it. */
class Puppet implements Source {
  readonly name = 'prod';
  listener: SourceListener | undefined;

  start(listener: SourceListener): void {
    this.listener = listener;
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  locate(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  deliver(...names: readonly string[]): void {
    this.listener?.changed(names.map((name) => ({ kind: 'set', object: secret(name) })));
  }

  say(state: SourceState): void {
    this.listener?.state(state);
  }
}

function secret(name: string): Secret {
  const ref = { source: 'prod', kind: 'Secret', namespace: 'n', name } as const;
  return { kind: 'Secret', meta: { ref, annotations: {} }, type: 'Opaque', data: { 'tls.key': 'secret' } };
}

function run(graceMs = 20) {
  const puppet = new Puppet();
  const source = withLastKnownGood(puppet, { folder, graceMs, quietMs: 10 }, pino({ level: 'silent' }));
  const names = new Set<string>();
  const states: SourceState[] = [];
  source.start({
    changed: (changes: readonly Change[]) => {
      for (const change of changes) {
        if (change.kind === 'set') names.add(change.object.meta.ref.name);
        else names.delete(change.ref.name);
      }
    },
    problems: () => undefined,
    state: (state) => states.push(state),
  });
  return { puppet, source, names, states };
}

async function keep(...names: readonly string[]): Promise<void> {
  const { puppet, source } = run();
  puppet.deliver(...names);
  puppet.say({ kind: 'synced' });
  await source.stop();
}

const starting: SourceState = { kind: 'starting', detail: 'connection refused' };
const kept = (): string => join(folder, 'prod.ndjson');

test('a source that does not answer is served as it was last known, and called stale', async () => {
  await keep('a', 'b');
  const { puppet, source, names, states } = run();
  puppet.say(starting);
  await expect.poll(() => [...names].toSorted()).toEqual(['a', 'b']);
  expect(states.at(-1)).toMatchObject({
    kind: 'stale',
    detail: expect.stringContaining('connection refused'),
  });
  puppet.say(starting);
  expect(states.at(-1)?.kind).toBe('stale');
  await source.stop();
});

test('once it answers, what only the file had is gone', async () => {
  await keep('a', 'b');
  const { puppet, source, names, states } = run();
  puppet.say(starting);
  await expect.poll(() => names.size).toBe(2);
  puppet.deliver('b', 'c');
  puppet.say({ kind: 'synced' });
  expect([...names].toSorted()).toEqual(['b', 'c']);
  expect(states.at(-1)).toEqual({ kind: 'synced' });
  await source.stop();
});

test('a source that answers in time is never served from the file', async () => {
  await keep('old');
  const { puppet, source, names, states } = run(5);
  puppet.deliver('new');
  puppet.say({ kind: 'synced' });
  await new Promise((resolve) => void setTimeout(resolve, 60));
  expect([...names]).toEqual(['new']);
  expect(states.map(({ kind }) => kind)).toEqual(['synced']);
  await source.stop();
});

test('what is not synced is not kept: it is not the whole', async () => {
  const { puppet, source } = run(60_000);
  puppet.deliver('a');
  await source.stop();
  expect(() => statSync(kept())).toThrow(/ENOENT/);
});

test('the file is for nobody else to read', async () => {
  await keep('a');
  expect(statSync(kept()).mode & 0o777).toBe(0o600);
});

test('of a file that a later version wrote, the kinds that are known are served', async () => {
  await keep('a', 'b');
  const text = readFileSync(kept(), 'utf8');
  writeFileSync(kept(), text.replace('{"kind":"Secret"', '{"kind":"Novelty"'));
  const { puppet, source, names } = run(5);
  puppet.say(starting);
  await expect.poll(() => [...names]).toEqual(['b']);
  await source.stop();
});

test.each([
  ['cut off', (text: string) => text.slice(0, text.lastIndexOf('{'))],
  ['of another source', (text: string) => text.replace('"source":"prod"', '"source":"other"')],
  ['no such file', () => 'hello'],
  ['empty', () => ''],
])('a file that is %s is not used', async (_name, damage) => {
  await keep('a', 'b');
  writeFileSync(kept(), damage(readFileSync(kept(), 'utf8')));
  const { puppet, source, names, states } = run(5);
  puppet.say(starting);
  await new Promise((resolve) => void setTimeout(resolve, 80));
  expect([...names]).toEqual([]);
  expect(states.map(({ kind }) => kind)).toEqual(['starting']);
  await source.stop();
});

const withoutSecrets: SourceState = { kind: 'synced', unread: ['Secret', 'Gateway'] };

test('a kind that may not be read is served as it was last known, and kept on', async () => {
  await keep('a', 'b');
  for (const start of [1, 2]) {
    const { puppet, source, names, states } = run();
    puppet.say(withoutSecrets);
    await expect.poll(() => states.at(-1), { message: `start ${start}` }).toEqual({ kind: 'synced' });
    expect([...names].toSorted()).toEqual(['a', 'b']);
    await source.stop();
  }
  const { puppet, source, names, states } = run();
  puppet.say(withoutSecrets);
  await expect.poll(() => states.length).toBe(1);
  puppet.deliver('b');
  puppet.say({ kind: 'synced' });
  expect([...names]).toEqual(['b']);
  await source.stop();
  expect(readFileSync(kept(), 'utf8')).not.toContain('"a"');
});

test('of a kind that may not be read and was not known before either nothing is known', async () => {
  const first = run();
  first.puppet.say(withoutSecrets);
  await expect.poll(() => first.states.at(-1)).toEqual(withoutSecrets);
  await first.source.stop();
  const { puppet, source, states } = run();
  puppet.say(withoutSecrets);
  await expect.poll(() => states.at(-1)).toEqual(withoutSecrets);
  puppet.say({ kind: 'synced', unread: ['Gateway'] });
  expect(states.at(-1)).toEqual({ kind: 'synced', unread: ['Gateway'] });
  await source.stop();
});
