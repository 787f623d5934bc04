import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, it, onTestFinished, vi } from 'vitest';

import { toObjectKey } from '../../../src/model/object-ref.ts';
import type { Ingress } from '../../../src/model/objects.ts';
import { emptyLedger } from '../../../src/model/ports.ts';
import { toDocument } from '../../../src/settings/config-file.ts';
import { resolveSettings } from '../../../src/settings/resolve-settings.ts';
import { KubeClient } from '../../../src/kubernetes/kube-client.ts';
import type { AddressedFleet } from '../../../src/pipeline/addressed-fleet.ts';
import type { RebuiltState } from '../../../src/write-back/rebuilt-state.ts';
import { WriteBack } from '../../../src/write-back/write-back.ts';
import { toFleetSettings } from '../pipeline/addresses.ts';

const settings = resolveSettings({
  document: toDocument({ sources: [{ name: 'prod', kubernetes: {} }] }),
  env: {},
  folder: '/',
});

/** A client of a server that notes the bodies of the patches. */
async function startServer(bodies: string[]): Promise<KubeClient> {
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-'));
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      if (request.method === 'PATCH') bodies.push(body);
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const kubeconfig = join(folder, 'kubeconfig');
  const config = {
    clusters: [
      { name: 'c', cluster: { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true } },
    ],
    users: [{ name: 'u', user: { token: 'abc' } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  };
  writeFileSync(kubeconfig, JSON.stringify(config));
  const client = new KubeClient({ kubeconfig, context: null });
  onTestFinished(async () => {
    await client.close();
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });
  return client;
}

const ref = { source: 'prod', kind: 'Ingress', namespace: 'ns', name: 'web' } as const;
const key = toObjectKey(ref);

function toFleet(...addresses: readonly string[]): AddressedFleet {
  const lookedUp = { isComplete: true, fixed: [], former: ['10.0.0.1', '10.0.0.2'] };
  return { ...toFleetSettings('default', addresses), lookedUp };
}

const whole = new Set(['prod']);

function toWorld(
  fleets: readonly AddressedFleet[],
  standing: string | undefined,
  serving: boolean,
): RebuiltState {
  const addresses = standing === undefined ? [] : [{ ip: standing }];
  const ingress: Ingress = { kind: 'Ingress', meta: { ref, annotations: {} }, rules: [], tls: [], addresses };
  return {
    object: (each) => (each === key ? ingress : undefined),
    objects: () => [ingress],
    fleetsOf: () => (serving ? ['default'] : []),
    fleets,
    whole,
    ledger: emptyLedger,
    problems: () => [],
  };
}

it('addresses that change are written on objects that do not, and cleared when the Ingress is served no more', async () => {
  const bodies: string[] = [];
  const clients = new Map([['prod', await startServer(bodies)]]);
  const log = pino({ level: 'silent' });
  const writeBack = new WriteBack({ settings, clients, isLeader: () => true, log });
  onTestFinished(() => writeBack.stop());
  const expectStatus = (ingress: object | null, times: number): Promise<void> =>
    vi.waitFor(() => {
      expect(bodies).toHaveLength(times);
      expect(JSON.parse(bodies.at(-1) ?? '')).toMatchObject({ status: { loadBalancer: { ingress } } });
    });

  const before = [toFleet('10.0.0.1')];
  writeBack.update(toWorld(before, undefined, true), new Set([key]), false);
  await expectStatus([{ ip: '10.0.0.1' }], 1);

  const after = [toFleet('10.0.0.2')];
  writeBack.update(toWorld(after, '10.0.0.1', true), new Set(), false);
  await expectStatus([{ ip: '10.0.0.2' }], 2);

  writeBack.update(toWorld(after, '10.0.0.1', false), new Set([key]), false);
  await expectStatus(null, 3);

  // Cleared, then written by a controller on the same nodes: not ours any more.
  writeBack.update(toWorld(after, undefined, false), new Set([key]), false);
  writeBack.update(toWorld(after, '10.0.0.2', false), new Set([key]), false);
  await writeBack.stop();
  expect(bodies).toHaveLength(3);
});
