import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runHere } from './run-here.ts';

let folder = '';
let url = '';
const asked: (string | undefined)[] = [];
let answer = { status: 200, body: '[]' };
const server = createServer((request: IncomingMessage, response) => {
  if (request.url === '/readyz') {
    response.end('{}');
    return;
  }
  asked.push(request.headers.authorization);
  response.writeHead(answer.status).end(answer.body);
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fairlead-'));
  writeFileSync(join(folder, 'token'), 'a-token-of-many-characters\n');
  writeFileSync(join(folder, 'password'), 'geheim ü\n');
  asked.length = 0;
  answer = { status: 200, body: '[]' };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
});
afterEach(async () => {
  server.close();
  await once(server, 'close');
  rmSync(folder, { recursive: true });
});

const explain = (...args: readonly string[]) =>
  runHere(folder, 'explain', 'svc/a/b', '--server', url, ...args);

test('a token or a user and password is sent', async () => {
  await explain();
  await explain('--token-file', 'token');
  await explain('--user', 'ops', '--password-file', 'password');
  expect(asked).toEqual([
    undefined,
    'Bearer a-token-of-many-characters',
    `Basic ${Buffer.from('ops:geheim ü').toString('base64')}`,
  ]);
});

test('who names folders or a cluster asks nobody', async () => {
  const folders = '--server is for a running Fairlead, and folders are named; leave out one of them';
  expect((await explain('.')).err).toContain(folders);
  expect((await runHere(folder, 'ports', '.', '--server', url)).err).toContain(folders);
  expect((await explain('--context', 'prod')).err).toContain('a cluster is named; leave out one of them');
  expect(asked).toEqual([]);
});

test('a file that is not there is not one to be made', async () => {
  const { status, err } = await explain('--token-file', 'none');
  expect([status, err]).toEqual([
    2,
    `fairlead: --token-file ${join(folder, 'none')} cannot be read: there is no such file: mend the path (ENOENT)\n`,
  ]);
});

test('a refusal says which option is needed, and which did not help', async () => {
  answer = { status: 401, body: '{}' };
  expect((await explain()).err).toContain(
    'lets nobody look without token or password; give one of admin.tokens',
  );
  expect((await explain('--token-file', 'token')).err).toContain('does not know this token or password');
  answer = { status: 403, body: '{"error":"the page and /api answer on this machine only"}' };
  expect((await explain()).err).toContain('refuses: the page and /api answer on this machine only');
});

test.each([
  [['--user', 'ops'], '--user and --password-file go together'],
  [['--user', 'ops', '--password-file', 'password', '--token-file', 'token'], 'exclude each other'],
  [['--token-file', 'gone'], 'gone cannot be read'],
])('%j is a mistake', async (args, line) => {
  const { status, err } = await explain(...args);
  expect([status, err]).toEqual([2, expect.stringContaining(line)]);
});

test('a token without a server is a mistake, since nobody would get it', async () => {
  const { err } = await runHere(folder, 'ports', '--token-file', 'token');
  expect(err).toContain('is for --server');
});
