import { connect } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { ask, eventually, MemoryPublished, Revision, startProvider } from '../support.ts';
import { slowness } from '../../../support/slowness.ts';

const gzipped = { headers: { 'accept-encoding': 'gzip' } };

test('the first fleet is served at /traefik, and each at its own path', async () => {
  const { port, published } = await startProvider({ published: new MemoryPublished(['edge', 'inner']) });
  const edge = published.publish('{"edge":1}', 'edge');
  const inner = published.publish('{"inner":1}', 'inner');
  const first = await ask(port, '/traefik');
  expect(first.body).toEqual(edge.whole);
  expect(first.headers).toMatchObject({
    'content-type': 'application/json',
    'content-length': String(edge.bytes),
    etag: `"${edge.revision}"`,
    'x-fairlead-revision': edge.revision,
    vary: 'Accept-Encoding',
    'cache-control': 'no-cache',
  });
  expect(first.headers).not.toHaveProperty('x-powered-by');
  expect(first.headers).not.toHaveProperty('content-encoding');
  expect((await ask(port, '/traefik/edge')).body).toEqual(edge.whole);
  expect((await ask(port, '/traefik/inner?x=1')).body).toEqual(inner.whole);
});

test('a gzip answer inflates to the same bytes, and is compressed once for all', async () => {
  const { port, published } = await startProvider();
  const revision = published.publish(JSON.stringify({ long: 'é😀'.repeat(10_000) }));
  const answers = await Promise.all([1, 2, 3].map(() => ask(port, '/traefik', gzipped)));
  for (const { headers, body } of answers) {
    expect(headers['content-encoding']).toBe('gzip');
    expect(headers['content-length']).toBe(String(body.length));
    expect(gunzipSync(body)).toEqual(revision.whole);
  }
  expect(revision.compressions).toBe(1);
});

test('before ready it answers 503 with a reason, never a document', async () => {
  const { port, published, pollers } = await startProvider();
  published.waitingFor = ['source prod'];
  const early = await ask(port, '/traefik');
  expect(early.status).toBe(503);
  expect(early.headers['retry-after']).toBe('1');
  expect(JSON.parse(early.body.toString())).toMatchObject({ waitingFor: ['source prod'] });
  published.waitingFor = [];
  expect((await ask(port, '/traefik')).status).toBe(503);
  published.publish('{}');
  expect((await ask(port, '/traefik')).status).toBe(200);
  await eventually(() => pollers.rows(published)[0]?.polls === 3);
});

test('HEAD has the headers of GET and no body, and is never held', async () => {
  const { port, published } = await startProvider();
  const { whole: body } = published.publish('{"a":1}');
  const get = await ask(port, '/traefik');
  const head = await ask(port, '/traefik', { method: 'HEAD' });
  expect(head.status).toBe(200);
  expect(head.body).toHaveLength(0);
  expect(head.headers['content-length']).toBe(String(body.length));
  expect(head.headers.etag).toBe(get.headers.etag);
});

test('If-None-Match is answered 304 without a body, in its weak form too', async () => {
  const { port, published } = await startProvider();
  const { revision } = published.publish('{"a":1}');
  for (const tag of [`"${revision}"`, `W/"${revision}"`, '*', `"x", "${revision}"`]) {
    const answer = await ask(port, '/traefik', { headers: { 'if-none-match': tag } });
    expect(answer.status).toBe(304);
    expect(answer.body).toHaveLength(0);
    expect(answer.headers.etag).toBe(`"${revision}"`);
  }
  expect((await ask(port, '/traefik', { headers: { 'if-none-match': '"old"' } })).status).toBe(200);
});

test('what is not served is reported in JSON', async () => {
  const { port, published } = await startProvider();
  published.publish('{}');
  const unknown = await ask(port, '/traefik/egde');
  expect(unknown.status).toBe(404);
  expect(JSON.parse(unknown.body.toString())).toEqual({
    error: 'no fleet is named "egde"',
    fleets: ['default'],
  });
  expect((await ask(port, '/')).status).toBe(404);
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    const answer = await ask(port, '/traefik', { method });
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe('GET, HEAD');
  }
  const malformed = await ask(port, '/traefik/%zz');
  expect(malformed.status).toBe(400);
  expect(JSON.parse(malformed.body.toString())).toEqual({ error: 'malformed request' });
});

test('a defect of ours answers 500 without telling about the inside, and is logged', async () => {
  const { port, published, lines, pollers } = await startProvider();
  const revision = published.publish('{}');
  revision.gzip = () => Promise.reject(new Error('secret path /etc'));
  const answer = await ask(port, '/traefik', gzipped);
  expect(answer.status).toBe(500);
  expect(answer.body.toString()).toBe('{"error":"internal error"}\n');
  expect(lines.filter((line) => line.level === 50)).toMatchObject([{ msg: 'request failed' }]);
  await eventually(() => pollers.rows(published)[0]?.status === 500);
  expect(pollers.rows(published)[0]?.revision).toBeNull();
});

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

test('with tokens each request has to bring one, whatever it asks for', async () => {
  const { port, published, lines, metrics } = await startProvider({ tokens: ['s3cret-a', 's3cret-b'] });
  published.publish('{"a":1}');
  const none = await ask(port, '/traefik');
  expect(none.status).toBe(401);
  expect(none.headers['www-authenticate']).toBe('Bearer realm="fairlead"');
  expect(none.headers).not.toHaveProperty('etag');
  const wrong = await ask(port, '/traefik', bearer('s3cret-c'));
  expect(wrong.status).toBe(401);
  expect(wrong.headers['www-authenticate']).toBe('Bearer realm="fairlead", error="invalid_token"');
  expect((await ask(port, '/traefik/unknown')).status).toBe(401);
  expect((await ask(port, '/')).status).toBe(401);
  for (const token of ['s3cret-a', 's3cret-b']) {
    expect((await ask(port, '/traefik', bearer(token))).status).toBe(200);
  }
  expect(lines.filter((line) => line.level === 40)).toHaveLength(1);
  expect(JSON.stringify(lines)).not.toContain('s3cret');
  await expect(metrics.render()).resolves.toContain('fairlead_polls_total{fleet="",status="401"} 4');
});

test('pollers and log hold one entry for each poll of a known fleet', async () => {
  const { port, published, pollers, lines, metrics } = await startProvider();
  const { revision } = published.publish('{}');
  await ask(port, '/traefik', { headers: { 'user-agent': 'Go-http-client/1.1', cookie: 'private' } });
  await ask(port, '/traefik/nobody');
  await eventually(() => lines.length === 2);
  expect(pollers.rows(published)).toMatchObject([
    { address: '127.0.0.1', userAgent: 'Go-http-client/1.1', fleet: 'default', revision, current: true },
  ]);
  expect(lines[0]).toMatchObject({ level: 20, msg: 'poll', fleet: 'default', status: 200, revision });
  expect(JSON.stringify(lines)).not.toContain('private');
  const text = await metrics.render();
  expect(text).toContain('fairlead_polls_total{fleet="default",status="200"} 1');
  expect(text).toContain('fairlead_polls_total{fleet="",status="404"} 1');
});

test('a slow reader delays nobody, and is not taken to have what it has not read', async () => {
  const { port, published, longPoll, pollers } = await startProvider();
  const big = published.publish(JSON.stringify('x'.repeat(30_000_000)));
  const slow = connect(port, '127.0.0.1');
  slow.on('error', () => {});
  slow.write('GET /traefik HTTP/1.1\r\nHost: x\r\n\r\n');
  await new Promise((resolve) => void slow.once('readable', resolve));
  const other = await ask(port, '/traefik');
  expect(other.body.length).toBe(big.bytes);
  expect(other.ms).toBeLessThan(3_000 * slowness());
  expect(longPoll.held).toBe(0);
  await eventually(() => pollers.rows(published).length > 0);
  expect(pollers.rows(published)).toMatchObject([{ polls: 1, status: 200 }]);
  slow.destroy();
  await eventually(() => pollers.rows(published)[0]?.status === 499);
});

test('a revision that changes while it is compressed is sent as a whole', async () => {
  const { port, published } = await startProvider();
  const first = published.publish('{"first":1}');
  const compress = Revision.prototype.gzip.bind(first);
  first.gzip = () => {
    published.publish('{"second":1}');
    return compress();
  };
  const answer = await ask(port, '/traefik', gzipped);
  expect(answer.headers['x-fairlead-revision']).toBe(first.revision);
  expect(gunzipSync(answer.body)).toEqual(first.whole);
});

test('/edge says what the hosts of a fleet run, as guarded as the routes, and not before all is known', async () => {
  const published = new MemoryPublished(['edge', 'inner']);
  published.waitingFor = ['the ledger'];
  const edge = { inner: { revision: 'r1', body: '{"fleet":"inner"}' } };
  const tokens = ['a-token-of-some-length'];
  const { port } = await startProvider({ published, edge, tokens });
  const headers = { authorization: `Bearer ${tokens[0]}` };
  expect((await ask(port, '/edge/inner')).status).toBe(401);
  expect((await ask(port, '/edge/inner', { headers })).status).toBe(503);
  published.waitingFor = [];
  const answer = await ask(port, '/edge/inner', { headers });
  expect([answer.status, answer.body.toString()]).toEqual([200, edge.inner.body]);
  expect(answer.headers).toMatchObject({ etag: '"r1"', 'content-type': 'application/json' });
  const known = { ...headers, 'if-none-match': '"r1"' };
  expect((await ask(port, '/edge/inner', { headers: known })).status).toBe(304);
  expect((await ask(port, '/edge/inner', { headers, method: 'POST' })).status).toBe(405);
  const unknown = await ask(port, '/edge/other', { headers });
  expect([unknown.status, JSON.parse(unknown.body.toString())]).toEqual([
    404,
    { error: 'no fleet is named "other"', fleets: ['edge', 'inner'] },
  ]);
});

test('reports of hosts are as guarded as the routes, bounded, and taken as JSON of a host that names itself alone', async () => {
  const tokens = ['a-token-of-some-length'];
  const taken: unknown[] = [];
  const { port } = await startProvider({
    tokens,
    edgeReported: (...report) => {
      taken.push(report);
      return report[0] === 'inner' ? 'taken' : 'unknown-fleet';
    },
  });
  const body = JSON.stringify({ traefiks: [] });
  const headers = {
    authorization: `Bearer ${tokens[0]}`,
    'x-fairlead-host': 'host-1',
    'content-type': 'application/json',
  };
  const post = async (change: Readonly<Record<string, string>>, text = body, fleet = 'inner') =>
    (
      await ask(port, `/edge/${fleet}/state`, {
        method: 'POST',
        body: text,
        headers: { ...headers, ...change, 'content-length': String(Buffer.byteLength(text)) },
      })
    ).status;
  expect(await post({ authorization: '' })).toBe(401);
  expect(await post({ 'x-fairlead-host': 'no name' })).toBe(400);
  expect(await post({}, '{')).toBe(400);
  expect(await post({}, `[${' '.repeat(256 * 1024)}]`)).toBe(413);
  expect(await post({ 'content-encoding': 'gzip' })).toBe(415);
  expect(taken).toEqual([]);
  expect(await post({ 'x-forwarded-for': '' })).toBe(204);
  expect(await post({}, body, 'other')).toBe(404);
  expect(taken).toEqual([
    ['inner', 'host-1', { traefiks: [] }],
    ['other', 'host-1', { traefiks: [] }],
  ]);
  // A form of a website.
  await post({ 'content-type': 'text/plain' });
  expect(taken.at(-1)).toEqual(['inner', 'host-1', undefined]);
  expect((await ask(port, '/edge/inner/state', { headers })).status).toBe(405);
});
