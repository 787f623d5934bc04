import { describe, expect, it } from 'vitest';

import type { Service } from '../../../../src/model/objects.ts';
import { emptyLedger, type PortClaim } from '../../../../src/model/ports.ts';
import { rebuildLedger } from '../../../../src/ports/ledger/rebuild-ledger.ts';
import { toFleetPorts } from '../allocation/notation.ts';

const since = '2026-01-01T01:00:00.000Z';
const expose = [{ allocated: 'haproxy-ingress/{port}' }, { allocated: '{protocol}.fairlead.dev/{port}' }];
const fleets = [
  { name: 'edge', addresses: ['edge.example.com'], ports: toFleetPorts({ tcp: '100-199', udp: '100-149' }) },
  { name: 'inner', addresses: ['fd00::1'], ports: toFleetPorts({ tcp: '300-399' }) },
];

interface Asking {
  readonly name: string;
  readonly created?: string;
  /** `3306` or `53/udp`; default 3306. */
  readonly ports?: readonly string[];
  readonly fleets?: readonly string[];
  readonly annotations: Readonly<Record<string, string>>;
  /** Default true. */
  readonly asks?: boolean;
}

function rebuild(...all: readonly Asking[]): readonly string[] {
  const { entries } = rebuildLedger({
    claims: all.filter(({ asks }) => asks !== false).flatMap(toClaims),
    services: all.map(toService),
    fleets,
    expose,
    since,
  });
  expect(entries.every((entry) => entry.state === 'held' && entry.since === since)).toBe(true);
  return entries.map(
    ({ fleet, port, protocols, holder, servicePort }) =>
      `${fleet} ${port} ${protocols.join('+')} ${holder.name}:${servicePort}`,
  );
}

function toClaims({
  name,
  created,
  ports = ['3306'],
  fleets: serving = ['edge'],
}: Asking): readonly PortClaim[] {
  return serving.flatMap((fleet) =>
    ports.map((port) => ({
      fleet,
      pool: 'default',
      holder: { source: 'prod', kind: 'Service', namespace: 'ns', name },
      ...(created !== undefined && { created }),
      servicePort: Number.parseInt(port, 10),
      protocols: port.endsWith('/both') ? ['tcp', 'udp'] : [port.endsWith('/udp') ? 'udp' : 'tcp'],
      field: '',
    })),
  );
}

function toService({ name, created, annotations, ports = ['3306'] }: Asking): Service {
  return {
    kind: 'Service',
    meta: {
      ref: { source: 'prod', kind: 'Service', namespace: 'ns', name },
      ...(created !== undefined && { created }),
      annotations,
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

  it('is empty when nothing was written', () => {
    expect(rebuild({ name: 'a', annotations: {} })).toEqual([]);
    expect(rebuildLedger({ claims: [], services: [], fleets, expose, since })).toEqual(emptyLedger);
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
