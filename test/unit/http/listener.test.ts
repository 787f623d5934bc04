import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import type { HttpApp } from '../../../src/http/http-app.ts';
import { startListener } from '../../../src/http/listener.ts';
import { ListenError } from '../../../src/http/listen-error.ts';
import { ask, createLog, eventually, open, readFixture, sleep, startProvider, type Ask } from './support.ts';
import { slowness } from '../../support/slowness.ts';

const anywhere = { host: '127.0.0.1', port: 0 };
const silent: HttpApp = { handler: () => {}, drain: () => {} };

function keepAlive(): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  return agent;
}

function listenSilently(address = anywhere) {
  return startListener(silent, address, { setting: 'listen.admin', log: createLog().log });
}

test('an address in use is reported in one line that names it and its setting', async () => {
  const first = await listenSilently();
  onTestFinished(() => first.stop(0));
  const error = await listenSilently(first.address).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ListenError);
  expect(String(error)).toContain(`cannot listen on 127.0.0.1:${first.address.port} (listen.admin)`);
  expect(String(error)).toContain('another process listens there already');
  expect(String(error)).not.toContain('\n');
});

test('an address that this host does not have is reported', async () => {
  await expect(listenSilently({ host: '192.0.2.1', port: 0 })).rejects.toThrow(
    'no network interface of this host has the address 192.0.2.1',
  );
});

test('a stop answers held polls at once with the current body, and closes their connections', async () => {
  const { port, listener, published, longPoll } = await startProvider({ holdMs: 60_000 });
  const { whole: body } = published.publish('{"n":1}');
  const agent = keepAlive();
  await ask(port, '/traefik', { agent });
  const poll = ask(port, '/traefik', { agent });
  await eventually(() => longPoll.held === 1);
  const stopped = performance.now();
  const stop = listener.stop(10_000);
  const answer = await poll;
  expect(answer.body).toEqual(body);
  expect(answer.headers.connection).toBe('close');
  await stop;
  expect(performance.now() - stopped).toBeLessThan(500 * slowness());
  await expect(ask(port, '/traefik')).rejects.toThrow('ECONNREFUSED');
});

test('a stop does not wait for idle connections, nor for those that never sent a request', async () => {
  const { port, listener, published } = await startProvider();
  published.publish('{}');
  await ask(port, '/traefik', { agent: keepAlive() });
  const mute = connect(port, '127.0.0.1');
  mute.on('error', () => {});
  await new Promise((resolve) => void mute.once('connect', resolve));
  const stopped = performance.now();
  await listener.stop(10_000);
  expect(performance.now() - stopped).toBeLessThan(1_000 * slowness());
});

test('a request on a connection that was open before the stop is still answered', async () => {
  const { port, listener, published } = await startProvider();
  const { whole: body } = published.publish('{"n":1}');
  const late = request({ host: '127.0.0.1', port, path: '/traefik', agent: keepAlive() });
  const answer = new Promise<string>((resolve, reject) => {
    late.once('error', reject).once('response', (response) => {
      response.resume();
      resolve(`${response.statusCode} ${response.headers.connection} ${response.headers['content-length']}`);
    });
  });
  await new Promise((resolve) => void late.once('socket', (socket) => socket.once('connect', resolve)));
  await sleep(20);
  const stop = listener.stop(10_000);
  late.end();
  expect(await answer).toBe(`200 close ${body.length}`);
  await stop;
});

test('an answer under way when the stop comes is finished, and its connection closed after it', async () => {
  const { port, listener, published } = await startProvider();
  const { whole: body } = published.publish(JSON.stringify('x'.repeat(20_000_000)));
  const response = await open(port, '/traefik', { agent: keepAlive() });
  const stopped = performance.now();
  const stop = listener.stop(10_000);
  let read = 0;
  for await (const chunk of response) read += Buffer.from(chunk).length;
  expect(read).toBe(body.length);
  await stop;
  expect(performance.now() - stopped).toBeLessThan(3_000 * slowness());
});

test('what is left after the deadline is cut off', async () => {
  const listener = await listenSilently();
  const never = ask(listener.address.port, '/').catch((error: unknown) => error);
  await sleep(50);
  const stopped = performance.now();
  const [first, second] = [listener.stop(100), listener.stop(60_000)];
  expect(second).toBe(first);
  await first;
  expect(performance.now() - stopped).toBeGreaterThan(90);
  expect(performance.now() - stopped).toBeLessThan(1_000 * slowness());
  expect(await never).toBeInstanceOf(Error);
});

test('connections beyond the limit are refused and reported once', async () => {
  const { port, published, lines } = await startProvider({ listen: { maxConnections: 1 } });
  published.publish('{}');
  const agent = keepAlive();
  await ask(port, '/traefik', { agent });
  for (let count = 0; count < 3; count += 1) await expect(ask(port, '/traefik')).rejects.toThrow();
  expect((await ask(port, '/traefik', { agent, method: 'HEAD' })).status).toBe(200);
  expect(lines.filter((line) => line.msg === 'too many connections, one refused')).toHaveLength(1);
});

const byToken = { headers: { authorization: 'Bearer a-token' } };

/** Opens connections that stay open from this side, and counts those that the listener has closed. */
function flood(port: number, count: number, send = '') {
  const sockets = Array.from({ length: count }, () => connect({ port, host: '127.0.0.1' }));
  let closed = 0;
  for (const socket of sockets) {
    socket.on('error', () => {}).once('close', () => (closed += 1));
    socket.resume().write(send);
  }
  onTestFinished(() => sockets.forEach((socket) => socket.destroy()));
  return { closed: () => closed };
}

test('a refusal ends its connection: thousands of them leave none open', async () => {
  const { port, published } = await startProvider({ tokens: ['a-token'] });
  published.publish('{}');
  const { closed } = flood(port, 200, 'GET /traefik HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await eventually(() => closed() === 200);
  expect((await ask(port, '/traefik', byToken)).status).toBe(200);
});

test('an address has few connections that were never answered, and others have theirs', async () => {
  const addressLimits = { perAddress: 30, strangersPerAddress: 20 };
  const { port, published, lines } = await startProvider({ tokens: ['a-token'], listen: { addressLimits } });
  published.publish('{}');
  const agent = keepAlive();
  await ask(port, '/traefik', { agent, ...byToken });
  const { closed } = flood(port, 50);
  await eventually(() => closed() === 30);
  // The one that was answered before, and a new one from elsewhere.
  expect((await ask(port, '/traefik', { agent, ...byToken, method: 'HEAD' })).status).toBe(200);
  expect((await ask(port, '/traefik', { ...byToken, localAddress: '127.0.0.2' })).status).toBe(200);
  await expect(ask(port, '/traefik', byToken)).rejects.toThrow();
  expect(lines.filter(({ msg }) => msg === 'too many connections of one address, one refused')).toHaveLength(
    1,
  );
});

test('an address has no more than its share of answered connections, and gets it back', async () => {
  const addressLimits = { perAddress: 2, strangersPerAddress: 2 };
  const { port, published } = await startProvider({ listen: { addressLimits } });
  published.publish('{}');
  const agents = [new Agent({ keepAlive: true }), new Agent({ keepAlive: true })];
  for (const agent of agents) await ask(port, '/traefik', { agent });
  await expect(ask(port, '/traefik')).rejects.toThrow();
  for (const agent of agents) agent.destroy();
  await sleep(50);
  expect((await ask(port, '/traefik')).status).toBe(200);
});

test('a connection that sends nothing is closed within ten seconds', { timeout: 15_000 }, async () => {
  const { port } = await startProvider();
  const { closed } = flood(port, 1);
  const started = performance.now();
  while (closed() === 0 && performance.now() - started < 12_000) await sleep(100);
  expect(performance.now() - started).toBeLessThan(10_000);
});

const certificate = { cert: readFixture('server.crt'), key: readFixture('server.key') };
const authority = readFixture('authority.crt');
const secure: Ask = { protocol: 'https:', ca: authority };

test('with a certificate the provider speaks TLS, from 1.2 on', async () => {
  const { port, published } = await startProvider({ listen: { tls: certificate } });
  const { whole: body } = published.publish('{"n":1}');
  expect((await ask(port, '/traefik', secure)).body).toEqual(body);
  const old = connectTls({
    port,
    host: '127.0.0.1',
    rejectUnauthorized: false,
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.1',
    ciphers: 'DEFAULT@SECLEVEL=0',
  });
  const outcome = await new Promise(
    (resolve) => void old.once('error', resolve).once('secureConnect', resolve),
  );
  expect(String(outcome)).toMatch(/protocol version|unsupported protocol/);
});

test('with a client CA its clients are answered', async () => {
  const { port, published } = await startProvider({
    listen: { tls: { ...certificate, clientCA: authority } },
  });
  const { whole: body } = published.publish('{"n":1}');
  const client = { cert: readFixture('client.crt'), key: readFixture('client.key') };
  expect((await ask(port, '/traefik', { ...secure, ...client })).body).toEqual(body);
});

test.each([
  ['without a certificate', {}, 'peer did not return a certificate'],
  [
    'of another authority',
    { cert: readFixture('stranger.crt'), key: readFixture('stranger.key') },
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  ],
])('with a client CA a client %s is refused, and the log tells why', async (_which, client, reason) => {
  const tls = { ...certificate, clientCA: authority };
  const { port, published, lines } = await startProvider({ listen: { tls } });
  published.publish('{"n":1}');
  await expect(ask(port, '/traefik', { ...secure, ...client })).rejects.toThrow();
  await eventually(() => lines.length > 0);
  expect(lines).toMatchObject([{ msg: 'TLS refused', level: 40, reason }]);
});

test('with tokens and a client CA both are needed', async () => {
  const tls = { ...certificate, clientCA: authority };
  const { port, published } = await startProvider({ tokens: ['s3cret'], listen: { tls } });
  published.publish('{}');
  const client = { ...secure, cert: readFixture('client.crt'), key: readFixture('client.key') };
  const headers = { authorization: 'Bearer s3cret' };
  expect((await ask(port, '/traefik', client)).status).toBe(401);
  await expect(ask(port, '/traefik', { ...secure, headers })).rejects.toThrow();
  expect((await ask(port, '/traefik', { ...client, headers })).status).toBe(200);
});

test('polls are held over TLS too, and a TLS stop leaves nothing open', async () => {
  const { Agent: TlsAgent } = await import('node:https');
  const { port, listener, published, longPoll } = await startProvider({
    holdMs: 60_000,
    listen: { tls: certificate },
  });
  published.publish('{"n":1}');
  const agent = new TlsAgent({ keepAlive: true, maxSockets: 1, ca: authority });
  onTestFinished(() => agent.destroy());
  await ask(port, '/traefik', { ...secure, agent });
  const poll = ask(port, '/traefik', { ...secure, agent });
  await eventually(() => longPoll.held === 1);
  const unfinishedHandshake = connect(port, '127.0.0.1');
  unfinishedHandshake.on('error', () => {});
  await sleep(20);
  const stopped = performance.now();
  await listener.stop(300);
  expect((await poll).headers.connection).toBe('close');
  expect(performance.now() - stopped).toBeLessThan(1_000 * slowness());
});

test('a key that is not that of the certificate is refused at the start', async () => {
  const tls = { cert: certificate.cert, key: readFixture('client.key') };
  await expect(startProvider({ listen: { tls } })).rejects.toThrow(
    'the TLS certificate, key or client CA of listen.provider cannot be used',
  );
});

test('new certificates are used for the next connection, and held polls go on', async () => {
  const { port, published, listener, longPoll } = await startProvider({ listen: { tls: certificate } });
  published.publish('{"n":1}');
  const agent = new HttpsAgent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  await ask(port, '/traefik', { ...secure, agent });
  const held = ask(port, '/traefik', { ...secure, agent });
  await eventually(() => longPoll.held === 1);
  listener.setTls({ cert: readFixture('client.crt'), key: readFixture('client.key') });
  const next = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
  await once(next, 'secureConnect');
  const expected = new X509Certificate(readFixture('client.crt')).fingerprint256;
  expect(next.getPeerCertificate().fingerprint256).toBe(expected);
  next.destroy();
  published.publish('{"n":2}');
  expect((await held).body.toString()).toBe('{"n":2}');
});
