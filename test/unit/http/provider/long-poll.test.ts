import { Agent } from 'node:http';
import { connect, type Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { ask, eventually, MemoryPublished, open, sleep, startProvider } from '../support.ts';
import { MOST_ANSWERS } from '../../../../src/http/provider/exchanges.ts';
import { slowness } from '../../../support/slowness.ts';

/** One connection, as Traefik keeps one between its polls. */
function keepAlive(): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  return agent;
}

test('a connection that has the current revision is held, and gets the next one at once', async () => {
  const { port, published, longPoll } = await startProvider();
  published.publish('{"n":1}');
  const agent = keepAlive();
  expect((await ask(port, '/traefik', { agent })).ms).toBeLessThan(500 * slowness());
  const latencies: number[] = [];
  for (let n = 2; n < 5; n += 1) {
    const poll = ask(port, '/traefik', { agent });
    await eventually(() => longPoll.held === 1);
    await sleep(60);
    expect(longPoll.held).toBe(1);
    const changedAt = performance.now();
    const next = published.publish(`{"n":${n}}`);
    expect((await poll).body).toEqual(next.whole);
    latencies.push(performance.now() - changedAt);
    expect(longPoll.held).toBe(0);
  }
  // The best of three: a busy machine may pause any one of them.
  expect(Math.min(...latencies)).toBeLessThan(50 * slowness());
});

test('without a change the full body comes when the hold time is over', async () => {
  const { port, published } = await startProvider({ holdMs: 150 });
  const { whole: body } = published.publish('{"n":1}');
  const agent = keepAlive();
  await ask(port, '/traefik', { agent });
  for (let round = 0; round < 2; round += 1) {
    const answer = await ask(port, '/traefik', { agent });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual(body);
    // Three quarters of the time, or more: polls that were woken together end at different moments.
    expect(answer.ms).toBeGreaterThan(110);
    expect(answer.ms).toBeLessThan(1_000 * slowness());
  }
});

test('a hold time of 0 holds nothing', async () => {
  const { port, published } = await startProvider({ holdMs: 0 });
  published.publish('{}');
  const agent = keepAlive();
  await ask(port, '/traefik', { agent });
  expect((await ask(port, '/traefik', { agent })).ms).toBeLessThan(500 * slowness());
  expect(published.subscribers()).toBe(1);
});

test('a new connection and one with an older revision are answered at once', async () => {
  const { port, published } = await startProvider({ holdMs: 60_000 });
  published.publish('{"n":1}');
  const agent = keepAlive();
  await ask(port, '/traefik', { agent });
  await ask(port, '/traefik', { agent: keepAlive() });
  const next = published.publish('{"n":2}');
  expect((await ask(port, '/traefik', { agent })).body).toEqual(next.whole);
});

test('each fleet is remembered for itself', async () => {
  const published = new MemoryPublished(['a', 'b']);
  const { port } = await startProvider({ published, holdMs: 60_000 });
  published.publish('{"same":1}', 'a');
  published.publish('{"same":1}', 'b');
  const agent = keepAlive();
  for (const fleet of ['a', 'b', 'a']) {
    expect((await ask(port, `/traefik/${fleet}`, { agent })).status).toBe(200);
  }
});

test('a change of another fleet, of readiness, or back to the same bytes ends no hold', async () => {
  const published = new MemoryPublished(['a', 'b']);
  const { port, longPoll } = await startProvider({ published });
  published.publish('{"n":1}', 'a');
  const agent = keepAlive();
  await ask(port, '/traefik', { agent });
  const poll = ask(port, '/traefik', { agent });
  await eventually(() => longPoll.held === 1);
  published.publish('{"n":5}', 'b');
  published.publish('{"n":1}', 'a');
  published.notify('a');
  await sleep(30);
  expect(longPoll.held).toBe(1);
  published.publish('{"n":2}', 'a');
  expect((await poll).body.toString()).toBe('{"n":2}');
});

test('HEAD and a failed poll do not count as having the revision', async () => {
  const { port, published, longPoll } = await startProvider({ holdMs: 60_000 });
  const agent = keepAlive();
  expect((await ask(port, '/traefik', { agent })).status).toBe(503);
  published.publish('{"n":1}');
  await ask(port, '/traefik', { agent, method: 'HEAD' });
  expect((await ask(port, '/traefik', { agent })).status).toBe(200);
  expect((await ask(port, '/traefik', { agent, method: 'HEAD' })).ms).toBeLessThan(1_000 * slowness());
  expect(longPoll.held).toBe(0);
});

test('a client with If-None-Match is held too, and gets 304 when nothing changed', async () => {
  const { port, published } = await startProvider({ holdMs: 1_000 });
  const { revision } = published.publish('{"n":1}');
  const agent = keepAlive();
  const headers = { 'if-none-match': `"${revision}"` };
  const first = await ask(port, '/traefik', { agent, headers });
  expect(first).toMatchObject({ status: 304 });
  expect(first.ms).toBeLessThan(740);
  const second = await ask(port, '/traefik', { agent, headers });
  expect(second.status).toBe(304);
  expect(second.ms).toBeGreaterThan(740);
});

test('a client that says it has another revision than its connection was sent is answered at once', async () => {
  const { port, published } = await startProvider({ holdMs: 60_000 });
  published.publish('{"n":1}');
  const agent = keepAlive();
  await ask(port, '/traefik', { agent });
  const answer = await ask(port, '/traefik', { agent, headers: { 'if-none-match': '"lost"' } });
  expect(answer.status).toBe(200);
});

test('gzip and identity are both held on one connection and give the same bytes', async () => {
  const { port, published, longPoll } = await startProvider();
  published.publish('{"n":1}');
  const agent = keepAlive();
  const headers = { 'accept-encoding': 'gzip' };
  await ask(port, '/traefik', { agent, headers });
  const poll = ask(port, '/traefik', { agent });
  await eventually(() => longPoll.held === 1);
  published.publish('{"n":2}');
  expect((await poll).body.toString()).toBe('{"n":2}');
  const again = ask(port, '/traefik', { agent, headers });
  await eventually(() => longPoll.held === 1);
  published.publish('{"n":3}');
  expect(gunzipSync((await again).body).toString()).toBe('{"n":3}');
});

test('a client that goes away while held leaves nothing behind', async () => {
  const { port, published, longPoll, pollers } = await startProvider({ holdMs: 60_000 });
  published.publish('{"n":1}');
  const quiet = published.subscribers();
  const agent = keepAlive();
  await ask(port, '/traefik', { agent });
  const poll = ask(port, '/traefik', { agent }).catch((error: unknown) => error);
  await eventually(() => longPoll.held === 1);
  expect(published.subscribers()).toBe(quiet + 1);
  agent.destroy();
  expect(await poll).toBeInstanceOf(Error);
  await eventually(() => longPoll.held === 0);
  expect(published.subscribers()).toBe(quiet);
  await eventually(() => pollers.rows(published)[0]?.status === 499);
});

test('a slow reader counts as having the revision only when all of it has left', async () => {
  const { port, published, longPoll, pollers } = await startProvider({ holdMs: 60_000 });
  const { whole: body } = published.publish(JSON.stringify('x'.repeat(20_000_000)));
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.pause();
  socket.write('GET /traefik HTTP/1.1\r\nHost: x\r\n\r\n');
  await sleep(150);
  expect(pollers.rows(published)).toEqual([]);
  expect(await countBytes(socket, body.length)).toBeGreaterThanOrEqual(body.length);
  socket.write('GET /traefik HTTP/1.1\r\nHost: x\r\n\r\n');
  await eventually(() => longPoll.held === 1);
  expect(pollers.rows(published)).toMatchObject([{ status: 200, current: true }]);
});

test('a client that never reads is cut off after a while, whatever it asks for at once, and nothing of it is kept', async () => {
  const { port, published, pollers } = await startProvider({ holdMs: 60_000, sendTimeoutMs: 300 });
  published.publish(JSON.stringify('x'.repeat(20_000_000)));
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  const closed = new Promise((resolve) => void socket.once('close', resolve));
  socket.on('error', () => undefined);
  socket.pause();
  socket.write('GET /traefik HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(MOST_ANSWERS));
  const before = process.memoryUsage().arrayBuffers;
  await eventually(() => pollers.rows(published)[0]?.status === 499);
  // All answers share the one body.
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
  socket.resume();
  await closed;
  expect(pollers.rows(published)[0]).toMatchObject({ revision: null, current: false });
});

test('who asks for more at once than anybody reads is cut off at once, and nothing more of it is answered', async () => {
  const { port, published, pollers } = await startProvider({ holdMs: 60_000 });
  published.publish('{"n":1}');
  const agent = keepAlive();
  await ask(port, '/traefik', { agent });
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  const closed = new Promise((resolve) => void socket.once('close', resolve));
  socket.on('error', () => undefined).resume();
  socket.write('GET /traefik HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(1_000));
  await closed;
  await eventually(() => pollers.rows(published)[0]?.status === 499);
  expect(pollers.rows(published)[0]?.polls).toBeLessThanOrEqual(1 + MOST_ANSWERS);
  published.publish('{"n":2}');
  expect((await ask(port, '/traefik', { agent })).status).toBe(200);
});

function countBytes(socket: Socket, enough: number): Promise<number> {
  return new Promise((resolve) => {
    let count = 0;
    socket.resume();
    socket.on('data', (chunk: Buffer) => {
      count += chunk.length;
      if (count >= enough) resolve(count);
    });
  });
}

test('a released poll is answered at once with the current body, and nothing is held after', async () => {
  const { port, published, longPoll } = await startProvider({ holdMs: 60_000 });
  const { whole: body } = published.publish('{"n":1}');
  const agent = keepAlive();
  await ask(port, '/traefik', { agent });
  const poll = ask(port, '/traefik', { agent });
  await eventually(() => longPoll.held === 1);
  longPoll.releaseAll();
  expect((await poll).body).toEqual(body);
  expect((await ask(port, '/traefik', { agent })).ms).toBeLessThan(1_000 * slowness());
});

test('2,000 held polls share one subscription, and all get the change within two seconds', async () => {
  const addressLimits = { perAddress: 2_000, strangersPerAddress: 2_000 };
  const { port, published, longPoll } = await startProvider({ holdMs: 60_000, listen: { addressLimits } });
  published.publish('{"n":1}');
  const quiet = published.subscribers();
  // Connections come in groups: all at once, on a busy machine the requests would come too late for them.
  const agents = Array.from(
    { length: 10 },
    () => new Agent({ keepAlive: true, maxSockets: 200, maxFreeSockets: 200 }),
  );
  onTestFinished(() => agents.forEach((agent) => agent.destroy()));
  const pollAll = (agent: Agent) => Array.from({ length: 200 }, () => open(port, '/traefik', { agent }));
  for (const agent of agents) {
    for (const response of await Promise.all(pollAll(agent))) response.resume();
    await eventually(() => Object.values(agent.freeSockets).flat().length === 200);
  }
  const polls = agents.flatMap(pollAll);
  await eventually(() => longPoll.held === 2_000);
  expect(published.subscribers()).toBe(quiet + 1);
  const changedAt = performance.now();
  const next = published.publish('{"n":2}');
  const answers = await Promise.all(polls);
  expect(performance.now() - changedAt).toBeLessThan(2_000 * slowness());
  expect(new Set(answers.map(({ headers }) => headers['x-fairlead-revision']))).toEqual(
    new Set([next.revision]),
  );
  expect(longPoll.held).toBe(0);
  expect(published.subscribers()).toBe(quiet);
});
