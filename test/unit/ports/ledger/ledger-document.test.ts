import { describe, expect, it } from 'vitest';

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import {
  emptyLedger,
  type FormerHold,
  type LedgerEntry,
  type LedgerState,
} from '../../../../src/model/ports.ts';
import { formatLedger, parseLedger } from '../../../../src/ports/ledger/ledger-document.ts';
import { LedgerDamagedError } from '../../../../src/ports/ledger/ledger.ts';
import { toState } from '../allocation/notation.ts';

const place = { location: 'ports.json', wayOut: 'Restore a backup.' };
const state = toState(['100 tcp a:80 held@1', '101 tcp+udp b:53 cooling@2']);
const [held] = state.entries;
const everything: LedgerState = {
  entries: state.entries.map((entry) => ({ ...entry, part: { kind: 'endpoint', name: 'kafka-0' } })),
  history: held === undefined ? [] : [toFormerHold(held)],
  banks: [
    { fleet: 'default', bank: 1, since: '2026-01-01T00:00:00.000Z', polled: '2026-01-01T00:01:00.000Z' },
    { fleet: 'default', bank: 2, since: '2026-01-01T00:00:00.000Z' },
  ],
};
const text = formatLedger(state);
const byHand = text.replace(/ {2}"checksum".*\n/, '');

function toFormerHold({ fleet, pool, port, protocols, holder, servicePort }: LedgerEntry): FormerHold {
  const [since, until] = ['2025-01-01T00:00:00.000Z', '2025-01-02T00:00:00.000Z'];
  const part = { kind: 'listener', name: 'tls' } as const;
  return { fleet, pool, port, protocols, holder, servicePort, part, since, until };
}

function toMessage(damaged: string): string {
  try {
    parseLedger(damaged, place);
  } catch (error) {
    if (error instanceof LedgerDamagedError) return error.message;
  }
  return 'accepted, or failed otherwise';
}

describe('the text of a ledger', () => {
  it('has a header, and one entry on each line in order', () => {
    expect(formatLedger({ entries: state.entries.toReversed() })).toBe(`{
  "kind": "FairleadPorts",
  "version": 2,
  "checksum": "sha256:${/sha256:([\da-f]{64})/.exec(text)?.[1]}",
  "entries": [
    {"fleet":"default","pool":"default","port":100,"protocols":["tcp"],"source":"vms","kind":"Service","namespace":"ns","name":"a","servicePort":80,"state":"held","since":"2026-01-01T00:01:00.000Z"},
    {"fleet":"default","pool":"default","port":101,"protocols":["tcp","udp"],"source":"vms","kind":"Service","namespace":"ns","name":"b","servicePort":53,"state":"cooling","freed":"2026-01-01T00:02:00.000Z"}
  ]
}
`);
  });

  it.each([{ it: emptyLedger }, { it: state }, { it: everything }])(
    'reads back as it was',
    ({ it: written }) => {
      expect(parseLedger(formatLedger(written), place)).toEqual(written);
    },
  );

  it('may be edited by hand without its checksum, in any layout', () => {
    const edited: unknown = JSON.parse(byHand.replaceAll('"a"', '"renamed"'));
    expect(parseLedger(JSON.stringify(edited, null, 4), place).entries[0]?.holder.name).toBe('renamed');
  });
});

describe('a ledger of version 1', () => {
  const written = readFileSync(join(import.meta.dirname, 'version-1', 'ports.txt'), 'utf8');

  it('is read, and written as version 2', () => {
    const read = parseLedger(written, place);
    expect(read).toEqual(
      toState(['100 tcp a:80 held@1', '101 tcp+udp b:53 cooling@2', '1200 udp c:53 held@3']),
    );
    expect(parseLedger(formatLedger(read), place)).toEqual(read);
    expect(formatLedger(read)).toContain('"version": 2');
  });

  it.each([
    ['an edit that left the checksum', written.replace('"a"', '"c"'), 'ports.json:4:15: '],
    ['a state that it did not have', written.replace('resting', 'cooling'), 'entries[1].state: '],
    ['a field that it did not have', written.replace('"port":100', '"pool":"x","port":100'), 'entries[0]: '],
    ['an entry twice', written.replace('"port":101', '"port":100'), 'TCP port 100 of fleet default has two'],
  ])('is not trusted with %s', (_, damaged, message) => {
    expect(toMessage(damaged)).toContain(message);
  });
});

describe('damage is reported with its place and the way out', () => {
  const cases: Readonly<Record<string, readonly [damaged: string, message: string]>> = {
    'an empty file': ['', 'ports.json: the port ledger cannot be used: it is empty. Restore a backup.'],
    'text that is cut off': [text.slice(0, 200), 'ports.json:6:'],
    'a comma too many': [byHand.replace('\n  ]', ',\n  ]'), 'it is not valid JSON. Restore a backup.'],
    'other JSON': ['{"kind":"List","items":[]}', 'it is not a port ledger'],
    'a list': ['[]', 'it is not a port ledger'],
    'a newer version': [
      text.replace('"version": 2', '"version": 3'),
      'ports.json:3:14: the port ledger cannot be used: it was written by a newer Fairlead, as version 3, and this one reads versions up to 2. Start that version again.',
    ],
    'an unknown field': [byHand.replace('"fleet"', '"flet"'), 'ports.json:5:5: '],
    'an impossible port': [
      byHand.replace('"port":101', '"port":70000'),
      'ports.json:6:48: the port ledger cannot be used: entries[1].port: is not a port number.',
    ],
    'a time that is none': [byHand.replace('2026-01-01T00:01', '2026-13-01T00:01'), 'entries[0].since: '],
    'a key that stands twice': [
      byHand.replace('"port":101', '"port":101,"port":101'),
      'ports.json:6:52: the port ledger cannot be used: a key stands twice in one object.',
    ],
    'a port that stands twice': [
      byHand.replace('"port":101', '"port":100'),
      'ports.json:6:48: the port ledger cannot be used: TCP port 100 of fleet default has two entries.',
    ],
    'an edit that left the checksum': [
      text.replace('"name":"a"', '"name":"c"'),
      'ports.json:4:15: the port ledger cannot be used: the checksum does not fit the entries',
    ],
  };

  it.each(Object.entries(cases))('%s', (_, [damaged, message]) => {
    expect(toMessage(damaged)).toContain(message);
    expect(toMessage(damaged)).not.toContain('\n');
  });

  it('at whatever character the text is cut off', () => {
    for (let length = 0; length < text.trimEnd().length; length += 1) {
      expect(toMessage(text.slice(0, length))).toContain('ports.json');
    }
  });
});
