import { readFileSync } from 'node:fs';
import { join as joinPath } from 'node:path';

import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import type { LedgerEntry, LedgerState } from '../../../../src/model/ports.ts';
import {
  joinParts,
  parseStoredText,
  toConfigMapPlace,
  toHeadContent,
  toStored,
  type Part,
} from '../../../../src/ports/ledger/configmap-document.ts';
import { formatLedger } from '../../../../src/ports/ledger/ledger-document.ts';
import { toPort, toState } from '../allocation/notation.ts';

const place = toConfigMapPlace('ns', 'ports');
const base = { name: 'ports', base: '1', known: new Map<string, string>() };
const small = toState(['100 tcp a:80 held@1', '1100 tcp+udp b:53 cooling@2']);

function toLongState(fleets: readonly string[]): LedgerState {
  const longest = 'x'.repeat(63);
  const entries = fleets.flatMap((fleet) =>
    Array.from({ length: 2_500 }, (_each, index) => index + 20_500).flatMap((port) =>
      (['tcp', 'udp'] as const).map((protocol): LedgerEntry => ({
        fleet,
        port: toPort(port),
        protocols: [protocol],
        pool: longest,
        holder: { source: longest, kind: 'Service', namespace: longest, name: longest },
        servicePort: 65_535,
        state: 'cooling',
        freed: '2026-01-01T00:00:00.000Z',
      })),
    ),
  );
  return { entries };
}

const storedParts = z.object({ parts: z.array(z.object({ name: z.string(), text: z.string() })) });

function join(parts: readonly Pick<Part, 'text'>[]): LedgerState {
  return joinParts(
    parts.map(({ text }) => parseStoredText(text, place)),
    place,
  );
}

it('a short ledger is the text of a ledger file', () => {
  const { data, parts } = toStored(small, base);
  expect(data).toEqual({ 'ports.json': formatLedger(small), parts: null });
  expect(parts).toEqual([]);
});

describe('a long ledger', () => {
  const long = toLongState(['default', 'x'.repeat(63)]);
  const { data, parts } = toStored(long, base);

  it('is split into parts that a ConfigMap can hold, with the longest names there are', () => {
    expect(parts).toHaveLength(10);
    for (const { text } of parts) expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024);
    expect(join(parts)).toEqual(long);
    expect(data['ports.json']).toBeNull();
  });

  it('names its parts by their ports, each once', () => {
    const content = toHeadContent({ parts: data.parts ?? '' }, place);
    const names = parts.map((part) => part.name);
    expect(content).toEqual({ kind: 'parts', names });
    expect(new Set(names).size).toBe(10);
    expect(names.filter((name) => /^ports-2[012][05]00-[0-9a-f]{16}$/.test(name))).toHaveLength(10);
  });

  it('names again what stays, and gives another name to what changes', () => {
    const known = new Map(parts.map(({ text, name }) => [text, name]));
    const next = toStored({ entries: long.entries.slice(1) }, { ...base, base: '2', known });
    expect(next.parts.filter(({ name }, index) => name === parts[index]?.name)).toHaveLength(9);
  });

  it('never has a name again that an attempt on another version had', () => {
    const other = toStored(long, { ...base, base: '2' });
    const names = new Set(parts.map(({ name }) => name));
    expect(other.parts.filter(({ name }) => names.has(name))).toEqual([]);
  });
});

it('parts that have the same port are damage', () => {
  expect(() => joinParts([small, toState(['1100 udp c:53 held@3'])], place)).toThrow(
    'ConfigMap ns/ports: the port ledger cannot be used: UDP port 1100 of fleet default has two entries, in different parts.',
  );
});

it('parts of version 1 are read', () => {
  const file = joinPath(import.meta.dirname, 'version-1', 'parts.json');
  const stored: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const { parts } = storedParts.parse(stored);
  expect(join(parts)).toEqual(
    toState(['100 tcp a:80 held@1', '101 tcp+udp b:53 cooling@2', '1200 udp c:53 held@3']),
  );
});

it('history and banks are kept in the parts, too', () => {
  const [entry] = small.entries;
  if (entry?.state !== 'held') throw new Error('the first is held');
  const { state: _, ...hold } = entry;
  const whole: LedgerState = {
    ...small,
    history: [
      { ...hold, until: '2026-01-01T00:00:02.000Z' },
      { ...hold, port: toPort(3100), until: '2026-01-01T00:00:03.000Z' },
    ],
    banks: [{ fleet: 'default', bank: 1, since: '2026-01-01T00:00:00.000Z' }],
  };
  const { parts } = toStored(whole, { ...base, mostBytes: 100 });
  expect(parts.map(({ name }) => name.replace(/-[^-]*$/, ''))).toEqual([
    'ports-0',
    'ports-1000',
    'ports-3000',
    'ports-banks',
  ]);
  expect(join(parts)).toEqual(whole);
});
