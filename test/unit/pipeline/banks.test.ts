import { expect, it } from 'vitest';
import type { EndpointSlice, Service } from '../../../src/model/objects.ts';
import { isPort, type Port } from '../../../src/model/port.ts';
import { defaultPool, type LedgerState } from '../../../src/model/ports.ts';
import type { Change } from '../../../src/model/snapshot.ts';
import { Pipeline } from '../../../src/pipeline/pipeline.ts';
import { toDocument } from '../../../src/settings/config-file.ts';
import { resolveSettings } from '../../../src/settings/resolve-settings.ts';
import { toBodies } from '../../golden/support/replay.ts';

const settings = resolveSettings({
  document: toDocument({
    sources: [{ name: 'vms', directory: { path: '.' } }],
    fleets: [{ ports: { tcp: { range: '20000-20005' }, udp: { range: '20000-20005' }, bank: 2 } }],
  }),
  env: {},
  folder: '/',
});

function port(value: number): Port {
  if (!isPort(value)) throw new Error(`${value} is no port`);
  return value;
}

function toService(name: string, host?: string): Service {
  const ref = { source: 'vms', kind: 'Service', namespace: 'ns', name } as const;
  const annotations = { 'fairlead.dev/expose': 'true', ...(host && { 'fairlead.dev/host': host }) };
  const ports = [{ name: '', port: port(80), protocol: 'TCP', targetPort: port(80) }] as const;
  return {
    kind: 'Service',
    meta: { ref, annotations },
    type: 'ClusterIP',
    headless: false,
    hasSelector: false,
    ports,
  };
}

function toSlice(name: string, address: string): EndpointSlice {
  return {
    kind: 'EndpointSlice',
    meta: { ref: { source: 'vms', kind: 'EndpointSlice', namespace: 'ns', name }, annotations: {} },
    service: name,
    addressType: 'IPv4',
    ports: [{ name: '', port: port(80), protocol: 'TCP' }],
    endpoints: [{ addresses: [address], ready: true, serving: true, terminating: false }],
  };
}

function toSets(...objects: readonly (EndpointSlice | Service)[]): readonly Change[] {
  return objects.map((object) => ({ kind: 'set', object }));
}

function hold(ports: Readonly<Record<string, number>>): LedgerState {
  return {
    entries: Object.entries(ports).map(([name, number]) => ({
      fleet: 'default',
      pool: defaultPool,
      holder: { source: 'vms', kind: 'Service', namespace: 'ns', name },
      servicePort: 80,
      port: port(number),
      protocols: ['tcp'],
      state: 'held',
      since: '2026-01-01T00:00:00.000Z',
    })),
  };
}

/** Of each document the HTTP routers, the entryPoints of each TCP router, and what closes ports of UDP. */
function listRouters(pipeline: Pipeline): readonly unknown[] {
  return Object.entries(toBodies({ pipeline })).map(([name, body]) => {
    const { http, tcp, udp } = JSON.parse(body);
    const ports = Object.keys(tcp.routers).map((key) => [key, tcp.routers[key].entryPoints]);
    return [name, Object.keys(http.routers), Object.fromEntries(ports), udp.routers.closed.entryPoints];
  });
}

it('each pool port is in the document of its bank, with HTTP in that of bank 0', () => {
  const pipeline = new Pipeline(settings);
  const changes = toSets(
    toService('a', 'a.test.com'),
    toSlice('a', '10.0.0.1'),
    toService('b'),
    toSlice('b', '10.0.0.2'),
  );
  pipeline.update(changes, hold({ a: 20001, b: 20004 }));
  expect(listRouters(pipeline)).toEqual([
    [
      'default',
      ['ns_a_service_a.test.com_~root', 'ready'],
      { closed: ['tcp-20000'], ns_a_80: ['tcp-20001'] },
      ['udp-20000', 'udp-20001'],
    ],
    ['default/1', ['ready'], { closed: ['tcp-20002', 'tcp-20003'] }, ['udp-20002', 'udp-20003']],
    ['default/2', ['ready'], { closed: ['tcp-20005'], ns_b_80: ['tcp-20004'] }, ['udp-20004', 'udp-20005']],
  ]);
  const { tcp } = JSON.parse(pipeline.toBody('default', 1).toString());
  expect(tcp.services).toEqual({ closed: { loadBalancer: { servers: [] } } });
});

it('a change of one port changes the document of its bank, and no other', () => {
  const pipeline = new Pipeline(settings);
  const held = { a: 20001, b: 20002, c: 20004 };
  const names = Object.keys(held);
  pipeline.update(
    toSets(...names.flatMap((name) => [toService(name), toSlice(name, '10.0.0.1')])),
    hold(held),
  );
  const documentsOf = (changes: readonly Change[], ledger?: LedgerState): readonly string[] => {
    const before = toBodies({ pipeline });
    const outcome = pipeline.update(changes, ledger);
    const after = toBodies({ pipeline });
    const changed = Object.keys(after).filter((name) => after[name] !== before[name]);
    expect([...outcome.documents].sort()).toEqual(changed);
    return changed;
  };
  expect(documentsOf(toSets(toSlice('b', '10.0.0.2')))).toEqual(['default/1']);
  expect(documentsOf(toSets(toSlice('a', '10.0.0.2')))).toEqual(['default']);
  expect(documentsOf([], hold({ ...held, c: 20005 }))).toEqual(['default/2']);
  expect(documentsOf([], hold({ ...held, c: 20003 }))).toEqual(['default/1', 'default/2']);
  expect(documentsOf(toSets(toService('b', 'b.test.com')))).toEqual(['default']);
  expect(documentsOf([], hold({ a: 20001 }))).toEqual(['default/1']);
});
