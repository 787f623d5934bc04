import { expect, it } from 'vitest';
import { joinAlike } from '../../../../src/kinds/join-alike.ts';
import { ProblemList } from '../../../../src/model/problem-list.ts';
import type { Endpoint, EndpointSlice, Service } from '../../../../src/model/objects.ts';
import { findNamedEndpoints } from '../../../../src/translate/service/named-endpoints.ts';
import { toTestSettings } from '../../render/intents.ts';
import { toWorld } from '../world.ts';

const ref = { source: 'one', kind: 'Service', namespace: 'n', name: 'kafka' } as const;
const service: Service = {
  kind: 'Service',
  meta: { ref, annotations: {} },
  type: 'ClusterIP',
  headless: true,
  hasSelector: false,
  ports: [],
};

function toEndpoint(addresses: readonly string[], hostname?: string): Endpoint {
  return { addresses, ready: true, serving: true, terminating: false, ...(hostname && { hostname }) };
}

function toNameless(count: number): readonly Endpoint[] {
  return Array.from({ length: count }, (_, at) => toEndpoint([`10.0.0.${at + 1}`]));
}

/** The names that are found among the endpoints of one slice, of at most five, and what is wrong with it. */
function find(endpoints: readonly Endpoint[]) {
  const slice: EndpointSlice = {
    kind: 'EndpointSlice',
    meta: { ref: { ...ref, kind: 'EndpointSlice', name: 'kafka-1' }, annotations: {} },
    service: ref.name,
    addressType: 'IPv4',
    ports: [],
    endpoints: joinAlike(endpoints),
  };
  const world = toWorld(toTestSettings({ limits: { object: { endpoints: 5 } } }), [service, slice]);
  const problems = new ProblemList(ref);
  const { report } = problems;
  const request = { service, held: [], requested: new Set<string>(), field: '', report };
  const names = findNamedEndpoints(world, request).map(({ name }) => name);
  return { names, problems: problems.toArray().map(({ message }) => message.split(',')[0]) };
}

const nameless = 'Service kafka has endpoints without a hostname';
const excess = 'of at most 5 (limits.object.endpoints); the last ones get no traffic';

it('counts each endpoint without a hostname, also beyond the limit', () => {
  expect(find([...toNameless(2), toEndpoint(['10.0.1.1'], 'a')])).toEqual({
    names: ['a'],
    problems: [`${nameless} (2)`],
  });
  expect(find([toEndpoint(['10.0.1.1'], 'a'), ...toNameless(6)])).toEqual({
    names: ['a'],
    problems: [`Service kafka has 7 endpoints ${excess}`, `${nameless} (6)`],
  });
});

it('finds no more names than the limit, whether they have addresses or not', () => {
  const named = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  const first = named.slice(0, 5);
  const problems = [`Service kafka has 7 endpoints ${excess}`];
  expect(find(named.map((name) => toEndpoint(['10.0.1.1'], name)))).toEqual({ names: first, problems });
  expect(find(named.map((name) => toEndpoint([], name)))).toEqual({ names: first, problems });
});
