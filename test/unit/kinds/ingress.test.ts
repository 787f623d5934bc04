import { describe, expect, it } from 'vitest';
import { meta, narrow, narrowOne } from './support.ts';

const ingress = (spec: unknown, apiVersion = 'networking.k8s.io/v1'): unknown => ({
  apiVersion,
  kind: 'Ingress',
  metadata: meta(),
  spec,
});
const backend = { service: { name: 's', port: { number: 80 } } };
const toS = { kind: 'service', name: 's', port: 80 };

describe('an Ingress', () => {
  it('is narrowed whole', () => {
    const { object, fields } = narrowOne(
      'Ingress',
      ingress({
        ingressClassName: 'fairlead',
        defaultBackend: { service: { name: 's', port: { name: 'http' } } },
        rules: [{ host: 'a.test', http: { paths: [{ path: '/x', pathType: 'Exact', backend }] } }],
        tls: [{ hosts: ['a.test'], secretName: 'cert' }],
      }),
    );
    expect(fields).toEqual([]);
    expect(object).toMatchObject({
      className: 'fairlead',
      defaultBackend: { kind: 'service', name: 's', port: 'http' },
      tls: [{ hosts: ['a.test'], secretName: 'cert', field: 'spec.tls[0]' }],
    });
    expect(object.rules).toEqual([
      {
        host: 'a.test',
        field: 'spec.rules[0]',
        paths: [{ path: '/x', pathType: 'Exact', field: 'spec.rules[0].http.paths[0]', backend: toS }],
      },
    ]);
  });

  it.each(['extensions/v1beta1', 'networking.k8s.io/v1beta1'])('of %s is converted', (apiVersion) => {
    const old = { serviceName: 's', servicePort: 80 };
    const { object, fields } = narrowOne(
      'Ingress',
      ingress(
        {
          backend: old,
          rules: [{ http: { paths: [{ backend: { serviceName: 's', servicePort: 'web' } }] } }],
        },
        apiVersion,
      ),
    );
    expect(fields).toEqual([]);
    expect(object.defaultBackend).toEqual(toS);
    expect(object.rules[0]).not.toHaveProperty('host');
    expect(object.rules[0]?.paths[0]).toMatchObject({
      path: '/',
      pathType: 'ImplementationSpecific',
      backend: { kind: 'service', name: 's', port: 'web' },
    });
  });

  it('keeps a path with a malformed backend or type as one that leads nowhere', () => {
    const paths = [
      { path: '/a', backend: 'x' },
      { path: '/b', backend: { service: { name: 's', port: { number: '80' } } } },
      { path: '/c', backend: {} },
      { path: 7, backend },
      { path: '/e', pathType: 'Regex', backend },
      { path: '/f', pathType: 'Prefix', backend: { resource: { kind: 'Bucket', name: 'b' } } },
      { path: '/g', backend },
    ];
    const { object, fields } = narrowOne('Ingress', ingress({ rules: [{ http: { paths } }] }));
    expect(object.rules[0]?.paths.map(({ path, field, backend: { kind } }) => [path, field, kind])).toEqual([
      ['/a', 'spec.rules[0].http.paths[0]', 'malformed'],
      ['/b', 'spec.rules[0].http.paths[1]', 'malformed'],
      ['/c', 'spec.rules[0].http.paths[2]', 'malformed'],
      ['/e', 'spec.rules[0].http.paths[4]', 'malformed'],
      ['/f', 'spec.rules[0].http.paths[5]', 'resource'],
      ['/g', 'spec.rules[0].http.paths[6]', 'service'],
    ]);
    expect(fields).toEqual([
      'spec.rules[0].http.paths[0].backend',
      'spec.rules[0].http.paths[1].backend.service.port.number',
      'spec.rules[0].http.paths[2].backend.service',
      'spec.rules[0].http.paths[3].path',
      'spec.rules[0].http.paths[4].pathType',
    ]);
  });

  it('never widens a rule with a malformed host to every host', () => {
    const { object, fields } = narrowOne(
      'Ingress',
      ingress({ rules: [{ host: 5, http: { paths: [{ backend }] } }] }),
    );
    expect(object.rules).toEqual([]);
    expect(fields).toEqual(['spec.rules[0].host']);
  });

  it('keeps an entry for malformed TLS, so that nothing is served in the clear', () => {
    const { object, fields } = narrowOne(
      'Ingress',
      ingress({ tls: ['x', { hosts: 'a.test', secretName: 's' }] }),
    );
    expect(object.tls).toEqual([
      { hosts: [], field: 'spec.tls[0]' },
      { hosts: [], secretName: 's', field: 'spec.tls[1]' },
    ]);
    expect(fields).toEqual(['spec.tls[0]', 'spec.tls[1].hosts']);
  });

  it.each([[{ rules: {} }], [{ tls: 'yes' }], [{ ingressClassName: 5 }], [7]])(
    'is refused with spec %j',
    (spec) => {
      const { objects, problems } = narrow(ingress(spec));
      expect(objects).toEqual([]);
      expect(problems).toMatchObject([{ code: 'object-malformed' }]);
    },
  );
});

const toClass = (spec: unknown, annotations: object = {}): unknown => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'IngressClass',
  metadata: { name: 'c', annotations },
  spec,
});

describe('an IngressClass', () => {
  it('says which controller it belongs to', () => {
    expect(narrowOne('IngressClass', toClass({ controller: 'x' })).object.controller).toBe('x');
  });

  it('without a controller is refused', () => {
    expect(narrow(toClass({})).objects).toEqual([]);
  });
});
