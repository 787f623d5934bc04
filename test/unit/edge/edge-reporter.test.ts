import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { EdgeReporter } from '../../../src/edge/edge-reporter.ts';
import { readEdgeReport } from '../../../src/traefik-api/edge-report.ts';

const none = { routers: { warnings: 0, errors: 0 } };

/** The API of a Traefik, as far as it is asked. */
async function startApi() {
  const state = { revision: 'a1', asked: [] as string[] };
  const server = createServer((request, response) => {
    const [path = ''] = (request.url ?? '').split('?');
    state.asked.push(path);
    const answers: Readonly<Record<string, unknown>> = {
      '/api/version': { Version: '3.7.1', startDate: 'then' },
      '/api/overview': { http: none, tcp: none, udp: none },
      '/api/entrypoints': [{ name: 'web', address: ':80', asDefault: true }],
      '/api/http/middlewares/revision@http': {
        headers: { customResponseHeaders: { 'X-Fairlead-Revision': state.revision } },
      },
    };
    response.end(JSON.stringify(answers[path]));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  onTestFinished(close);
  const { port } = server.address() as AddressInfo;
  return { state, close, address: `127.0.0.1:${port}` };
}

function start(address: string, outcome: 'taken' | 'unknown' = 'taken') {
  const sent: { readonly fleet: string; readonly body: string }[] = [];
  const config = { entryPoints: { traefik: { address } }, providers: {} };
  const reporter = new EdgeReporter({
    traefiks: { fleet: 'default', current: [{ id: 'x', bank: 1, config }] },
    client: {
      report: (fleet, body) => {
        sent.push({ fleet, body });
        return Promise.resolve(outcome);
      },
    },
  });
  onTestFinished(() => reporter.stop());
  reporter.start();
  return { sent, last: () => readEdgeReport(JSON.parse(sent.at(-1)?.body ?? '{}'))?.[0] };
}

it('reports what a Traefik has applied, again when it has applied something else, and that it is gone', async () => {
  const { state, close, address } = await startApi();
  const { sent, last } = start(address);
  await vi.waitFor(() => expect(sent).toHaveLength(1), 5_000);
  expect(sent[0]?.fleet).toBe('default');
  expect(last()).toEqual({
    bank: 1,
    error: null,
    seen: {
      version: '3.7.1',
      startedAt: 'then',
      revision: 'a1',
      entryPoints: [{ name: 'web', address: '', asDefault: false }],
      faults: [],
    },
  });
  // While nothing changes one small question is asked, and nothing reported.
  state.asked.length = 0;
  await vi.waitFor(() => expect(state.asked).toHaveLength(2), 5_000);
  expect(new Set(state.asked)).toEqual(new Set(['/api/http/middlewares/revision@http']));
  expect(sent).toHaveLength(1);
  state.revision = 'b2';
  await vi.waitFor(() => expect(last()?.seen?.revision).toBe('b2'), 5_000);
  close();
  await vi.waitFor(
    () =>
      expect(last()).toMatchObject({ error: expect.stringContaining('reached'), seen: { revision: 'b2' } }),
    5_000,
  );
});

it('lets a server be that takes no reports', async () => {
  const { state, address } = await startApi();
  const { sent } = start(address, 'unknown');
  await vi.waitFor(() => expect(sent).toHaveLength(1), 5_000);
  state.revision = 'b2';
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(sent).toHaveLength(1);
});
