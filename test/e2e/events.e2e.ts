import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { KubeClient } from '../../src/kubernetes/kube-client.ts';
import { findApiServer, startApiServer, type ApiServer, type Manifest } from './support/apiserver.ts';
import { Cleanup } from './support/cleanup.ts';
import { EventBoard, type SeenEvent } from './support/event-board.ts';
import { eventually } from './support/eventually.ts';
import type { Fairlead } from './support/fairlead.ts';
import { startLoneReplica } from './support/lone-replica.ts';

const program = findApiServer('Events of a running Fairlead');
const lease = '/apis/coordination.k8s.io/v1/namespaces/fairlead-system/leases/fairlead';
const ledger = '/api/v1/namespaces/fairlead-system/configmaps/fairlead-ports';
const service = '/api/v1/namespaces/default/services/db';

/** A Service with a mistake. */
function toService(maxFails: string): Manifest {
  const annotations = {
    'fairlead.dev/expose': 'true',
    'fairlead.dev/host': 'db.example.com',
    'fairlead.dev/max-fails': maxFails,
  };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'db', namespace: 'default', annotations },
    spec: { clusterIP: 'None', ports: [{ name: 'mysql', port: 3306 }] },
  };
}

const place = (port: number): string => `TCP port ${port} of the fleet default, edge.example.com:${port}.`;

const isWarning = ({ type }: SeenEvent): boolean => type === 'Warning';

describe.skipIf(program === undefined)('Events of a running Fairlead', () => {
  let server: ApiServer;
  let client: KubeClient;
  let board: EventBoard;
  let cleanup: Cleanup;

  beforeAll(async () => {
    server = await startApiServer(program ?? '');
    client = new KubeClient({ kubeconfig: server.kubeconfig, context: null });
    board = new EventBoard(server, client);
  });

  afterAll(async () => {
    await client.close();
    await server.stop();
  });

  beforeEach(() => {
    cleanup = new Cleanup();
  });

  afterEach(async () => {
    await server.rig('reset');
    await cleanup.run();
    for (const each of [service, ledger]) await client.delete(each).catch(() => undefined);
    await client.delete('/apis/events.k8s.io/v1/namespaces/default/events');
  });

  const start = (): Promise<Fairlead> => startLoneReplica(server, cleanup);

  /** Resolves with the one Warning that there is, once it tells these words. */
  function untilWarned(words: string): Promise<SeenEvent> {
    return eventually(`${words} is reported, and nothing else`, 10_000, async () => {
      const warnings = (await board.read()).filter(isWarning);
      return warnings.length === 1 && warnings[0]?.note.includes(words) ? warnings[0] : undefined;
    });
  }

  const untilClear = (): Promise<true> =>
    eventually('no Warning is left', 10_000, async () => !(await board.read()).some(isWarning));

  /** Resolves with word of the port that was given, of this object or any. */
  function untilGiven(uid?: string): Promise<SeenEvent> {
    return eventually('the port is reported', 10_000, async () =>
      (await board.read()).find(
        ({ reason, regarding }) =>
          ['PortAllocated', 'PortReturned'].includes(reason) && (uid ?? regarding.uid) === regarding.uid,
      ),
    );
  }

  const untilReleased = (): Promise<unknown> =>
    eventually('the port cools down', 10_000, async () =>
      JSON.stringify(await client.getJson(ledger)).includes('\\"state\\":\\"cooling\\"'),
    );

  const mend = (): Promise<unknown> => server.apply(toService('3'));

  const request = (port: number): Promise<unknown> =>
    client.patch(service, {
      metadata: { annotations: { 'fairlead.dev/request-port.3306': String(port) } },
    });
  const expose = (value: string | null): Promise<unknown> =>
    client.patch(service, { metadata: { annotations: { 'fairlead.dev/expose': value } } });

  it('say what is wrong now, and nothing any more when nothing is', async () => {
    await start();
    await server.apply(toService('two'));
    await untilWarned('"two"');
    expect(board.describe('service', 'db')).toMatch(
      /Warning\s+AnnotationInvalid .*fairlead\.dev\/controller.*\[fairlead\.dev\/max-fails\]: "two"/,
    );
    await server.apply(toService('three'));
    await untilWarned('"three"');
    expect(board.describe('service', 'db')).not.toContain('"two"');
    await mend();
    await untilClear();
    expect(board.kubectl('get', 'events')).not.toContain('AnnotationInvalid');
    // What is no problem stays.
    expect(board.describe('service', 'db')).toMatch(
      /Normal\s+PortAllocated .*Port 3306 is reached on TCP port 20\d{3}.*, edge\.example\.com:20\d{3}\./,
    );
  });

  it('say what becomes of a port, each time once', async () => {
    await start();
    await mend();
    const lines: string[] = [];
    const until = async (line: string): Promise<void> => {
      lines.push(`Normal ${line}`);
      await board.until(...lines);
    };
    const { note } = await untilGiven();
    const first = Number(/TCP port (\d+)/.exec(note)?.[1]);
    await until(`PortAllocated db: Port 3306 is reached on ${place(first)}`);
    await request(20_099);
    await until(`PortMoved db: Port 3306 has moved from port ${first} to ${place(20_099)}`);
    await expose(null);
    await until(`PortReleased db: Port 3306 is no longer reached on ${place(20_099)}`);
    await expose('true');
    await until(`PortReturned db: Port 3306 is reached again on ${place(20_099)}`);
  });

  it('go with the object', async () => {
    await start();
    await server.apply(toService('two'));
    await untilWarned('"two"');
    await server.delete(toService('two'));
    await untilClear();
  });

  it('are about the object that is there, when it was made again with the same mistake', async () => {
    await start();
    await server.apply(toService('two'));
    const former = await untilWarned('"two"');
    // Both are seen at once.
    await server.rig('pause-watches', { mode: 'hold', seconds: 1 });
    await server.delete(toService('two'));
    await server.apply(toService('two'));
    const { metadata } = await client.getJson(service);
    const { uid } = metadata as { readonly uid: string };
    expect(uid).not.toBe(former.regarding.uid);
    await eventually('they are about the new one', 10_000, async () => {
      const warnings = (await board.read()).filter(isWarning);
      return warnings.length === 1 && warnings[0]?.regarding.uid === uid;
    });
    expect(board.describe('service', 'db')).toContain('AnnotationInvalid');
  });

  it.each(['after a while', 'at once', 'unseen'])(
    'tell the port of a Service that was deleted and made again %s',
    async (when) => {
      await start();
      await mend();
      const former = await untilGiven();
      // Both are seen at once, and nothing changes in the ledger.
      if (when === 'unseen') await server.rig('pause-watches', { mode: 'hold', seconds: 1 });
      await server.delete(toService('3'));
      if (when === 'after a while') await untilReleased();
      await mend();
      const { metadata } = await client.getJson(service);
      const { uid } = metadata as { readonly uid: string };
      expect(uid).not.toBe(former.regarding.uid);
      const given = await untilGiven(uid);
      expect(given.note.replace('reached again', 'reached')).toBe(former.note);
      expect(board.describe('service', 'db')).toMatch(
        /Normal\s+Port(Allocated|Returned) .*Port 3306 is reached (again )?on TCP port/,
      );
      await sleep(300);
      const own = (await board.read()).filter(({ regarding }) => regarding.uid === uid);
      // The port may be released for the former Service when the new one has been seen already, and come back.
      const most = when === 'at once' ? 3 : 1;
      expect(own.length, JSON.stringify(own)).toBeLessThanOrEqual(most);
    },
  );

  it('of a leader that died are cleared by the next one', async () => {
    const first = await start();
    await server.apply(toService('two'));
    await untilWarned('"two"');
    await start();
    await first.crash();
    await mend();
    expect((await board.read()).filter(isWarning)).toHaveLength(1);
    // Fifteen seconds are the patience of the other one; nothing is proven by waiting for them.
    await client.patch(lease, { spec: { leaseDurationSeconds: 1 } });
    await untilClear();
  });

  it('that are true outlive a restart', async () => {
    const first = await start();
    await server.apply(toService('two'));
    const told = await untilWarned('"two"');
    await first.stop();
    await board.forget();
    await start();
    await eventually('the new one has looked', 10_000, async () => (await board.count('list')) === 1);
    expect(await untilWarned('"two"')).toEqual(told);
    expect(await board.count('delete')).toBe(0);
  });

  it('are right in the end, though the server fails in between', async () => {
    await start();
    await server.rig('fail', { verb: 'create,list', resource: 'events', status: 500, count: 2 });
    await server.apply(toService('two'));
    await untilWarned('"two"');
    await server.rig('fail', { verb: 'delete', resource: 'events', status: 500, count: 2 });
    await mend();
    await untilClear();
  });
});
