import { expect, it } from 'vitest';
import { noneUnread } from '../../../src/model/unread-kinds.ts';
import { toDocument } from '../../golden/support/document.ts';
import { toObjects } from '../../golden/support/golden-case.ts';
import { replay, toSets } from '../../golden/support/replay.ts';
import { toTestSettings } from '../render/intents.ts';

const objects = `
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: { name: fairlead }
spec: { controllerName: fairlead.dev/gateway-controller }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { namespace: shop, name: edge }
spec: { gatewayClassName: fairlead, listeners: [{ name: http, port: 80, protocol: HTTP }] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { namespace: shop, name: web }
spec: { parentRefs: [{ name: edge }], rules: [{ backendRefs: [{ name: web, port: 80 }] }] }
---
apiVersion: v1
kind: Service
metadata: { namespace: shop, name: web }
spec: { clusterIP: None, ports: [{ port: 80 }] }
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { namespace: shop, name: web-1, labels: { kubernetes.io/service-name: web } }
addressType: IPv4
ports: [{ port: 80 }]
endpoints: [{ addresses: [10.0.0.7] }]
`;

it('sends nothing to a Service whose policies for TLS may not be read, and does once they may', () => {
  const { pipeline } = replay(toTestSettings(), [toSets(toObjects(objects, 'one', []))]);
  const servers = (): string =>
    JSON.stringify(toDocument(pipeline.toBody('default').toString()).http.services);
  expect(servers()).toContain('http://10.0.0.7:80');

  pipeline.update([], undefined, undefined, new Map([['one', ['BackendTLSPolicy']]]));
  expect(servers()).not.toContain('10.0.0.7');
  expect(pipeline.update([], undefined, undefined, noneUnread).documents.size).toBe(1);
  expect(servers()).toContain('http://10.0.0.7:80');
  expect(
    pipeline.update([], undefined, undefined, new Map([['other', ['BackendTLSPolicy']]])).units.size,
  ).toBe(0);
});
