import { createServer } from 'node:http';
import { Listener } from '../../e2e/support/backend.ts';
import { findFreePort } from '../../e2e/support/local-address.ts';

/** An HTTP provider that serves the very bytes that it is given. */
export interface BytesProvider {
  /** The part of Traefik's static configuration that polls it, often: a test waits for each change. */
  readonly providers: object;
  /** From the next poll on. */
  serve(body: Buffer): void;
  stop(): Promise<void>;
}

export async function startBytesProvider(): Promise<BytesProvider> {
  let body: Buffer = Buffer.from('{}');
  const port = await findFreePort();
  const listener = new Listener('127.0.0.1', port, () =>
    createServer((_request, response) => response.setHeader('content-type', 'application/json').end(body)),
  );
  await listener.open();
  const http = { endpoint: `http://127.0.0.1:${port}/`, pollInterval: '20ms' };
  return {
    providers: { providersThrottleDuration: '10ms', http },
    serve: (next) => (body = next),
    stop: () => listener.stop(),
  };
}
