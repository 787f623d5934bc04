import { describe, expect, it } from 'vitest';
import type { Gateway } from '../../../../src/model/objects.ts';
import { kinds } from '../../../../src/kinds/index.ts';
import { listenerSetsOf } from '../../../../src/kinds/index-keys.ts';
import { narrow, narrowOne } from '../support.ts';
import { manifest } from './support.ts';

const http = { name: 'http', port: 80, protocol: 'HTTP' };

function read(spec: object, rest: object = {}): { object: Gateway; fields: string[] } {
  return narrowOne(
    'Gateway',
    manifest('Gateway', { gatewayClassName: 'fairlead', listeners: [http], ...spec }, rest),
  );
}

describe('a Gateway', () => {
  it('gets what the API server fills in', () => {
    expect(read({})).toMatchObject({
      fields: [],
      object: {
        className: 'fairlead',
        listeners: [
          { ...http, allowedRoutes: { namespaces: { from: 'Same' }, kinds: [] }, field: 'spec.listeners[0]' },
        ],
        addresses: [],
        allowedListeners: { from: 'None' },
      },
    });
  });

  it('has all that it says', () => {
    const { object, fields } = read({
      listeners: [
        {
          name: 'https',
          hostname: '*.A.test',
          port: 443,
          protocol: 'HTTPS',
          tls: { certificateRefs: [{ name: 'cert', namespace: 'certs' }], options: { a: 'b' } },
          allowedRoutes: {
            kinds: [{ kind: 'HTTPRoute' }],
            namespaces: {
              from: 'Selector',
              selector: {
                matchLabels: { team: 'a' },
                matchExpressions: [{ key: 'x', operator: 'In', values: ['1'] }],
              },
            },
          },
        },
      ],
      addresses: [{ value: '192.0.2.1' }, { type: 'Hostname', value: 'edge.test' }],
      allowedListeners: { namespaces: { from: 'All' } },
      infrastructure: { parametersRef: { group: '', kind: 'ConfigMap', name: 'x' } },
      tls: {
        backend: { clientCertificateRef: { name: 'client' } },
        frontend: {
          default: { validation: { caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: 'ca' }] } },
          perPort: [{ port: 8443, tls: {} }],
        },
      },
    });
    expect(fields).toEqual([]);
    expect(object).toMatchObject({
      listeners: [
        {
          hostname: '*.a.test',
          tls: {
            mode: 'Terminate',
            certificateRefs: [{ group: '', kind: 'Secret', namespace: 'certs', name: 'cert' }],
            hasOptions: true,
          },
          allowedRoutes: {
            kinds: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute' }],
            namespaces: {
              from: 'Selector',
              selector: {
                matchLabels: { team: 'a' },
                matchExpressions: [{ key: 'x', operator: 'In', values: ['1'] }],
              },
            },
          },
        },
      ],
      addresses: [
        { type: 'IPAddress', value: '192.0.2.1' },
        { type: 'Hostname', value: 'edge.test' },
      ],
      allowedListeners: { from: 'All' },
      parametersRef: { kind: 'ConfigMap', name: 'x' },
      clientCertificateRef: { kind: 'Secret', name: 'client' },
      frontend: {
        default: { mode: 'AllowValidOnly', caCertificateRefs: [{ name: 'ca' }] },
        perPort: [{ port: 8443 }],
      },
    });
  });

  it.each([
    [{ ...http, name: 'x', hostname: 'a b' }, 'hostname'],
    [{ ...http, name: 'x', port: 0 }, 'port'],
    [{ ...http, name: 'x', port: undefined }, 'port'],
    [{ ...http, name: 'X!' }, 'name'],
    [{ ...http, port: 81 }, 'name'],
    [{ ...http, name: 'x', protocol: '' }, 'protocol'],
  ])('leaves out the listener %j, and keeps the others', (listener, field) => {
    const { object, fields } = read({ listeners: [http, listener] });
    expect(fields).toEqual([`spec.listeners[1].${field}`]);
    expect(object.listeners.map(({ name, port }) => [name, port])).toEqual([['http', 80]]);
  });

  it.each([
    [{ namespaces: { from: 'Everyone' } }],
    [{ namespaces: { from: 'Selector' } }],
    [{ namespaces: { from: 'Selector', selector: { matchLabels: { a: 5 } } } }],
    [{ namespaces: { from: 'Selector', selector: { matchExpressions: [{ key: 'a', operator: 'Like' }] } } }],
    [{ kinds: [{ kind: 5 }], namespaces: { from: 'All' } }],
    [5],
  ])('lets nobody attach routes where it says %j', (allowedRoutes) => {
    const { object, fields } = read({ listeners: [{ ...http, allowedRoutes }] });
    expect(fields).toHaveLength(1);
    expect(object.listeners[0]?.allowedRoutes.namespaces).toEqual({ from: 'None' });
  });

  it('serves nothing by TLS that cannot be read', () => {
    for (const tls of [5, { mode: 'Maybe' }, { certificateRefs: 'x' }]) {
      const { object } = read({ listeners: [{ ...http, tls }] });
      expect(object.listeners[0]?.tls).toEqual({ mode: 'Terminate', certificateRefs: [], hasOptions: false });
    }
    const { object } = read({ listeners: [{ ...http, tls: { certificateRefs: [{ name: 5 }] } }] });
    expect(object.listeners[0]?.tls?.certificateRefs).toMatchObject([{ name: '' }]);
  });

  it.each([
    [{ gatewayClassName: 5 }, 'spec.gatewayClassName'],
    [{ listeners: {} }, 'spec.listeners'],
    [{ tls: { frontend: 5 } }, 'spec.tls.frontend'],
    [{ tls: { frontend: { default: 5 } } }, 'spec.tls.frontend.default'],
    [{ tls: { frontend: { perPort: [{ port: 'x' }] } } }, 'spec.tls.frontend.perPort[0].port'],
  ])('is not read with %j', (spec, field) => {
    const all = { gatewayClassName: 'fairlead', listeners: [http], ...spec };
    const { objects, problems } = narrow(manifest('Gateway', all));
    expect(objects).toEqual([]);
    expect(problems).toMatchObject([{ field }]);
  });

  it('trusts no client where it cannot be read whom', () => {
    const validation = { caCertificateRefs: 5, mode: 'x' };
    const { object } = read({ tls: { frontend: { default: { validation } } } });
    expect(object.frontend?.default).toEqual({ mode: 'AllowValidOnly', caCertificateRefs: [] });
  });

  it('has as many listeners as the API server takes', () => {
    const listeners = Array.from({ length: 70 }, (_, n) => ({ ...http, name: `l${n}`, port: n + 1 }));
    const { object, fields } = read({ listeners });
    expect(object.listeners).toHaveLength(64);
    expect(fields).toEqual(['spec.listeners']);
  });

  it('keeps its own annotations, its generation, and of its status what is compared', () => {
    const annotations = {
      'fairlead.dev/allocate-port': 'a',
      'tcp.fairlead.dev/a': '20000',
      'x.test/y': 'z',
      'evilfairlead.dev/x': '1',
    };
    const status = { addresses: [{ value: 'x' }], conditions: [{ type: 'Accepted' }], junk: 'x'.repeat(10) };
    const { object } = read(
      {},
      { metadata: { name: 'a', namespace: 'ns', generation: 3, annotations }, status },
    );
    expect({ ...object.meta.annotations }).toEqual({
      'fairlead.dev/allocate-port': 'a',
      'tcp.fairlead.dev/a': '20000',
    });
    expect(object).toMatchObject({ generation: 3 });
    expect(object.status).toEqual({ addresses: [{ value: 'x' }], conditions: [{ type: 'Accepted' }] });
  });

  it('does without a status that would fill the memory, and says so', () => {
    const conditions = Array.from({ length: 8 }, () => ({ message: 'x'.repeat(32_768) }));
    const { object } = read({}, { status: { conditions } });
    expect(object).toMatchObject({ status: {}, statusTooLarge: true });
  });
});

describe('a ListenerSet', () => {
  it('is found by its Gateway', () => {
    const spec = { parentRef: { name: 'gw', namespace: 'edge' }, listeners: [http] };
    const { object, fields } = narrowOne('ListenerSet', manifest('ListenerSet', spec));
    expect(fields).toEqual([]);
    expect(object).toMatchObject({ parentRef: { kind: 'Gateway', name: 'gw' }, listeners: [http] });
    const gateway = { source: 'test', kind: 'Gateway', namespace: 'edge', name: 'gw' } as const;
    expect(kinds.ListenerSet.toIndexKeys(object)).toEqual([listenerSetsOf(gateway)]);
  });

  it.each([[{ listeners: [http] }], [{ parentRef: { name: 5 }, listeners: [] }]])(
    'is not read as %j',
    (spec) => {
      expect(narrow(manifest('ListenerSet', spec)).objects).toEqual([]);
    },
  );
});

describe('a GatewayClass', () => {
  it('names its controller, and its parameters', () => {
    const spec = {
      controllerName: 'fairlead.dev/gateway-controller',
      parametersRef: { group: '', kind: 'ConfigMap', name: 'x', namespace: 'y' },
    };
    const { object, fields } = narrowOne('GatewayClass', manifest('GatewayClass', spec));
    expect(fields).toEqual([]);
    expect(object).toMatchObject({
      meta: { ref: { namespace: '' } },
      controller: 'fairlead.dev/gateway-controller',
      parametersRef: { kind: 'ConfigMap', namespace: 'y', name: 'x' },
    });
    expect(narrow(manifest('GatewayClass', {})).problems).toMatchObject([{ field: 'spec.controllerName' }]);
  });
});
