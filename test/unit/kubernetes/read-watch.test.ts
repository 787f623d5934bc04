import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KubeClient } from '../../../src/kubernetes/kube-client.ts';
import { readWatch } from '../../../src/kubernetes/read-watch.ts';
import { defaultTimings, type Timings } from '../../../src/kubernetes/timings.ts';

let folder = '';
let server: Server;
let client: KubeClient;
let url = '';
let answer: (response: ServerResponse) => void;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fairlead-'));
  server = createServer((request, response) => {
    url = request.url ?? '';
    answer(response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const kubeconfig = join(folder, 'kubeconfig');
  const cluster = { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true };
  const config = {
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user: { token: 'abc' } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  };
  writeFileSync(kubeconfig, JSON.stringify(config));
  client = new KubeClient({ kubeconfig, context: null });
});
afterEach(async () => {
  await client.close();
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

const line = (type: string, object: object): string => `${JSON.stringify({ type, object })}\n`;
const service = (version: string) => ({ metadata: { name: 'a', resourceVersion: version } });

interface Followed {
  readonly versions: string[];
  readonly end: Promise<string>;
}

function follow(timings: Partial<Timings> = {}, signal = new AbortController().signal): Followed {
  const versions: string[] = [];
  const end = readWatch(client, '/api/v1/services', {
    version: '5',
    fieldSelector: undefined,
    timings: { ...defaultTimings, ...timings },
    signal,
    accepted: () => versions.push('accepted'),
    events: (events, version) => versions.push(`${events.length} to ${version}`),
  });
  return { versions, end };
}

describe('readWatch', () => {
  it('asks for bookmarks, from the version, for a limited time', async () => {
    answer = (response) => response.end(line('ADDED', service('6')) + line('BOOKMARK', service('9')));
    const { versions, end } = follow();
    expect(await end).toBe('closed');
    expect(versions).toEqual(['accepted', '2 to 9']);
    expect(url).toMatch(
      /^\/api\/v1\/services\?watch=true&allowWatchBookmarks=true&resourceVersion=5&timeoutSeconds=[345]\d\d$/,
    );
  });

  it('delivers what came before an ERROR event, which it rejects with', async () => {
    const status = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' };
    answer = (response) => response.end(line('MODIFIED', service('6')) + line('ERROR', status));
    const { versions, end } = follow();
    await expect(end).rejects.toMatchObject({ status: 410, reason: 'Expired' });
    expect(versions).toEqual(['accepted', '1 to 6']);
  });

  it('rejects with a refusal, and with a connection that was cut', async () => {
    answer = (response) => response.writeHead(410).end();
    await expect(follow().end).rejects.toMatchObject({ status: 410 });
    answer = (response) => {
      response.write(line('ADDED', service('6')), () => response.destroy());
    };
    const { versions, end } = follow();
    await expect(end).rejects.toThrow();
    expect(versions[0]).toBe('accepted');
  });

  it('ends when nothing comes any more', async () => {
    answer = (response) => void response.write(line('ADDED', service('6')));
    const { versions, end } = follow({ idleMs: [50, 60] });
    expect(await end).toBe('idle');
    expect(versions).toEqual(['accepted', '1 to 6']);
  });

  it('rejects when it is not accepted in time', async () => {
    answer = () => undefined;
    await expect(follow({ acceptMs: 50 }).end).rejects.toMatchObject({ status: 0, reason: 'Timeout' });
  });

  it('ends at once when it is stopped', async () => {
    answer = () => undefined;
    const stop = new AbortController();
    const { versions, end } = follow({}, stop.signal);
    setTimeout(() => stop.abort(), 20);
    await expect(end).rejects.toThrow();
    expect(versions).toEqual([]);
  });
});
