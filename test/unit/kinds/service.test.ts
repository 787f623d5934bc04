import { describe, expect, it } from 'vitest';
import { meta, narrow, narrowOne } from './support.ts';

const service = (spec: unknown): unknown => ({ apiVersion: 'v1', kind: 'Service', metadata: meta(), spec });

const published = (spec: object, ingress: unknown): unknown => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: meta(),
  spec,
  status: { loadBalancer: { ingress } },
});

it('narrows a whole Service', () => {
  const { object, fields } = narrowOne(
    'Service',
    service({
      type: 'NodePort',
      clusterIP: '10.0.0.1',
      selector: { app: 'a' },
      ports: [
        { name: 'web', port: 80, targetPort: 'http', appProtocol: 'h2c', nodePort: 30080, protocol: 'TCP' },
      ],
    }),
  );
  expect(fields).toEqual([]);
  expect(object).toMatchObject({
    type: 'NodePort',
    clusterIP: '10.0.0.1',
    headless: false,
    hasSelector: true,
  });
  expect(object.ports).toEqual([
    { name: 'web', port: 80, protocol: 'TCP', targetPort: 'http', appProtocol: 'h2c', nodePort: 30080 },
  ]);
});

it('fills in what Kubernetes would', () => {
  const { object } = narrowOne('Service', service({ ports: [{ port: 53, nodePort: 0 }] }));
  expect(object).toMatchObject({ type: 'ClusterIP', headless: false, hasSelector: false });
  expect(object).not.toHaveProperty('clusterIP');
  expect(object.ports).toEqual([{ name: '', port: 53, protocol: 'TCP' }]);
});

it('knows a headless Service by the cluster IP None', () => {
  const { object } = narrowOne('Service', service({ clusterIP: 'None' }));
  expect(object.headless).toBe(true);
  expect(object).not.toHaveProperty('clusterIP');
  expect(narrowOne('Service', service({ clusterIPs: ['10.0.0.2', 'fd00::1'] })).object.clusterIP).toBe(
    '10.0.0.2',
  );
});

it('takes an empty selector for none', () => {
  expect(narrowOne('Service', service({ selector: {} })).object.hasSelector).toBe(false);
});

it('leaves out malformed ports and keeps the others', () => {
  const { object, fields } = narrowOne(
    'Service',
    service({
      ports: [
        5,
        { port: '80' },
        { port: 0 },
        {},
        { port: 81, protocol: 'QUIC' },
        { port: 82, targetPort: {} },
        { port: 83 },
      ],
    }),
  );
  expect(object.ports.map(({ port }) => port)).toEqual([83]);
  expect(fields).toEqual([
    'spec.ports[0]',
    'spec.ports[1].port',
    'spec.ports[2].port',
    'spec.ports[3].port',
    'spec.ports[4].protocol',
    'spec.ports[5].targetPort',
  ]);
});

it('reads digits in quotation marks as a target port number', () => {
  const { object } = narrowOne('Service', service({ ports: [{ port: 80, targetPort: '8080' }] }));
  expect(object.ports[0]?.targetPort).toBe(8080);
});

it.each([['text'], [{ ports: 'many' }]])('refuses the spec %j', (spec) => {
  const { objects, problems } = narrow(service(spec));
  expect(objects).toEqual([]);
  expect(problems).toMatchObject([{ code: 'object-malformed', subject: { kind: 'Service', name: 'a' } }]);
});

describe('the addresses of a Service', () => {
  it('are those of its load balancer and its external IPs', () => {
    const entries = [{ ip: '192.0.2.1', ports: [] }, { hostname: 'lb.example.com' }, {}];
    const { object } = narrowOne('Service', published({ externalIPs: ['198.51.100.1'] }, entries));
    expect(object.loadBalancer).toEqual([{ ip: '192.0.2.1' }, { hostname: 'lb.example.com' }]);
    expect(object.externalIPs).toEqual(['198.51.100.1']);
  });

  it('are absent when there are none', () => {
    for (const raw of [service({}), published({ externalIPs: [] }, []), published({}, 'none')]) {
      const { object, fields } = narrowOne('Service', raw);
      expect(object).not.toHaveProperty('loadBalancer');
      expect(object).not.toHaveProperty('externalIPs');
      expect(fields).toEqual([]);
    }
  });

  it('are reported when they are no texts', () => {
    const { object, fields } = narrowOne('Service', service({ externalIPs: [1, '198.51.100.1'] }));
    expect(object.externalIPs).toEqual(['198.51.100.1']);
    expect(fields).toEqual(['spec.externalIPs[0]']);
    expect(narrowOne('Service', service({ externalIPs: 'all' })).fields).toEqual(['spec.externalIPs']);
  });
});
