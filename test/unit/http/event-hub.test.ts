import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { EventHub, type EventHubOptions } from '../../../src/http/event-hub.ts';
import type { View } from '../../../src/http/admin/view.ts';
import { toProblem } from '../../../src/model/problem.ts';
import { ask, eventually, MemoryInspection, MemoryPublished, open, sleep } from './support.ts';

const service = { source: 'prod', kind: 'Service', namespace: 'rds', name: 'orders' };
const toUnknownPort = (port: number) =>
  toProblem('port-unknown', service, { message: `It has no port ${port}`, hint: 'name one it has' });

interface Stream {
  readonly events: { readonly event: string; readonly data: unknown }[];
  readonly text: () => string;
  readonly ended: () => boolean;
  close(): void;
}

async function startHub(options: Partial<EventHubOptions> = {}, view: View = { namespaces: 'all' }) {
  const published = new MemoryPublished();
  const inspection = new MemoryInspection();
  const hub = new EventHub({ published, inspection, problemsMs: 10, ...options });
  const server = createServer((_request, response) => hub.connect(response, view)).listen(0, '127.0.0.1');
  await new Promise((resolve) => void server.once('listening', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { hub, port, published, inspection };
}

async function listen(port: number): Promise<Stream> {
  const response = await open(port, '/');
  let text = '';
  let isOver = false;
  const events: Stream['events'] = [];
  response.on('error', () => {});
  response.on('end', () => (isOver = true));
  response.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    events.splice(0);
    for (const [, event = '', data = ''] of text.matchAll(/^event: (.*)\ndata: (.*)\n\n/gm)) {
      events.push({ event, data: JSON.parse(data) });
    }
  });
  await eventually(() => events.length === 1);
  return { events, text: () => text, ended: () => isOver, close: () => response.destroy() };
}

test('a listener hears the revision at once and at each change, but no repetition', async () => {
  const { port, published } = await startHub();
  const stream = await listen(port);
  const { revision } = published.publish('{"n":1}');
  published.notify();
  published.publish('{"n":1}');
  await eventually(() => stream.events.length === 2);
  await sleep(30);
  expect(stream.events).toEqual([
    { event: 'revision', data: { fleet: 'default', bank: 0, revision: null } },
    { event: 'revision', data: { fleet: 'default', bank: 0, revision } },
  ]);
});

test('problems are reported when they appear and when they go, also without a new revision', async () => {
  const { port, inspection } = await startHub();
  inspection.problemList = [toUnknownPort(1)];
  const stream = await listen(port);
  inspection.problemList = [toUnknownPort(1), toUnknownPort(2)];
  await eventually(() => stream.events.length === 2);
  inspection.problemList = [toUnknownPort(2)];
  await eventually(() => stream.events.length === 3);
  expect(stream.events.slice(1)).toMatchObject([
    { event: 'problems', data: { appeared: [{ message: 'It has no port 2' }], gone: [], truncated: false } },
    { event: 'problems', data: { appeared: [], gone: [{ message: 'It has no port 1' }], truncated: false } },
  ]);
});

test('very many problems at once are cut short, and that is reported', async () => {
  const { port, inspection } = await startHub();
  const stream = await listen(port);
  inspection.problemList = Array.from({ length: 5_000 }, (_, index) => toUnknownPort(index));
  await eventually(() => stream.events.length === 2);
  expect(stream.events[1]?.data).toMatchObject({ truncated: true });
  expect(stream.text().length).toBeLessThan(100_000);
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

test('a view hears of its own problems only, and all streams end when who may look changes', async () => {
  const { hub, port, inspection } = await startHub({}, { namespaces: ['shop-*'] });
  const stream = await listen(port);
  const ended = eventually(() => stream.ended());
  inspection.problemList = [toUnknownPort(1)];
  await sleep(50);
  const own = toProblem(
    'port-unknown',
    { ...service, namespace: 'shop-1' },
    { message: 'Mine', hint: 'mend it' },
  );
  inspection.problemList = [own, toUnknownPort(1)];
  await eventually(() => stream.events.length === 2);
  inspection.problemList = [own];
  await sleep(50);
  expect(stream.events.slice(1)).toMatchObject([{ data: { appeared: [{ message: 'Mine' }], gone: [] } }]);
  expect(stream.text()).not.toContain('rds');
  hub.endStreams();
  await ended;
});
