import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { EventHub, type EventHubOptions } from '../../../src/http/event-hub.ts';
import { Pollers } from '../../../src/http/provider/pollers.ts';
import { ask, eventually, MemoryInspection, MemoryListing, MemoryPublished, open, sleep } from './support.ts';

interface Stream {
  readonly events: { readonly event: string; readonly data: unknown }[];
  readonly text: () => string;
  close(): void;
}

async function startHub(options: Partial<EventHubOptions> = {}) {
  const published = new MemoryPublished();
  const inspection = new MemoryInspection();
  const listing = new MemoryListing();
  const pollers = new Pollers();
  const parts = { published, inspection, listing, pollers };
  const hub = new EventHub({ ...parts, compareMs: 10, quietMs: 1, ...options });
  const server = createServer((_request, response) => hub.connect(response)).listen(0, '127.0.0.1');
  await new Promise((resolve) => void server.once('listening', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { hub, port, ...parts };
}

async function listen(port: number): Promise<Stream> {
  const response = await open(port, '/');
  let text = '';
  const events: Stream['events'] = [];
  response.on('error', () => {});
  response.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    events.splice(0);
    for (const [, event = '', data = ''] of text.matchAll(/^event: (.*)\ndata: (.*)\n\n/gm)) {
      events.push({ event, data: JSON.parse(data) });
    }
  });
  await eventually(() => events.length === 1);
  return { events, text: () => text, close: () => response.destroy() };
}

test('a listener hears the state at once and at each change, but no repetition', async () => {
  const { port, published } = await startHub();
  const stream = await listen(port);
  published.publish('{"n":1}');
  published.notify();
  published.publish('{"n":1}');
  await eventually(() => stream.events.length === 2);
  await sleep(30);
  const [first, second] = stream.events.map(({ data }) => data);
  expect(stream.events.map(({ event }) => event)).toEqual(['state', 'state']);
  expect(second).not.toEqual(first);
});

test('what changes without a revision is announced as well: problems, ports, sources', async () => {
  const { port, listing, inspection } = await startHub();
  const stream = await listen(port);
  listing.version += 1;
  await eventually(() => stream.events.length === 2);
  inspection.report = { ...inspection.report, ports: [] };
  await eventually(() => stream.events.length === 3);
  inspection.sourceList = [{ name: 'prod', state: 'stale', detail: 'gone', objects: 3, lastSync: null }];
  await eventually(() => stream.events.length === 4);
  const states = stream.events.map(({ data }) => Number((data as Record<string, unknown>)['state']));
  expect(new Set(states).size).toBe(4);
});

test('a Traefik that comes, and one that fetches, are announced apart from the rest; one that only polls again is not', async () => {
  const { port, pollers, published } = await startHub();
  const { revision } = published.publish('{}');
  const stream = await listen(port);
  const poll = {
    address: '10.0.0.1',
    host: 'edge-1',
    userAgent: 't',
    fleet: 'default',
    bank: 0,
    status: 200,
  };
  pollers.record(poll);
  await eventually(() => stream.events.length === 2);
  pollers.record({ ...poll, revision });
  await eventually(() => stream.events.length === 3);
  pollers.record({ ...poll, revision });
  await sleep(50);
  const [first, , last] = stream.events.map(({ data }) => data);
  expect(stream.events).toHaveLength(3);
  expect(last).toEqual({ ...(first as object), traefiks: expect.any(Number) });
  expect(last).not.toEqual(first);
});

test('many changes at once are one small event', async () => {
  const { port, published } = await startHub({ quietMs: 50 });
  const stream = await listen(port);
  for (let count = 0; count < 1_000; count += 1) published.publish(`{"n":${count}}`);
  await sleep(200);
  expect(stream.events).toHaveLength(2);
  expect(stream.text().length).toBeLessThan(500);
});

test('a heartbeat keeps the stream alive', async () => {
  const { port } = await startHub({ heartbeatMs: 20 });
  const stream = await listen(port);
  await eventually(() => stream.text().includes(': heartbeat\n\n'));
});

test('when the last listener has gone, nothing is watched any more', async () => {
  const { port, published } = await startHub();
  const [first, second] = [await listen(port), await listen(port)];
  expect(published.subscribers()).toBe(1);
  first.close();
  await sleep(20);
  expect(published.subscribers()).toBe(1);
  second.close();
  await eventually(() => published.subscribers() === 0);
  await listen(port);
  expect(published.subscribers()).toBe(1);
});

test('too many listeners and those that come after the close get 503', async () => {
  const { hub, port } = await startHub({ maxClients: 1 });
  await listen(port);
  expect((await ask(port, '/')).status).toBe(503);
  hub.close();
  expect((await ask(port, '/')).status).toBe(503);
});

test('streams that are ended may be opened again', async () => {
  const { hub, port } = await startHub();
  await listen(port);
  hub.endStreams();
  await listen(port);
});
