import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished, vi } from 'vitest';

import { toDocumentName } from '../../../src/model/document-name.ts';
import type { ObjectKey } from '../../../src/model/object-ref.ts';
import type { LedgerState } from '../../../src/model/ports.ts';
import { listPortChanges } from '../../../src/ports/port-changes.ts';
import { Announcements, type ServedAnswer } from '../../../src/control-plane/announcements.ts';
import { Publisher } from '../../../src/control-plane/publisher.ts';
import { toState } from '../ports/allocation/notation.ts';

const former = '100 tcp a:80 held@1';
const added = '101 tcp b:80 held@2';
const key = 'vms|Service/ns/b';

function start(afterMs = 10_000, served?: () => ServedAnswer) {
  const published = new Publisher(['default']);
  published.setReadiness({ kind: 'ready' });
  const released: ObjectKey[][] = [];
  const announcements = new Announcements({
    published,
    documentOf: ({ fleet, port }) => toDocumentName(fleet, port < 200 ? 0 : 1),
    afterMs,
    applyMs: () => 50,
    ...(served && { served }),
    released: (services) => released.push([...services]),
  });
  onTestFinished(() => announcements.stop());
  return {
    announcements,
    published,
    released,
    /** Publishes a document that has these ports. */
    publish: (...entries: readonly string[]): string => {
      published.publish('default', [Buffer.from(entries.join())]);
      announcements.update(toState(entries));
      return published.current('default')?.revision ?? '';
    },
    ports: () => announcements.ledger.entries.map(({ port }) => Number(port)),
    /** What has become of the claims since the last call, as Events are made of it. */
    changes: toChanges(announcements),
  };
}

function toChanges(announcements: Announcements): () => readonly string[] {
  let before: LedgerState = { entries: [] };
  return () => {
    const changes = listPortChanges(before, announcements.lastAnnounced);
    before = announcements.lastAnnounced;
    return changes.map(({ kind, held }) => `${kind} ${held.holder.name} ${held.port}`);
  };
}

it('what is held when it starts has been announced before', () => {
  const { publish, ports } = start();
  publish(former, added);
  expect(ports()).toEqual([100, 101]);
});

it('a port that a Traefik says it does not serve is not announced, however long it takes, and at once when all serve it', async () => {
  let isServed: boolean | undefined = false;
  const { announcements, publish, ports, published } = start(1, () => isServed);
  publish(former);
  const revision = publish(former, added);
  published.fetched({}, 'default', revision);
  await sleep(60);
  announcements.look();
  expect(ports()).toEqual([100]);
  isServed = true;
  announcements.look();
  expect(ports()).toEqual([100, 101]);
});

it('a port is announced as without them while Traefiks cannot be asked', () => {
  const { publish, ports } = start(1, () => undefined);
  publish(former);
  publish(former, added);
  expect(ports()).toEqual([100, 101]);
});

it('a port is announced at once when nobody polls', () => {
  const { publish, ports, released } = start();
  publish(former);
  publish(former, added);
  expect(ports()).toEqual([100, 101]);
  expect(released).toEqual([]);
});

it('a port waits until all who poll have fetched the document that has it, and a moment more', async () => {
  const { published, publish, ports, released } = start();
  const [one, two] = [{}, {}];
  const before = publish(former);
  for (const connection of [one, two]) published.fetched(connection, 'default', before);
  const after = publish(former, added);
  expect(ports()).toEqual([100]);
  published.fetched(one, 'default', after);
  await sleep(100);
  expect(ports()).toEqual([100]);
  published.fetched(two, 'default', after);
  expect(ports()).toEqual([100]);
  await vi.waitFor(() => expect(ports()).toEqual([100, 101]));
  expect(released).toEqual([[key]]);
});

it('a port waits for those who poll its bank, and for no others', async () => {
  const { published, publish, ports } = start();
  const [web, bank] = [{}, {}];
  published.publish('default/1', [Buffer.from('before')]);
  published.fetched(web, 'default', publish(former));
  published.fetched(bank, 'default/1', published.current('default/1')?.revision ?? '');
  published.publish('default/1', [Buffer.from('after')]);
  publish(former, '200 tcp b:80 held@2');
  expect(ports()).toEqual([100]);
  published.fetched(bank, 'default/1', published.current('default/1')?.revision ?? '');
  await vi.waitFor(() => expect(ports()).toEqual([100, 200]));
});

it('one who is gone is not waited for', () => {
  const { published, publish, ports, released } = start();
  const connection = {};
  published.fetched(connection, 'default', publish(former));
  publish(former, added);
  published.closed(connection);
  expect(ports()).toEqual([100, 101]);
  expect(released).toEqual([[key]]);
});

it('one who does not fetch is waited for only so long', async () => {
  const { published, publish, ports, released } = start(100);
  published.fetched({}, 'default', publish(former));
  publish(former, added);
  expect(ports()).toEqual([100]);
  await vi.waitFor(() => expect(released).toEqual([[key]]));
  expect(ports()).toEqual([100, 101]);
});

it('who has a later document has the port as well', async () => {
  const { published, publish, ports } = start();
  const connection = {};
  published.fetched(connection, 'default', publish(former));
  publish(former, added);
  const later = publish(former, added, '102 tcp c:80 held@3');
  published.fetched(connection, 'default', later);
  await vi.waitFor(() => expect(ports()).toEqual([100, 101, 102]));
});

it('a port that is given back while it waits is not announced, and waits again when it comes back', async () => {
  const { published, publish, ports, released } = start(200);
  published.fetched({}, 'default', publish(former));
  publish(former, added);
  publish(former);
  await sleep(300);
  expect(released).toEqual([]);
  publish(former, added);
  expect(ports()).toEqual([100]);
});

it('the ledger is the same object while it says the same', () => {
  const { published, announcements, publish } = start();
  published.fetched({}, 'default', publish(former));
  publish(former, added);
  const { ledger } = announcements;
  published.fetched({}, 'default', 'unknown');
  expect(announcements.ledger).toBe(ledger);
});

it.each<[what: string, now: readonly string[], change: string]>([
  ['a move', ['100 tcp a:80 cooling@2', '101 tcp a:80 held@2'], 'moved a 101'],
  ['a port on another protocol', ['100 tcp+udp a:80 held@1'], 'allocated a 100'],
])('%s is one change, once it is announced', (_what, now, change) => {
  const { published, publish, changes } = start();
  const connection = {};
  published.fetched(connection, 'default', publish(former));
  changes();
  publish(...now);
  expect(changes()).toEqual([]);
  // Something else happens meanwhile.
  publish(...now, '109 tcp c:80 cooling@3');
  expect(changes()).toEqual([]);
  published.closed(connection);
  expect(changes()).toEqual([change]);
});

it('a port that comes back to its Service is returned, once it is announced', () => {
  const { published, publish, changes } = start();
  const connection = {};
  published.fetched(connection, 'default', publish(former));
  changes();
  publish('100 tcp a:80 cooling@2');
  expect(changes()).toEqual(['released a 100']);
  publish('100 tcp a:80 held@3');
  expect(changes()).toEqual([]);
  published.closed(connection);
  expect(changes()).toEqual(['returned a 100']);
});

it('a claim that ends before its new port is announced has released the former one', () => {
  const { published, publish, changes } = start();
  published.fetched({}, 'default', publish(former));
  changes();
  publish('100 tcp a:80 cooling@2', '101 tcp a:80 held@2');
  publish('100 tcp a:80 cooling@2', '101 tcp a:80 cooling@3');
  expect(changes()).toEqual(['released a 100']);
});

it('a ledger that is lost and made again changes nothing', () => {
  const { published, publish, changes } = start();
  const connection = {};
  published.fetched(connection, 'default', publish(former, added));
  changes();
  publish();
  expect(changes()).toEqual([]);
  publish(former, added);
  expect(changes()).toEqual([]);
  published.closed(connection);
  expect(changes()).toEqual([]);
});

it('what a host reports holds a port back no longer than a Traefik that does not fetch', async () => {
  const { publish, ports } = start(200, () => 'waits');
  publish(former);
  publish(former, added);
  expect(ports()).toEqual([100]);
  await vi.waitFor(() => expect(ports()).toEqual([100, 101]), 5_000);
});

it('what leads on a port that another one holds is announced when that is served', async () => {
  const { announcements, published, released } = start();
  const state = toState([former]);
  const [held] = state.entries;
  const route = 'vms|TCPRoute/ns/r' as ObjectKey;
  if (held?.state !== 'held') throw new Error('it is held');
  const { fleet, port } = held;
  const connection = {};
  const publish = (text: string): string => {
    published.publish('default', [Buffer.from(text)]);
    return published.current('default')?.revision ?? '';
  };
  const first = publish('held');
  announcements.update(state, new Map());
  published.fetched(connection, toDocumentName('default', 0), first);
  expect(announcements.isLed(route, held)).toBe(false);
  const revision = publish('held and led');
  announcements.update(state, new Map([[route, [{ fleet, protocol: 'tcp', port }]]]));
  expect(announcements.isLed(route, held)).toBe(false);
  expect(announcements.ledger.entries).toEqual(state.entries);
  published.fetched(connection, toDocumentName('default', 0), revision);
  await vi.waitFor(() => expect(released).toEqual([[route]]));
  expect(announcements.isLed(route, held)).toBe(true);
  announcements.update(state, new Map());
  expect(announcements.isLed(route, held)).toBe(false);
});
