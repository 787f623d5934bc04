import { createServer } from 'node:http';
import { Listener } from './backend.ts';
import { findFreePort } from './local-address.ts';

/** An HTTP provider that serves one fixed document: what Traefik is tested with when Fairlead is not the subject. */
export interface FixedProvider {
  readonly url: string;
  /** The static configuration of a Traefik that polls it: YAML text. */
  toStaticConfig(entryPoints: Readonly<Record<string, string>>): string;
  /** From the next poll on. */
  serve(document: object): void;
  stop(): Promise<void>;
}

export async function startFixedProvider(document: object): Promise<FixedProvider> {
  let body = JSON.stringify(document);
  const port = await findFreePort();
  const listener = new Listener('127.0.0.1', port, () =>
    createServer((_request, response) => response.setHeader('content-type', 'application/json').end(body)),
  );
  await listener.open();
  const url = `http://127.0.0.1:${port}/`;
  return {
    url,
    toStaticConfig: (entryPoints) =>
      // JSON is YAML.
      JSON.stringify({
        providers: { providersThrottleDuration: '100ms', http: { endpoint: url, pollInterval: '200ms' } },
        entryPoints: Object.fromEntries(
          Object.entries(entryPoints).map(([name, address]) => [name, { address }]),
        ),
      }),
    serve: (next) => (body = JSON.stringify(next)),
    stop: () => listener.stop(),
  };
}
