import { describe, expect, it } from 'vitest';
import { toObjectKey, type ObjectKey } from '../../../src/model/object-ref.ts';
import { AttachedRoutes } from '../../../src/pipeline/attached-routes.ts';
import { toListenerKey, type ListenerKey, type StatusFacts } from '../../../src/routes/status.ts';

const toKey = (kind: string, name: string): ObjectKey =>
  toObjectKey({ source: 's', kind, namespace: 'ns', name });

const edge = toKey('Gateway', 'edge');
const set = toKey('ListenerSet', 'set');
const http = toListenerKey(edge, 'http');
const mysql = toListenerKey(set, 'mysql');

function toStatus(...parents: readonly (readonly ListenerKey[])[]): StatusFacts {
  const parentRef = { group: '', kind: 'Gateway', name: 'edge', field: 'spec.parentRefs[0]' };
  return { of: 'Route', parents: parents.map((attached) => ({ parentRef, conditions: [], attached })) };
}

describe('the counts of attached routes', () => {
  it('follow each route, and say whose count is another one', () => {
    const routes = new AttachedRoutes();
    const [a, b] = [toKey('HTTPRoute', 'a'), toKey('HTTPRoute', 'b')];
    expect(routes.replace(a, toStatus([http], [mysql]))).toEqual(new Set([edge, set]));
    expect(routes.replace(b, toStatus([http]))).toEqual(new Set([edge]));
    expect([routes.of(http), routes.of(mysql)]).toEqual([2, 1]);
    expect(routes.replace(b, toStatus([http]))).toEqual(new Set());
    expect(routes.replace(a, undefined)).toEqual(new Set([edge, set]));
    expect([routes.of(http), routes.of(mysql)]).toEqual([1, 0]);
  });

  it('count a route once that reaches a listener through two of its parents', () => {
    const routes = new AttachedRoutes();
    routes.replace(toKey('HTTPRoute', 'a'), toStatus([http], [http]));
    expect(routes.of(http)).toBe(1);
  });
});
