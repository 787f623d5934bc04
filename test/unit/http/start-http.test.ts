import { once } from 'node:events';
import { Agent } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startHttp } from '../../../src/http/start-http.ts';
import type { AdminSettings, ListenSettings } from '../../../src/settings/settings.ts';
import {
  ask,
  createLog,
  eventually,
  MemoryInspection,
  MemoryListing,
  MemoryPublished,
  open,
  sleep,
  type Ask,
} from './support.ts';

const anywhere = { host: '127.0.0.1', port: 0 };

interface Given {
  readonly listen?: Partial<ListenSettings>;
  readonly tokens?: readonly string[];
  readonly admin?: Partial<AdminSettings>;
}

function toSettings({ listen = {}, tokens = [], admin = {} }: Given) {
  const times = { holdMs: 60_000, debounceMs: 0, maxWaitMs: 0 };
  const provider = {
    ...times,
    shards: 1,
    tokens,
    tls: null,
    shrinkGuard: { mode: 'off', share: 0.5, minimum: 1, forMs: 0, rules: [] },
    keysWithoutToken: 'loopback',
  } as const;
  const addresses = { provider: anywhere, admin: anywhere };
  return {
    listen: { ...addresses, hosts: [], trustForwarded: false, ...listen },
    provider,
    admin: { users: [], tokens: [], ...admin },
    fleets: [],
  };
}

function start(published: MemoryPublished, given: Given = {}) {
  const settings = toSettings(given);
  const about = {
    listing: new MemoryListing(),
    edge: () => undefined,
    edgeReported: () => 'taken' as const,
    confirm: () => Promise.resolve([]),
    version: '0',
    isLeader: () => true,
    log: createLog().log,
  };
  return startHttp({ settings, published, inspection: new MemoryInspection(), ...about });
}

test('a stop makes unready first, then releases held polls, and takes the admin listener last', async () => {
  const published = new MemoryPublished();
  published.publish('{"n":1}');
  const http = await start(published);
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
  const taken = await start(published);
  onTestFinished(() => taken.stop(0));
  const subscribers = published.subscribers();
  await expect(start(published, { listen: { provider: taken.provider } })).rejects.toThrow(
    `cannot listen on 127.0.0.1:${taken.provider.port} (listen.provider)`,
  );
  expect(published.subscribers()).toBe(subscribers);
});

async function startReady(given: Given = {}) {
  const published = new MemoryPublished();
  published.publish('{}');
  const http = await start(published, given);
  onTestFinished(() => http.stop(0));
  return { provider: http.provider.port, admin: http.admin.port };
}

describe('a listener on loopback', () => {
  const forged = { headers: { host: 'rebound.example' } };
  const proxied = { headers: { 'x-forwarded-host': 'evil.example' } };

  test('answers for loopback names and those of listen.hosts only', async () => {
    const { provider, admin } = await startReady({ listen: { hosts: ['vm.example.com'] } });
    for (const [port, path] of [[provider, '/traefik'] as const, [admin, '/api/routes'] as const]) {
      expect((await ask(port, path, forged)).status).toBe(421);
      expect((await ask(port, path, { headers: { host: `VM.example.com:${port}` } })).status).toBe(200);
      expect((await ask(port, path)).status).toBe(200);
    }
  });

  test('answers nothing that came through a proxy, and closes its connection', async () => {
    const { provider, admin } = await startReady();
    const refused = await ask(provider, '/traefik', proxied);
    expect([refused.status, refused.headers.connection]).toEqual([403, 'close']);
    expect((await ask(admin, '/api/routes', proxied)).status).toBe(403);
  });

  test('answers the page through a trusted proxy, and the provider only with a token', async () => {
    const free = await startReady({ listen: { trustForwarded: true } });
    expect((await ask(free.admin, '/api/routes', proxied)).status).toBe(200);
    expect((await ask(free.provider, '/traefik', proxied)).status).toBe(403);
    const closed = await startReady({ listen: { trustForwarded: true }, tokens: ['a-secret-token-of-16'] });
    const headers = { ...proxied.headers, authorization: 'Bearer a-secret-token-of-16' };
    expect((await ask(closed.provider, '/traefik', { headers })).status).toBe(200);
    expect((await ask(closed.provider, '/traefik', proxied)).status).toBe(401);
  });
});

describe('who may look at the admin listener', () => {
  const token = 'a-token-of-many-characters';
  const bearer = { headers: { authorization: `Bearer ${token}` } };

  test('is asked before everything but health and metrics', async () => {
    const { admin } = await startReady({ admin: { tokens: [{ token, namespaces: 'all' }] } });
    const statuses = async (options: Ask = {}) =>
      Promise.all(
        ['/', '/api/routes', '/nothing'].map(async (path) => (await ask(admin, path, options)).status),
      );
    expect(await statuses()).toEqual([401, 401, 401]);
    expect(await statuses(bearer)).toEqual([200, 200, 404]);
    for (const path of ['/healthz', '/readyz', '/metrics']) expect((await ask(admin, path)).status).toBe(200);
    const { headers } = await ask(admin, '/');
    expect(headers['www-authenticate']).toBe(
      'Basic realm="fairlead", charset="UTF-8", Bearer realm="fairlead"',
    );
  });

  test('changes while it runs, and ends what is being watched', async () => {
    const published = new MemoryPublished();
    published.publish('{}');
    const http = await start(published);
    onTestFinished(() => http.stop(0));
    const stream = await open(http.admin.port, '/api/events');
    let ended = false;
    stream.resume().on('end', () => (ended = true));
    http.reload(toSettings({ admin: { tokens: [{ token, namespaces: 'all' }] } }));
    await eventually(() => ended);
    expect((await ask(http.admin.port, '/api/routes')).status).toBe(401);
    expect((await ask(http.admin.port, '/api/routes', bearer)).status).toBe(200);
    http.reload(toSettings({}));
    expect((await ask(http.admin.port, '/api/routes')).status).toBe(200);
  });

  test('is nobody from elsewhere without users and tokens, on a listener for all', async () => {
    const { admin } = await startReady({ listen: { admin: { host: '', port: 0 } } });
    expect((await ask(admin, '/api/routes')).status).toBe(200);
    const forged = { headers: { host: 'rebound.example' } };
    expect((await ask(admin, '/api/routes', forged)).status).toBe(403);
    expect((await ask(admin, '/metrics', forged)).status).toBe(200);
  });
});
