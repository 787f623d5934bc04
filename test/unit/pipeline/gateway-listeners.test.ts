import { describe, expect, it } from 'vitest';
import { toObjectKey } from '../../../src/model/object-ref.ts';
import type { SourceObject } from '../../../src/model/objects.ts';
import { Pipeline } from '../../../src/pipeline/pipeline.ts';
import { certificates } from '../../e2e/support/certificates.ts';
import { toDocument } from '../../golden/support/document.ts';
import { toObjects } from '../../golden/support/golden-case.ts';
import { replay, toSets } from '../../golden/support/replay.ts';
import { toTestSettings } from '../render/intents.ts';

const settings = toTestSettings();

const gatewayClass = `
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: { name: fairlead }
spec: { controllerName: fairlead.dev/gateway-controller }
`;

function read(...documents: readonly string[]): readonly SourceObject[] {
  return toObjects(documents.join('\n---\n'), 'one', []);
}

function countCertificates(pipeline: Pipeline): number {
  return toDocument(pipeline.toBody('default').toString()).tls.certificates.length;
}

/** What the status of the listeners of an object says that is not as it should be. */
function refusedOf(pipeline: Pipeline, kind: string, namespace: string, name: string): readonly string[] {
  const facts = pipeline.statusOf(toObjectKey({ source: 'one', kind, namespace, name }));
  if (facts?.of !== 'Gateway' && facts?.of !== 'ListenerSet') return ['not ours'];
  return facts.listeners.flatMap(({ conditions }) =>
    conditions.flatMap(({ type, status, reason }) =>
      status === 'False' && type !== 'Conflicted' ? `${type} ${reason}` : [],
    ),
  );
}

describe('a Secret of another namespace', () => {
  const pair = certificates.bbsTestCom;
  const secret = JSON.stringify({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { namespace: 'certs', name: 'bbs' },
    type: 'kubernetes.io/tls',
    stringData: { 'tls.crt': pair.cert, 'tls.key': pair.key },
  });
  const gateway = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { namespace: edge, name: main }
spec:
  gatewayClassName: fairlead
  listeners:
    - { name: a, port: 443, protocol: HTTPS, tls: { certificateRefs: [{ name: bbs, namespace: certs }] } }
`;
  const grant = `
apiVersion: gateway.networking.k8s.io/v1
kind: ReferenceGrant
metadata: { namespace: certs, name: g }
spec:
  from: [{ group: gateway.networking.k8s.io, kind: Gateway, namespace: edge }]
  to: [{ group: '', kind: Secret }]
`;

  it('is used from the moment that it is granted, and no longer than that', () => {
    const { pipeline } = replay(settings, [toSets(read(gatewayClass, secret, gateway))]);
    const granted = read(grant);
    const refused = ['ResolvedRefs RefNotPermitted', 'Programmed Invalid'];
    expect([countCertificates(pipeline), refusedOf(pipeline, 'Gateway', 'edge', 'main')]).toEqual([
      0,
      refused,
    ]);
    pipeline.update(toSets(granted));
    expect([countCertificates(pipeline), refusedOf(pipeline, 'Gateway', 'edge', 'main')]).toEqual([1, []]);
    pipeline.update(granted.map(({ meta: { ref } }) => ({ kind: 'delete', ref })));
    expect([countCertificates(pipeline), refusedOf(pipeline, 'Gateway', 'edge', 'main')]).toEqual([
      0,
      refused,
    ]);
  });
});

/** A ListenerSet with so many listeners at the Gateway of namespace edge. */
function toSet(namespace: string, name: string, count: number): string {
  const listeners = Array.from(
    { length: count },
    (_, at) => `{ name: l${at}, port: 80, protocol: HTTP, hostname: h${at}.${name}.test }`,
  );
  return `
apiVersion: gateway.networking.k8s.io/v1
kind: ListenerSet
metadata: { namespace: ${namespace}, name: ${name} }
spec:
  parentRef: { namespace: edge, name: main }
  listeners: [${listeners.join(', ')}]
`;
}

describe('hundreds of ListenerSets at one Gateway', () => {
  const open = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { namespace: edge, name: main }
spec:
  gatewayClassName: fairlead
  allowedListeners: { namespaces: { from: All } }
  listeners: [{ name: http, port: 80, protocol: HTTP, hostname: edge.test }]
`;
  it('of one namespace leave those of others as they are', () => {
    const good = toSet('good', 'own', 1);
    const { pipeline } = replay(settings, [toSets(read(gatewayClass, open, good))]);
    const evil = Array.from({ length: 300 }, (_, index) => toSet('evil', `a${index}`, 64));
    pipeline.update(toSets(read(...evil)));
    expect(refusedOf(pipeline, 'ListenerSet', 'good', 'own')).toEqual([]);
    expect(refusedOf(pipeline, 'Gateway', 'edge', 'main')).toEqual([]);
    pipeline.update(toSets(read(toSet('good', 'own', 2))));
    expect(refusedOf(pipeline, 'ListenerSet', 'good', 'own')).toEqual([]);
  });
});
