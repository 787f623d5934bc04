import { once } from 'node:events';
import { Agent } from 'node:http';
import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { startHttp } from '../../../src/http/start-http.ts';
import type { ListenAddress } from '../../../src/settings/settings.ts';
import { ask, createLog, MemoryInspection, MemoryPublished, sleep } from './support.ts';

const anywhere = { host: '127.0.0.1', port: 0 };

function start(published: MemoryPublished, addresses: { provider: ListenAddress; admin: ListenAddress }) {
  const provider = { holdMs: 60_000, debounceMs: 0, maxWaitMs: 0, shards: 1, tokens: [], tls: null };
  const settings = { listen: addresses, provider };
  return startHttp({ settings, published, inspection: new MemoryInspection(), log: createLog().log });
}

test('a stop makes unready first, then releases held polls, and takes the admin listener last', async () => {
  const published = new MemoryPublished();
  published.publish('{"n":1}');
  const http = await start(published, { provider: anywhere, admin: anywhere });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  await ask(http.provider.port, '/traefik', { agent });
  const held = ask(http.provider.port, '/traefik', { agent });
  await sleep(30);
  expect((await ask(http.admin.port, '/metrics')).body.toString()).toContain('fairlead_held_polls 1\n');
  expect((await ask(http.admin.port, '/api/pollers')).body.toString()).toContain('"current":true');
  // A connection that has asked nothing yet is waited for a moment.
  const silent = connect(http.provider.port, '127.0.0.1');
  await once(silent, 'connect');
  const stop = http.stop(5_000);
  expect((await ask(http.admin.port, '/readyz')).status).toBe(503);
  const answer = await held;
  expect(answer.headers.connection).toBe('close');
  expect(answer.status).toBe(200);
  await stop;
  await expect(ask(http.admin.port, '/healthz')).rejects.toThrow('ECONNREFUSED');
  expect(published.subscribers()).toBe(0);
});

test('when the provider cannot listen, the admin listener does not go on', async () => {
  const published = new MemoryPublished();
  const taken = await start(published, { provider: anywhere, admin: anywhere });
  onTestFinished(() => taken.stop(0));
  const subscribers = published.subscribers();
  await expect(start(published, { provider: taken.provider, admin: anywhere })).rejects.toThrow(
    `cannot listen on 127.0.0.1:${taken.provider.port} (listen.provider)`,
  );
  expect(published.subscribers()).toBe(subscribers);
});
