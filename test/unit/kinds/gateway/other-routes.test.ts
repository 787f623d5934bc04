import { expect, it } from 'vitest';
import { kinds } from '../../../../src/kinds/index.ts';
import { policiesFor, routesAt, routesTo } from '../../../../src/kinds/index-keys.ts';
import { narrow, narrowOne } from '../support.ts';
import { manifest } from './support.ts';

const service = { source: 'test', kind: 'Service', namespace: 'ns', name: 's' } as const;

it.each(['TCPRoute', 'UDPRoute'] as const)('reads a %s, in both versions', (kind) => {
  const spec = {
    parentRefs: [{ name: 'gw', sectionName: 'l' }],
    rules: [{ backendRefs: [{ name: 's', port: 53 }] }],
  };
  for (const apiVersion of ['gateway.networking.k8s.io/v1', 'gateway.networking.k8s.io/v1alpha2']) {
    const { object, fields } = narrowOne(kind, { ...manifest(kind, spec), apiVersion });
    expect(fields).toEqual([]);
    expect(object).toMatchObject({
      parentRefs: [{ name: 'gw', sectionName: 'l' }],
      rules: [{ backendRefs: [{ name: 's', port: 53, weight: 1 }], field: 'spec.rules[0]' }],
    });
  }
});

it('reads one rule of a TCPRoute, as the API server does', () => {
  const { object, fields } = narrowOne('TCPRoute', manifest('TCPRoute', { rules: [{}, {}] }));
  expect(object.rules).toHaveLength(1);
  expect(fields).toEqual(['spec.rules']);
});

it.each(['v1', 'v1alpha3', 'v1alpha2'])('reads a TLSRoute of %s', (version) => {
  const spec = { hostnames: ['A.test'], rules: [{ backendRefs: [{ name: 's', port: 443 }] }] };
  const apiVersion = `gateway.networking.k8s.io/${version}`;
  const { object } = narrowOne('TLSRoute', { ...manifest('TLSRoute', spec), apiVersion });
  expect(object.hostnames).toEqual(['a.test']);
  expect(kinds.TLSRoute.toIndexKeys(object)).toEqual([routesTo(service)]);
});

it('reads a GRPCRoute', () => {
  const spec = {
    parentRefs: [{ name: 'gw' }],
    rules: [
      {
        matches: [{ method: { service: 'shop.v1.Orders', method: 'Get' } }, {}],
        backendRefs: [{ name: 's', port: 50051 }],
      },
    ],
  };
  const { object, fields } = narrowOne('GRPCRoute', manifest('GRPCRoute', spec));
  expect(fields).toEqual([]);
  expect(object.rules[0]?.matches).toMatchObject([
    { method: { type: 'Exact', service: 'shop.v1.Orders', method: 'Get' }, headers: [] },
    { headers: [] },
  ]);
  const gateway = { source: 'test', kind: 'Gateway', namespace: 'ns', name: 'gw' } as const;
  expect(kinds.GRPCRoute.toIndexKeys(object)).toEqual([
    routesTo(service),
    routesAt('GRPCRoute', gateway, ''),
  ]);
});

it('leaves out a match of a GRPCRoute whose method cannot be read', () => {
  const matches = [
    { method: { service: 'a/b' } },
    { method: { type: 'Prefix', service: 'a' } },
    { method: {} },
  ];
  const { object, fields } = narrowOne('GRPCRoute', manifest('GRPCRoute', { rules: [{ matches }] }));
  expect(object.rules).toEqual([]);
  expect(fields).toHaveLength(3);
});

it.each(['v1', 'v1alpha3'])('reads a BackendTLSPolicy of %s', (version) => {
  const spec = {
    targetRefs: [{ group: '', kind: 'Service', name: 's', sectionName: 'https' }],
    validation: {
      caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: 'ca' }],
      hostname: 'A.test',
      subjectAltNames: [{ type: 'URI', uri: 'spiffe://a/b' }],
    },
  };
  const apiVersion = `gateway.networking.k8s.io/${version}`;
  const { object, fields } = narrowOne('BackendTLSPolicy', {
    ...manifest('BackendTLSPolicy', spec),
    apiVersion,
  });
  expect(fields).toEqual([]);
  expect(object).toMatchObject({
    targetRefs: [{ name: 's', sectionName: 'https' }],
    validation: {
      caCertificateRefs: [{ kind: 'ConfigMap', name: 'ca' }],
      hostname: 'a.test',
      subjectAltNames: [{ type: 'URI', value: 'spiffe://a/b' }],
    },
  });
  expect(kinds.BackendTLSPolicy.toIndexKeys(object)).toEqual([policiesFor(service)]);
});

it.each([
  [undefined],
  [{ hostname: 'a b' }],
  [{ hostname: 'a.test', caCertificateRefs: 5 }],
  [{ hostname: 'a.test', wellKnownCACertificates: 'System', subjectAltNames: [{ type: 'Email' }] }],
])('keeps a BackendTLSPolicy that no certificate fits where it demands %j', (validation) => {
  const spec = { targetRefs: [{ group: '', kind: 'Service', name: 's' }], validation };
  const { object, fields } = narrowOne('BackendTLSPolicy', manifest('BackendTLSPolicy', spec));
  expect(fields).toHaveLength(1);
  expect(object.validation).toEqual({ caCertificateRefs: [], hostname: '', subjectAltNames: [] });
});

it('does not read a BackendTLSPolicy of a version with another shape', () => {
  const old = { ...manifest('BackendTLSPolicy', {}), apiVersion: 'gateway.networking.k8s.io/v1alpha2' };
  expect(narrow(old)).toMatchObject({ objects: [], problems: [{ code: 'kind-misspelt' }] });
});
