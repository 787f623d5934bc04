import { describe, expect, it } from 'vitest';
import type { Ingress, Service } from '../../../src/model/objects.ts';
import { ProblemList } from '../../../src/model/problem-list.ts';
import type { ObjectLimits } from '../../../src/settings/settings.ts';
import {
  limitDirectives,
  limitIngress,
  limitOtherHosts,
  limitService,
} from '../../../src/translate/limits.ts';

const limits: ObjectLimits = {
  hosts: 4,
  paths: 6,
  routes: 10,
  ports: 3,
  endpoints: 10,
  middlewares: 2,
  certificates: 3,
  bytes: 1_000,
};
const ref = { source: 's', kind: 'Service', namespace: 'n', name: 'a' } as const;
const list = (count: number, start: string): string[] =>
  Array.from({ length: count }, (_, at) => `${start}${at}`);

/** What comes of it, and the problems in the order of their discovery. */
function take<T>(work: (report: ProblemList['report']) => T): readonly [T, readonly string[]] {
  const problems = new ProblemList(ref);
  const value = work(problems.report);
  return [value, problems.toArray().map(({ code, message }) => `${code}: ${message}`)];
}

const backend = { kind: 'service', name: 'a', port: 80 } as const;

function toIngress(paths: readonly number[], tls: readonly number[] = []): Ingress {
  return {
    kind: 'Ingress',
    meta: { ref: { ...ref, kind: 'Ingress' }, annotations: {} },
    rules: paths.map((count, at) => ({
      host: `h${at}`,
      field: `spec.rules[${at}]`,
      paths: list(count, '/').map((path) => ({ path, pathType: 'Prefix', field: '', backend })),
    })),
    tls: tls.map((count, at) => ({
      hosts: list(count, `t${at}`),
      secretName: `s${at}`,
      field: `spec.tls[${at}]`,
    })),
    addresses: [],
  };
}

const shape = ({ rules }: Ingress): readonly number[] => rules.map(({ paths }) => paths.length);

describe('hosts and paths of annotations', () => {
  it.each([
    [1, 1, 1, 1, []],
    [3, 3, 3, 3, ['limit-near']],
    [2, 6, 1, 6, ['limit-near', 'too-many-routes']],
    [5, 1, 4, 1, ['too-many-hosts']],
    [5, 7, 1, 6, ['too-many-paths', 'too-many-hosts', 'too-many-routes']],
    [240, 240, 1, 6, ['too-many-paths', 'too-many-hosts', 'too-many-routes']],
  ])('%i times %i become %i times %i', (hosts, paths, hostsLeft, pathsLeft, codes) => {
    const asked = { hosts: list(hosts, 'h'), paths: list(paths, '/') };
    const [{ hosts: some, paths: others }, problems] = take((report) =>
      limitDirectives(asked, limits, report),
    );
    expect([some, others]).toEqual([list(hostsLeft, 'h'), list(pathsLeft, '/')]);
    expect(problems.map((problem) => problem.split(':')[0])).toEqual(codes);
  });

  it('are none where none are asked for', () => {
    expect(take((report) => limitDirectives({}, limits, report))).toEqual([{}, []]);
  });

  it('say how many are left out', () => {
    const [, problems] = take((report) => limitDirectives({ hosts: list(2_004, 'h') }, limits, report));
    expect(problems[0]).toBe(
      'too-many-hosts: The object asks for 2,004 hosts of at most 4 (limits.object.hosts); the last 2,000 are left out',
    );
  });
});

describe('middlewares', () => {
  it('close the routes when they are too many, since each may limit access', () => {
    const middlewares = list(3, 'm').map(
      (role) => ({ stage: 'access', role, middleware: { compress: true } }) as const,
    );
    const [{ withhold }] = take((report) => limitDirectives({ middlewares }, limits, report));
    expect(withhold).toBe(true);
  });
});

describe('the ports of a Service', () => {
  it('are the first ones', () => {
    const ports = [1, 2, 3, 4].map((port) => ({ name: '', port, protocol: 'TCP' }) as const);
    const meta = { ref, annotations: {} };
    const service: Service = {
      kind: 'Service',
      meta,
      type: 'ClusterIP',
      headless: false,
      hasSelector: true,
      ports,
    };
    const [{ ports: some }, problems] = take((report) => limitService(service, limits, report));
    expect(some.map(({ port }) => port)).toEqual([1, 2, 3]);
    expect(problems).toHaveLength(1);
  });
});

describe('an Ingress', () => {
  it.each([
    [
      [1, 1],
      [1, 1],
    ],
    [
      [4, 4],
      [4, 2],
    ],
    [[6, 1], [6]],
    [
      [1, 1, 1, 1, 1],
      [1, 1, 1, 1],
    ],
    [
      [0, 9],
      [0, 6],
    ],
  ])('with paths %j keeps %j', (paths, left) => {
    const [limited] = take((report) => limitIngress(toIngress(paths), limits, report));
    expect(shape(limited)).toEqual(left);
  });

  it.each([
    [
      [1, 1],
      [1, 1],
    ],
    [
      [2, 3],
      [2, 2, 0],
    ],
    [
      [5, 1],
      [4, 0],
    ],
    [
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ],
  ])('whose TLS entries name %j hosts has all hosts on TLS where some are left out: %j', (tls, left) => {
    const [limited] = take((report) => limitIngress(toIngress([1], tls), limits, report));
    expect(limited.tls.map(({ hosts }) => hosts.length)).toEqual(left);
  });
});

describe('further hosts', () => {
  it.each([
    [[1], 1, 1, []],
    [[1], 3, 3, ['limit-near']],
    [[1], 5_000, 3, ['too-many-hosts']],
    // With all their paths they count as if they stood in the rules.
    [[3], 2, 2, ['limit-near']],
    [[3], 3, 2, ['limit-near', 'too-many-routes']],
    [[3, 3], 2, 0, ['limit-near', 'too-many-routes']],
  ])('of rules with %j paths, %i asked for: %i stand', (paths, asked, standing, codes) => {
    const directives = { aliases: list(asked, 'a') };
    const [{ aliases }, problems] = take((report) =>
      limitOtherHosts(directives, toIngress(paths), limits, report),
    );
    expect(aliases).toEqual(list(standing, 'a'));
    expect(problems.map((problem) => problem.split(':')[0])).toEqual(codes);
  });

  it('make room for the redirects from their sisters', () => {
    const asked = { aliases: list(1, 'a'), wwwRedirect: true } as const;
    const [{ aliases, wwwRedirect }] = take((report) =>
      limitOtherHosts(asked, toIngress([3, 2]), limits, report),
    );
    expect([aliases, wwwRedirect]).toEqual([[], true]);
    const few = { ...limits, routes: 6 };
    expect(take((report) => limitOtherHosts(asked, toIngress([3, 2]), few, report))[0]).toEqual({
      aliases: [],
    });
  });
});
