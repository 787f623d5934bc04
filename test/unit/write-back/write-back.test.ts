import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, it, onTestFinished, vi } from 'vitest';

import { toObjectKey } from '../../../src/model/object-ref.ts';
import type { Ingress } from '../../../src/model/objects.ts';
import { emptyLedger, type Holder, type LedgerEntry } from '../../../src/model/ports.ts';
import { noneUnread } from '../../../src/model/unread-kinds.ts';
import { toDocument } from '../../../src/settings/config-file.ts';
import { resolveSettings } from '../../../src/settings/resolve-settings.ts';
import { KubeClient } from '../../../src/kubernetes/kube-client.ts';
import type { AddressedFleet } from '../../../src/pipeline/addressed-fleet.ts';
import { countRequests, startFakeCluster } from '../../support/fake-cluster.ts';
import type { RebuiltState } from '../../../src/write-back/rebuilt-state.ts';
import { WriteBack } from '../../../src/write-back/write-back.ts';
import { toFleetSettings } from '../pipeline/addresses.ts';
import { toState } from '../ports/allocation/notation.ts';

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
    statusOf: () => undefined,
    attachedRoutes: () => 0,
    isLed: () => false,
    portClaimsOf: () => [],
    portUsersOf: (holder) => [holder],
    fleets,
    whole,
    unread: noneUnread,
    ledger: emptyLedger,
    lastAnnounced: emptyLedger,
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

const holderOf = ({ holder }: LedgerEntry): Pick<Holder, 'name'> => ({ name: holder.name });

it('what becomes of ports while this process leads is one Event each', async () => {
  const { server, client } = await startFakeCluster();
  const clients = new Map([['prod', client]]);
  let isLeader = false;
  const log = pino({ level: 'silent' });
  const writeBack = new WriteBack({ settings, clients, isLeader: () => isLeader, log });
  onTestFinished(() => writeBack.stop());
  const become = (...entries: readonly string[]): void => {
    const held = toState(entries).entries;
    const ledger = { entries: held.map((entry) => ({ ...entry, holder: { ...ref, ...holderOf(entry) } })) };
    const rebuilt = { ...toWorld([toFleet('10.0.0.1')], undefined, false), ledger, lastAnnounced: ledger };
    writeBack.update(rebuilt, new Set(), true);
  };
  const readNotes = async (): Promise<readonly string[]> => {
    const { items } = await client.getJson('/apis/events.k8s.io/v1/namespaces/ns/events');
    const events = items as readonly { readonly reason: string; readonly note: string }[];
    return events.map(({ reason, note }) => `${reason} ${/10\.0\.0\.1:\d+/.exec(note)?.[0]}`).toSorted();
  };

  become();
  become('100 tcp web:80 held@1');
  isLeader = true;
  writeBack.lead();
  become('100 tcp web:80 cooling@2', '101 tcp web:80 held@2');
  become('100 tcp web:80 cooling@2', '101 tcp web:80 held@2');
  become('100 tcp web:80 cooling@2', '101 tcp web:80 cooling@3');
  const lines = ['PortMoved 10.0.0.1:101', 'PortReleased 10.0.0.1:101'];
  await vi.waitFor(async () => expect(await readNotes()).toEqual(lines), { timeout: 10_000 });

  isLeader = false;
  writeBack.lead();
  become('100 tcp web:80 cooling@2', '101 tcp web:80 held@4');
  await writeBack.stop();
  expect(await readNotes()).toEqual(lines);
  expect(await countRequests(server, 'create events')).toBe(2);
});
