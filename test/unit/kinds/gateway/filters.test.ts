import { expect, it } from 'vitest';
import type { RouteFilter } from '../../../../src/model/route-specs.ts';
import { narrowOne } from '../support.ts';
import { manifest } from './support.ts';

function read(...filters: unknown[]): { filters: readonly RouteFilter[]; fields: string[] } {
  const { object, fields } = narrowOne('HTTPRoute', manifest('HTTPRoute', { rules: [{ filters }] }));
  return { filters: object.rules[0]?.filters ?? [], fields };
}

const field = 'spec.rules[0].filters[0]';

it.each([
  [
    {
      type: 'RequestHeaderModifier',
      requestHeaderModifier: {
        set: [
          { name: 'A', value: '1' },
          { name: 'a', value: '2' },
        ],
        remove: ['B'],
      },
    },
    { type: 'RequestHeaderModifier', set: [{ name: 'A', value: '1' }], add: [], remove: ['B'], field },
  ],
  [
    { type: 'ResponseHeaderModifier', responseHeaderModifier: { add: [{ name: 'A', value: '' }] } },
    { type: 'ResponseHeaderModifier', set: [], add: [{ name: 'A', value: '' }], remove: [], field },
  ],
  [
    {
      type: 'RequestRedirect',
      requestRedirect: {
        scheme: 'https',
        hostname: 'A.test',
        port: 8443,
        path: { type: 'ReplaceFullPath', replaceFullPath: '' },
      },
    },
    {
      type: 'RequestRedirect',
      scheme: 'https',
      hostname: 'a.test',
      port: 8443,
      path: { type: 'ReplaceFullPath', replaceFullPath: '' },
      statusCode: 302,
      field,
    },
  ],
  [
    { type: 'URLRewrite', urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/b' } } },
    { type: 'URLRewrite', path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/b' }, field },
  ],
  [
    { type: 'RequestMirror', requestMirror: { backendRef: { name: 'm', port: 80 } } },
    {
      type: 'RequestMirror',
      backendRef: {
        group: '',
        kind: 'Service',
        name: 'm',
        port: 80,
        weight: 1,
        field: `${field}.requestMirror.backendRef`,
      },
      fraction: { numerator: 100, denominator: 100 },
      field,
    },
  ],
  [
    {
      type: 'RequestMirror',
      requestMirror: { backendRef: { name: 'm', port: 80 }, fraction: { numerator: 1, denominator: 3 } },
    },
    expect.objectContaining({ fraction: { numerator: 1, denominator: 3 } }),
  ],
  [
    { type: 'RequestMirror', requestMirror: { backendRef: { name: 'm', port: 80 }, percent: 0 } },
    expect.objectContaining({ fraction: { numerator: 0, denominator: 100 } }),
  ],
  [
    {
      type: 'CORS',
      cors: { allowOrigins: ['https://*.a.test', '*'], allowMethods: ['GET'], allowCredentials: true },
    },
    {
      type: 'CORS',
      allowOrigins: ['https://*.a.test', '*'],
      allowMethods: ['GET'],
      allowHeaders: [],
      exposeHeaders: [],
      allowCredentials: true,
      maxAge: 5,
      field,
    },
  ],
  [
    {
      type: 'ExtensionRef',
      extensionRef: { group: 'traefik.io', kind: 'Middleware', name: 'auth', namespace: 'ignored' },
    },
    {
      type: 'ExtensionRef',
      ref: { group: 'traefik.io', kind: 'Middleware', name: 'auth', field: `${field}.extensionRef` },
      field,
    },
  ],
  [
    { type: 'ExternalAuth', externalAuth: {} },
    { type: 'other', name: 'ExternalAuth', field },
  ],
])('reads %j', (filter, wanted) => {
  expect(read(filter)).toEqual({ filters: [wanted], fields: [] });
});

it.each([
  [5, field],
  [{}, `${field}.type`],
  [{ type: 'URLRewrite' }, `${field}.urlRewrite`],
  [{ type: 'URLRewrite', urlRewrite: {}, cors: {} }, `${field}.cors`],
  [{ type: 'RequestRedirect', requestRedirect: { statusCode: 418 } }, `${field}.requestRedirect.statusCode`],
  [{ type: 'RequestRedirect', requestRedirect: { scheme: 'ftp' } }, `${field}.requestRedirect.scheme`],
  [
    { type: 'RequestHeaderModifier', requestHeaderModifier: { set: [{ name: 'A', value: 'x\ny' }] } },
    `${field}.requestHeaderModifier.set[0].value`,
  ],
  [
    {
      type: 'RequestHeaderModifier',
      requestHeaderModifier: { remove: Array.from({ length: 17 }, (_, n) => `H${n}`) },
    },
    `${field}.requestHeaderModifier.remove`,
  ],
  [
    {
      type: 'RequestMirror',
      requestMirror: { backendRef: { name: 'm' }, fraction: { numerator: 4, denominator: 3 } },
    },
    `${field}.requestMirror.fraction.numerator`,
  ],
  [{ type: 'CORS', cors: { allowOrigins: ['javascript:x'] } }, `${field}.cors.allowOrigins[0]`],
  [{ type: 'ExtensionRef', extensionRef: { name: 'x' } }, `${field}.extensionRef.kind`],
])('is one that refuses the requests of its rule, as it cannot be read: %j', (filter, wanted) => {
  const { filters, fields } = read(filter, { type: 'URLRewrite', urlRewrite: {} });
  expect(fields).toEqual([wanted]);
  expect(filters).toMatchObject([{ type: 'URLRewrite' }, { type: 'other', name: '' }]);
});

it('refuses the requests of a rule with more filters than the API server takes', () => {
  const { filters, fields } = read(
    ...Array.from({ length: 17 }, () => ({ type: 'URLRewrite', urlRewrite: {} })),
  );
  expect(fields).toEqual(['spec.rules[0].filters']);
  expect(filters).toHaveLength(17);
  expect(filters.at(-1)).toMatchObject({ type: 'other' });
});

it('knows the filters of a GRPCRoute', () => {
  const spec = { rules: [{ filters: [{ type: 'URLRewrite', urlRewrite: {} }] }] };
  expect(narrowOne('GRPCRoute', manifest('GRPCRoute', spec)).object.rules[0]?.filters).toEqual([
    { type: 'other', name: 'URLRewrite', field },
  ]);
});
