import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { probe } from '../../../src/health/probe.ts';

const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function ask(port: number, more: object = {}): Promise<boolean> {
  return probe({ address: '127.0.0.1', port, timeoutMs: 2_000, ...more });
}

describe('a check by TCP', () => {
  it('passes where a connection is made', async () => {
    expect(await ask(await listen(createServer((socket) => socket.end())))).toBe(true);
  });

  it('fails where nothing listens', async () => {
    const port = await listen(createServer());
    await new Promise((resolve) => servers.splice(0)[0]?.close(resolve));
    expect(await ask(port)).toBe(false);
  });
});

const server = () =>
  createHttpServer((request, response) => {
    if (request.url === '/silent') return;
    const status = Number(request.url?.slice(1));
    response.writeHead(status, { location: '/503' }).end('x'.repeat(100_000));
  });

describe('a check by HTTP', () => {
  it.each([
    ['/200', undefined, true],
    ['/302', undefined, true],
    ['/404', undefined, false],
    ['/503', undefined, false],
    ['/404', 404, true],
    ['/200', 204, false],
  ])('of %s for status %s: %s', async (path, status, passes) => {
    const port = await listen(server());
    expect(await ask(port, { path, ...(status !== undefined && { status }) })).toBe(passes);
  });

  it('fails where there is no answer in time', async () => {
    const port = await listen(server());
    expect(await ask(port, { path: '/silent', timeoutMs: 200 })).toBe(false);
  });

  it('fails where what answers does not speak HTTP', async () => {
    const port = await listen(
      createServer((socket) =>
        socket
          .on('error', () => {})
          .resume()
          .end('220 smtp\r\n'),
      ),
    );
    expect(await ask(port, { path: '/200' })).toBe(false);
  });
});
