import { describe, expect, it } from 'vitest';
import { managedBy } from '../../../src/model/managed-by.ts';
import { meta, narrow, narrowOne } from './support.ts';
import { slowness } from '../../support/slowness.ts';

const labels = { 'kubernetes.io/service-name': 'db' };
const slice = (fields: object): unknown => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: meta('db-1', { labels }),
  addressType: 'IPv4',
  ...fields,
});

describe('an EndpointSlice', () => {
  it('fills in conditions, protocol and port name as Kubernetes does', () => {
    const { object, fields } = narrowOne(
      'EndpointSlice',
      slice({
        ports: [{ port: 3306 }],
        endpoints: [
          { addresses: ['10.0.0.1'] },
          {
            addresses: ['10.0.0.2'],
            conditions: { ready: false, serving: true, terminating: true },
            hostname: 'db-0',
          },
          { addresses: ['10.0.0.3'], conditions: { ready: false, serving: null } },
        ],
      }),
    );
    expect(fields).toEqual([]);
    expect(object).toMatchObject({ service: 'db', addressType: 'IPv4' });
    expect(object.ports).toEqual([{ name: '', port: 3306, protocol: 'TCP' }]);
    expect(object.endpoints).toEqual([
      { addresses: ['10.0.0.1'], ready: true, serving: true, terminating: false },
      { addresses: ['10.0.0.2'], ready: false, serving: true, terminating: true, hostname: 'db-0' },
      { addresses: ['10.0.0.3'], ready: false, serving: false, terminating: false },
    ]);
  });

  it('leaves out malformed endpoints and ports', () => {
    const { object, fields } = narrowOne(
      'EndpointSlice',
      slice({
        ports: [{ port: 'x' }, { name: 5, port: 1 }, { port: 2 }],
        endpoints: [
          '10.0.0.1',
          { addresses: '10.0.0.1' },
          { addresses: ['10.0.0.1'], conditions: { ready: 'yes' } },
          { addresses: ['10.0.0.2'] },
        ],
      }),
    );
    expect(object.ports.map(({ port }) => port)).toEqual([2]);
    expect(object.endpoints.map(({ addresses }) => addresses)).toEqual([['10.0.0.2']]);
    expect(fields).toEqual([
      'endpoints[0]',
      'endpoints[1].addresses',
      'endpoints[2].conditions',
      'ports[0].port',
      'ports[1].name',
    ]);
  });

  it.each([
    [{}, []],
    [{ 'kubernetes.io/service-name': '' }, []],
    [{ 'kubernetes.io/service-name': 5 }, ['metadata.labels[kubernetes.io/service-name]']],
  ])('may belong to no Service: %j', (own, reported) => {
    const { object, fields } = narrowOne('EndpointSlice', slice({ metadata: meta('db-1', { labels: own }) }));
    expect(object.service).toBeUndefined();
    expect(fields).toEqual(reported);
  });

  it.each([
    ['of the controller', { [managedBy.EndpointSlice.label]: managedBy.EndpointSlice.value }, undefined],
    [
      'of the mirroring controller',
      { [managedBy.EndpointSlice.label]: 'endpointslicemirroring-controller.k8s.io' },
      true,
    ],
    ['of nobody', {}, true],
    ['of the wrong type', { [managedBy.EndpointSlice.label]: 1 }, true],
  ])('tells by its label whether it was written by hand: %s', (_, more, byHand) => {
    const { object } = narrowOne(
      'EndpointSlice',
      slice({ metadata: meta('db-1', { labels: { ...labels, ...more } }) }),
    );
    expect(object.byHand).toBe(byHand);
  });

  it('shares equal lists of ports', () => {
    const one = narrowOne('EndpointSlice', slice({ ports: [{ name: 'a', port: 1 }] })).object;
    const other = narrowOne('EndpointSlice', slice({ ports: [{ name: 'a', port: 1 }] })).object;
    expect(one.ports).toBe(other.ports);
  });
});

const endpoints = (subsets: unknown): unknown => ({
  apiVersion: 'v1',
  kind: 'Endpoints',
  metadata: meta('db'),
  subsets,
});

describe('an Endpoints object', () => {
  it('has one group of endpoints for each subset', () => {
    const { object, fields } = narrowOne(
      'Endpoints',
      endpoints([
        {
          addresses: [{ ip: '10.0.0.1', hostname: 'db-0' }],
          notReadyAddresses: [{ ip: '10.0.0.2' }],
          ports: [{ port: 1 }],
        },
        { addresses: [{ ip: 'fd00::1' }], ports: [{ name: 'x', port: 2, protocol: 'UDP' }] },
      ]),
    );
    expect(fields).toEqual([]);
    expect(object.groups).toMatchObject([
      { addressType: 'IPv4' },
      { addressType: 'IPv6', ports: [{ name: 'x', port: 2, protocol: 'UDP' }] },
    ]);
    expect(object.groups[0]?.endpoints).toEqual([
      { addresses: ['10.0.0.1'], ready: true, serving: true, terminating: false, hostname: 'db-0' },
      { addresses: ['10.0.0.2'], ready: false, serving: false, terminating: false },
    ]);
  });

  it('tells by its label whether it was written by hand', () => {
    const subsets = [{ addresses: [{ ip: '10.0.0.1' }], ports: [{ port: 1 }] }];
    const made = { [managedBy.Endpoints.label]: managedBy.Endpoints.value };
    const byHand = [{}, made].map((labelled) => {
      const metadata = meta('db', { labels: labelled });
      const raw = { apiVersion: 'v1', kind: 'Endpoints', metadata, subsets };
      return narrowOne('Endpoints', raw).object.groups[0]?.byHand;
    });
    expect(byHand).toEqual([true, undefined]);
  });

  it('leaves out malformed addresses, and is named as it is written', () => {
    const raw = endpoints([{ addresses: ['10.0.0.1', { ip: 5 }, { ip: '10.0.0.3' }] }]);
    expect(narrowOne('Endpoints', raw).object.groups[0]?.endpoints).toHaveLength(1);
    expect(narrow(raw).problems).toMatchObject([
      { subject: { kind: 'Endpoints', name: 'db' }, field: 'subsets[0].addresses[0]' },
      { subject: { kind: 'Endpoints', name: 'db' }, field: 'subsets[0].addresses[1].ip' },
    ]);
  });

  it('is refused when its subsets are no list', () => {
    expect(narrow(endpoints({})).objects).toEqual([]);
  });
});

it('narrows 10,000 slices of 10 endpoints in well under 500 ms of CPU', () => {
  const text = JSON.stringify(
    Array.from({ length: 10_000 }, (_, index) =>
      slice({
        metadata: meta(`db-${index}`, { labels }),
        ports: [{ name: 'mysql', port: 3306, protocol: 'TCP' }],
        endpoints: Array.from({ length: 10 }, (__, host) => ({
          addresses: [`10.${index >> 8}.${index & 255}.${host}`],
          conditions: { ready: true, serving: true, terminating: false },
        })),
      }),
    ),
  );
  const list: unknown = { apiVersion: 'v1', kind: 'List', items: JSON.parse(text) };
  const before = process.cpuUsage();
  const { objects, problems } = narrow(list);
  const took = process.cpuUsage(before).user / 1_000;
  expect([objects.length, problems.length]).toEqual([10_000, 0]);
  expect(took).toBeLessThan(500 * slowness());
});
