import { describe, expect, it } from 'vitest';

import type { Service } from '../../../../src/model/objects.ts';
import { emptyLedger, noServicePort, sniPortKind, type PortClaim } from '../../../../src/model/ports.ts';
import { rebuildLedger } from '../../../../src/ports/ledger/rebuild-ledger.ts';
import { toPool, toPort } from '../allocation/notation.ts';

const since = '2026-01-01T01:00:00.000Z';
const expose = [{ allocated: 'haproxy-ingress/{port}' }, { allocated: '{protocol}.fairlead.dev/{port}' }];
const folders = new Set(['vms']);
const fleets = [
  { name: 'edge', addresses: ['edge.example.com'], pools: [toPool({ tcp: '100-199', udp: '100-149' })] },
  { name: 'inner', addresses: ['fd00::1'], pools: [toPool({ tcp: '300-399' })] },
  {
    name: 'small',
    addresses: ['small.example.com'],
    pools: [toPool({ tcp: '400-499', udp: '400-499', requestable: '480-499', maxPerNamespace: 2 })],
  },
];

interface Asking {
  readonly name: string;
  readonly created?: string;
  /** `3306` or `53/udp`; default 3306. `3306@a-0`: of one endpoint. */
  readonly ports?: readonly string[];
  readonly fleets?: readonly string[];
  readonly annotations: Readonly<Record<string, string>>;
  /** The name under which it shares a port, to which its first port leads. */
  readonly shares?: string;
  /** Default true. */
  readonly asks?: boolean;
  readonly requested?: number;
  readonly namespace?: string;
  readonly source?: string;
  /** The keys that Fairlead has written; default all. */
  readonly written?: readonly string[];
}

function rebuild(...all: readonly Asking[]): readonly string[] {
  const { entries } = rebuildLedger({
    claims: all.filter(({ asks }) => asks !== false).flatMap(toClaims),
    objects: all.map(toService),
    fleets,
    expose,
    folders,
    since,
  });
  expect(entries.every((entry) => entry.state === 'held' && entry.since === since)).toBe(true);
  return entries.map(
    ({ fleet, port, protocols, holder, part, servicePort }) =>
      `${fleet} ${port} ${protocols.join('+')} ${holder.name}:${servicePort}${part ? `/${part.name}` : ''}`,
  );
}

function toClaims({
  name,
  created,
  ports = ['3306'],
  fleets: serving = ['edge'],
  requested,
  namespace = 'ns',
  source = 'prod',
  shares,
}: Asking): readonly PortClaim[] {
  if (shares !== undefined) {
    const ref = { source, kind: 'Service', namespace, name };
    const sharer = { ref, servicePorts: ports.map((port) => Number.parseInt(port, 10)) };
    const holder = { ...ref, kind: sniPortKind, name: shares };
    const shared = { pools: ['default'], holder, sharer, servicePort: 443, protocols: ['tcp'] as const };
    return serving.map((fleet) => ({ ...shared, fleet, field: '' }));
  }
  return serving.flatMap((fleet) =>
    ports.map((port) => ({
      fleet,
      pools: ['default'],
      holder: { source, kind: 'Service', namespace, name },
      ...(created !== undefined && { created }),
      ...(port.includes('@') && { part: { kind: 'endpoint', name: port.replace(/.*@/, '') } as const }),
      servicePort: Number.parseInt(port, 10),
      protocols: port.endsWith('/both') ? ['tcp', 'udp'] : [port.endsWith('/udp') ? 'udp' : 'tcp'],
      ...(requested !== undefined && { requested: toPort(requested) }),
      field: '',
    })),
  );
}

function toService({
  name,
  created,
  annotations,
  ports = ['3306'],
  namespace = 'ns',
  source = 'prod',
  written = Object.keys(annotations),
}: Asking): Service {
  return {
    kind: 'Service',
    meta: {
      ref: { source, kind: 'Service', namespace, name },
      ...(created !== undefined && { created }),
      annotations,
      ...(written.length > 0 && { written }),
    },
    type: 'ClusterIP',
    headless: false,
    hasSelector: true,
    ports: ports.flatMap((port) =>
      (port.endsWith('/both') ? (['TCP', 'UDP'] as const) : (['TCP'] as const)).map((protocol) => ({
        name: '',
        port: Number.parseInt(port, 10),
        protocol,
      })),
    ),
  };
}

const told = (port: string): Readonly<Record<string, string>> => ({ 'tcp.fairlead.dev/3306': port });

describe('a lost ledger', () => {
  it('comes back from what was written on the Services', () => {
    expect(
      rebuild(
        { name: 'a', annotations: told('120') },
        { name: 'b', annotations: { 'haproxy-ingress/3306': '121' } },
      ),
    ).toEqual(['edge 120 tcp a:3306', 'edge 121 tcp b:3306']);
  });

  it('gives each endpoint its own port again, in every fleet', () => {
    const annotations = {
      'tcp.fairlead.dev/3306': '119',
      'tcp.fairlead.dev/3306.a-0': '120',
      'tcp.fairlead.dev/3306.a-1': '121',
      'fairlead.dev/addresses': '3306.a-0=edge.example.com:120,3306.a-1=[fd00::1]:321,3306=[fd00::1]:319',
    };
    const ports = ['3306', '3306@a-0', '3306@a-1'];
    expect(rebuild({ name: 'a', ports, fleets: ['edge', 'inner'], annotations })).toEqual([
      'edge 119 tcp a:3306',
      'edge 120 tcp a:3306/a-0',
      'edge 121 tcp a:3306/a-1',
      'inner 319 tcp a:3306',
      'inner 321 tcp a:3306/a-1',
    ]);
  });

  it('gives back a port that several Services share, by what was written on any of them', () => {
    expect(
      rebuild(
        { name: 'a', shares: 'databases', annotations: {} },
        { name: 'b', shares: 'databases', annotations: told('121') },
        { name: 'c', shares: 'databases', annotations: told('122') },
      ),
    ).toEqual(['edge 121 tcp databases:443']);
  });

  it('is empty when nothing was written', () => {
    expect(rebuild({ name: 'a', annotations: {} })).toEqual([]);
    expect(rebuildLedger({ claims: [], objects: [], fleets, expose, folders, since })).toEqual(emptyLedger);
  });

  it('gives a port that two Services name to the older one', () => {
    const younger = { name: 'a', created: '2026-01-02T00:00:00Z', annotations: told('120') };
    const older = { name: 'b', created: '2026-01-01T00:00:00Z', annotations: told('120') };
    expect(rebuild(younger, older)).toEqual(['edge 120 tcp b:3306']);
    expect(rebuild(older, younger)).toEqual(['edge 120 tcp b:3306']);
  });

  it('gives a port that two ports of one Service name to the lower one', () => {
    const annotations = { ...told('120'), 'tcp.fairlead.dev/80': '120' };
    expect(rebuild({ name: 'a', ports: ['3306', '80'], annotations })).toEqual(['edge 120 tcp a:80']);
  });

  it('gives nothing to who does not ask any more', () => {
    expect(rebuild({ name: 'a', asks: false, annotations: told('120') })).toEqual([]);
  });

  it.each(['99', '200', '0', '70000', '-120', '12O', '', '120,121', '1e2'])(
    'ignores %j, which is no port of the pool',
    (text) => {
      expect(rebuild({ name: 'a', annotations: told(text) })).toEqual([]);
    },
  );

  it('joins the protocols of one number, and keeps each in its own pool', () => {
    const both = { 'tcp.fairlead.dev/53': '120', 'udp.fairlead.dev/53': '120' };
    expect(rebuild({ name: 'a', ports: ['53/both'], annotations: both })).toEqual(['edge 120 tcp+udp a:53']);
    const apart = { 'tcp.fairlead.dev/53': '160', 'udp.fairlead.dev/53': '160' };
    expect(rebuild({ name: 'a', ports: ['53/both'], annotations: apart })).toEqual(['edge 160 tcp a:53']);
  });

  it('finds the ports of other fleets by their addresses', () => {
    const annotations = {
      ...told('120'),
      'fairlead.dev/addresses': '3306=edge.example.com:121, 3306=[fd00::1]:321,3306=unknown:322,x',
    };
    expect(rebuild({ name: 'a', fleets: ['inner', 'edge'], annotations })).toEqual([
      'edge 120 tcp a:3306',
      'inner 321 tcp a:3306',
    ]);
  });

  it('takes the annotation of a port as that of the only fleet', () => {
    expect(rebuild({ name: 'a', fleets: ['inner'], annotations: told('320') })).toEqual([
      'inner 320 tcp a:3306',
    ]);
  });
});

describe('what tenants write', () => {
  /** `shared/five` asks for five ports, and says that it has five that the allocator would not give it. */
  const five: Asking = {
    name: 'five',
    namespace: 'evil',
    fleets: ['small'],
    ports: ['1', '2', '3', '4', '5'],
    annotations: {
      'tcp.fairlead.dev/1': '480',
      'tcp.fairlead.dev/2': '481',
      'tcp.fairlead.dev/3': '499',
      'tcp.fairlead.dev/4': '400',
      'tcp.fairlead.dev/5': '401',
    },
  };

  it('counts for nothing', () => {
    expect(rebuild({ ...five, written: [] })).toEqual([]);
    expect(rebuild({ ...five, written: ['tcp.fairlead.dev/4'] })).toEqual(['small 400 tcp five:4']);
  });

  it('counts for nothing in folders, whoever is said to have written it', () => {
    expect(rebuild({ ...five, source: 'vms' })).toEqual([]);
  });

  it('gets no port of the band that is not asked for, nor more than the quota', () => {
    expect(rebuild(five)).toEqual(['small 400 tcp five:4', 'small 401 tcp five:5']);
    const annotations = { ...five.annotations, 'tcp.fairlead.dev/1': '402' };
    expect(rebuild({ ...five, annotations })).toEqual(['small 400 tcp five:4', 'small 402 tcp five:1']);
  });

  it('leaves the quota of another namespace alone', () => {
    const other = {
      name: 'x',
      fleets: ['small'],
      ports: ['1'],
      annotations: { 'tcp.fairlead.dev/1': '410' },
    };
    expect(rebuild(five, other)).toContain('small 410 tcp x:1');
  });
});

describe('a Service that asks for a number', () => {
  const asking = { name: 'a', fleets: ['small'], ports: ['1'], requested: 485 };

  it('gets it back', () => {
    expect(rebuild({ ...asking, annotations: { 'tcp.fairlead.dev/1': '485' } })).toEqual([
      'small 485 tcp a:1',
    ]);
  });

  it('gets what it had when that number is of another one', () => {
    const other = { ...asking, name: 'b', annotations: { 'tcp.fairlead.dev/1': '485' } };
    expect(rebuild({ ...asking, annotations: { 'tcp.fairlead.dev/1': '410' } }, other)).toEqual([
      'small 410 tcp a:1',
      'small 485 tcp b:1',
    ]);
  });

  it('is given it by the allocation when it is free', () => {
    expect(rebuild({ ...asking, annotations: { 'tcp.fairlead.dev/1': '410' } })).toEqual([]);
  });
});

it('addresses of whatever length are read in no time', () => {
  const started = process.cpuUsage();
  rebuild({ name: 'a', annotations: { 'fairlead.dev/addresses': `3306=${' '.repeat(250_000)}x` } });
  rebuild({ name: 'a', annotations: { 'fairlead.dev/addresses': '3306=a:'.repeat(40_000) } });
  expect(process.cpuUsage(started).user / 1000).toBeLessThan(500);
});

const toObject = (kind: 'ListenerSet' | 'TCPRoute', annotations: Readonly<Record<string, string>>) => ({
  meta: {
    ref: { source: 'prod', kind, namespace: 'ns', name: 'db' },
    annotations,
    written: Object.keys(annotations),
  },
});
const toListenerClaim = (kind: string, fleet: string, listener?: string): PortClaim => ({
  fleet,
  pools: ['default'],
  holder: { source: 'prod', kind, namespace: 'ns', name: 'db' },
  ...(listener !== undefined && { part: { kind: 'listener', name: listener } }),
  servicePort: noServicePort,
  protocols: ['tcp'],
  field: '',
});

describe('the ports of listeners and routes', () => {
  it('are found under their names, of further fleets by their addresses', () => {
    const { entries } = rebuildLedger({
      claims: [
        toListenerClaim('ListenerSet', 'edge', 'mysql'),
        toListenerClaim('ListenerSet', 'inner', 'mysql'),
        toListenerClaim('ListenerSet', 'edge', 'web'),
        toListenerClaim('TCPRoute', 'edge'),
      ],
      objects: [
        toObject('ListenerSet', {
          'tcp.fairlead.dev/mysql': '120',
          'udp.fairlead.dev/web': '121',
          'fairlead.dev/addresses': 'mysql=edge.example.com:120,mysql=[fd00::1]:320',
        }),
        toObject('TCPRoute', { 'tcp.fairlead.dev/port': '122', 'tcp.fairlead.dev/mysql': '120' }),
      ],
      fleets,
      expose,
      folders,
      since,
    });
    expect(entries.map(({ fleet, port, holder, part }) => [fleet, port, holder.kind, part?.name])).toEqual([
      ['edge', 120, 'ListenerSet', 'mysql'],
      ['edge', 122, 'TCPRoute', undefined],
      ['inner', 320, 'ListenerSet', 'mysql'],
    ]);
  });
});
