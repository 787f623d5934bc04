import { createServer, type RequestListener } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { EdgeClient } from '../../../src/edge/edge-client.ts';

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
}

function toClient(server: string, fleet?: string): EdgeClient {
  const client = new EdgeClient({ server, fleet, host: 'host-a', token: () => Promise.resolve('secret') });
  onTestFinished(() => client.close());
  return client;
}

const config = { entryPoints: { web: { address: ':80', http: {} } }, providers: {} };
const answer = { fleet: 'inner', traefik: '3.7', holdMs: 4_000, banks: [{ bank: 0, state: 'open', config }] };

test('it asks with its token and its name, and for what it has not got yet', async () => {
  const asked: unknown[] = [];
  const server = await serve(({ url, headers }, response) => {
    asked.push([url, headers.authorization, headers['x-fairlead-host'], headers['if-none-match']]);
    if (headers['if-none-match'] === '"r1"') response.writeHead(304).end();
    else response.writeHead(200, { ETag: '"r1"' }).end(JSON.stringify(answer));
  });
  const client = toClient(server, 'inner');
  expect(await client.ask()).toEqual({ kind: 'answer', answer });
  expect(await client.ask()).toEqual({ kind: 'unchanged' });
  expect(asked).toEqual([
    ['/edge/inner', 'Bearer secret', 'host-a', undefined],
    ['/edge/inner', 'Bearer secret', 'host-a', '"r1"'],
  ]);
});

test.each([
  [200, '<html>', 'refused', /is no Fairlead: its answer is another one/],
  [200, JSON.stringify({ ...answer, banks: [] }), 'refused', /is no Fairlead/],
  [200, JSON.stringify({ ...answer, fleet: '../x' }), 'refused', /is no Fairlead/],
  [301, '', 'refused', /is no Fairlead: it answered 301; give the URL of the provider listener/],
  [404, 'not found', 'refused', /is no Fairlead: it answered 404/],
  [
    404,
    '{"error":"nothing is served at /edge"}',
    'refused',
    /does not answer \/edge \(404: nothing is served/,
  ],
  [404, '{"error":"x","fleets":["a","b"]}', 'refused', /has no fleet "inner"; it has a, b/],
  [401, '{"error":"a valid bearer token is needed"}', 'refused', /refuses the token \(401\)/],
  [421, '{"error":"not this host"}', 'refused', /refuses \(421\): not this host/],
  [503, '{"error":"starting, and waiting for x"}', 'away', /^starting, and waiting for x$/],
  [502, 'bad gateway', 'away', /answered 502/],
])('%i %s is %s', async (status, body, kind, why) => {
  const server = await serve((_, response) => void response.writeHead(status).end(body));
  expect(await toClient(server, 'inner').ask()).toEqual({ kind, why: expect.stringMatching(why) });
});

test('a server that is not there is away', async () => {
  const outcome = await toClient('http://127.0.0.1:1').ask();
  expect(outcome).toMatchObject({ kind: 'away', why: expect.stringContaining('ECONNREFUSED') });
});

test('one that breaks off is away, and a file that cannot be read too', async () => {
  const server = await serve(({ socket }) => void socket.destroy());
  expect((await toClient(server).ask()).kind).toBe('away');
  const client = new EdgeClient({
    server,
    host: 'a',
    token: () => Promise.reject(new Error('no token')),
  });
  onTestFinished(() => client.close());
  expect(await client.ask()).toEqual({ kind: 'away', why: 'no token' });
});
