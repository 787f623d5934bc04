import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Problem } from '../../src/model/problem.ts';
import { watchedKinds } from '../../src/kinds/index.ts';
import { defineKind, type WatchedKind } from '../../src/kinds/kind.ts';
import { createClusterSource, type ClusterSource } from '../../src/source/cluster/cluster-source.ts';
import type { SourceState } from '../../src/source/source.ts';
import { findApiServer, startApiServer, type ApiServer, type Manifest } from './support/apiserver.ts';
import { Cleanup, makeTempFolder } from './support/cleanup.ts';
import { eventually } from './support/eventually.ts';
import { gatewayDefinitions, gatewayKinds, toGatewayDefinition } from './support/gateway-definitions.ts';

const program = findApiServer('custom resources that come and go');

/** A kind of the test's own. What it is read into does not matter here. */
const declared = defineKind({
  kind: 'ConfigMap',
  apiVersions: ['example.com/v1'],
  plural: 'widgets',
  shortNames: [],
  namespaced: true,
  routed: false,
  cluster: undefined,
  read: (_raw, meta) => ({ kind: 'ConfigMap', meta, data: {} }),
});

const widget = { ...declared, cluster: { optional: true } } as const;

const definition: Manifest = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { kind: 'Widget', plural: 'widgets', singular: 'widget', listKind: 'WidgetList' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};

const one: Manifest = {
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  metadata: { name: 'one', namespace: 'shop' },
};
const web: Manifest = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { ports: [{ port: 80 }] },
};

const toRole = (...more: readonly object[]): Manifest => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name: 'reader' },
  rules: [{ apiGroups: [''], resources: ['services'], verbs: ['list', 'watch'] }, ...more],
});

const binding: Manifest = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name: 'reader' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'reader' },
  subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'joe' }],
};

const toRoute = (version: string, name: string): Manifest => ({
  apiVersion: `gateway.networking.k8s.io/${version}`,
  kind: 'TCPRoute',
  metadata: { name, namespace: 'shop' },
  spec: { rules: [{ backendRefs: [{ name: 'db', port: 3306 }] }] },
});

interface Seen {
  readonly source: ClusterSource;
  readonly there: Set<string>;
  readonly states: SourceState['kind'][];
  problems: readonly Problem[];
  widgets(): string | undefined;
}

async function install(server: ApiServer): Promise<void> {
  await server.apply(definition);
  await eventually('it can be written', 10_000, () =>
    server.apply(one).then(
      () => true,
      () => false,
    ),
  );
}

describe.skipIf(program === undefined)('a custom resource that a cluster may do without', () => {
  let cleanup: Cleanup;
  beforeEach(() => {
    cleanup = new Cleanup();
  });
  afterEach(() => cleanup.run());

  function watch(kubeconfig: string, of: WatchedKind = widget): Seen {
    const timings = {
      absentMs: [200, 300],
      deniedMs: [200, 300],
      backOff: { firstMs: 50, mostMs: 200, healthyMs: 60_000 },
    } as const;
    const log = pino({ level: 'silent' });
    const source = createClusterSource(
      { name: 'rig', kubeconfig, context: null, namespaces: [] },
      log,
      timings,
      [...watchedKinds.filter(({ kind }) => kind === 'Service'), of],
    );
    const seen: Seen = {
      source,
      there: new Set(),
      states: [],
      problems: [],
      widgets: () => source.conditions().find(({ kind }) => kind === of.kind)?.state,
    };
    source.start({
      changed: (changes) => {
        for (const change of changes) {
          const { name } = change.kind === 'set' ? change.object.meta.ref : change.ref;
          if (change.kind === 'set') seen.there.add(name);
          else seen.there.delete(name);
        }
      },
      problems: (problems) => (seen.problems = problems),
      state: ({ kind }) => seen.states.push(kind),
    });
    cleanup.add(() => source.stop());
    return seen;
  }

  it('is none where it is not installed, is noticed when it is, and goes with its definition', async () => {
    const server = cleanup.keep(await startApiServer(program ?? ''));
    await server.apply(web);
    const seen = watch(server.kubeconfig);
    await eventually('the source is synced without it', 5_000, () => seen.states.at(-1) === 'synced');
    expect([[...seen.there], seen.widgets(), seen.problems]).toEqual([['web'], 'absent', []]);

    await install(server);
    await eventually('it is noticed', 5_000, () => seen.there.has('one') && seen.widgets() === 'watching');
    await server.apply({ ...one, metadata: { ...one.metadata, name: 'two' } });
    await eventually('it is followed', 2_000, () => seen.there.has('two'));

    await server.delete(definition);
    await eventually('it is gone', 10_000, () => seen.widgets() === 'absent');
    expect([...seen.there]).toEqual(['web']);
    await install(server);
    await eventually('it is noticed again', 10_000, () => seen.there.has('one'));
    expect([...new Set(seen.states)]).toEqual(['starting', 'synced']);
    expect(seen.problems).toEqual([]);
  });

  it('stays when the server says but once that it is not there', async () => {
    const server = cleanup.keep(await startApiServer(program ?? ''));
    await install(server);
    const seen = watch(server.kubeconfig);
    await eventually('it is there', 5_000, () => seen.widgets() === 'watching');
    const deleted: string[] = [];
    const remove = seen.there.delete.bind(seen.there);
    seen.there.delete = (name) => {
      deleted.push(name);
      return remove(name);
    };
    await server.rig('fail', { status: 404, count: 2, path: '/apis/example.com/v1' });
    await server.rig('drop-watches', { mode: 'close', resource: 'widgets' });
    await eventually('both were answered so', 5_000, async () => {
      const faults = JSON.stringify(await server.rig('faults', {}, 'GET'));
      return !faults.includes('example.com');
    });
    await eventually('it is followed again', 5_000, () => seen.widgets() === 'watching');
    expect(deleted).toEqual([]);
  });

  it('is none to whoever may not read it, and a missing right once it is installed', async () => {
    const server = cleanup.keep(await startApiServer(program ?? '', { flags: ['--rbac'] }));
    await server.rig('token', { user: 'joe', token: 'joes' });
    await server.apply(toRole(), binding);
    const folder = makeTempFolder();
    cleanup.add(() => folder.remove());
    const kubeconfig = join(folder.path, 'kubeconfig');
    writeFileSync(kubeconfig, readFileSync(server.kubeconfig, 'utf8').replaceAll('rig-admin-token', 'joes'));
    const seen = watch(kubeconfig);
    await eventually('the source is synced', 5_000, () => seen.states.at(-1) === 'synced');
    expect(seen.widgets()).toBe('absent');

    await install(server);
    await eventually('the missing right is reported', 5_000, () => seen.widgets() === 'denied');
    const condition = seen.source.conditions().find(({ kind }) => kind === 'ConfigMap');
    expect(condition?.detail).toBe('The role lacks the verb list on widgets.example.com in all namespaces.');
    await server.apply(
      toRole({ apiGroups: ['example.com'], resources: ['widgets'], verbs: ['list', 'watch'] }),
    );
    await eventually('it is read', 5_000, () => seen.there.has('one'));
  });

  it('is read in the version that is there: an old one first, then a new one', async () => {
    const server = cleanup.keep(await startApiServer(program ?? ''));
    const tcpRoute = gatewayKinds.find(({ kind }) => kind === 'TCPRoute');
    if (tcpRoute === undefined) throw new Error('TCPRoutes are not read');
    const seen = watch(server.kubeconfig, tcpRoute);
    await eventually('the source is synced without it', 5_000, () => seen.states.at(-1) === 'synced');
    expect(seen.widgets()).toBe('absent');
    const write = (route: Manifest): Promise<unknown> =>
      eventually('it can be written', 10_000, () =>
        server.apply(route).then(
          () => true,
          () => false,
        ),
      );
    const { discovery } = seen.source.client;

    await server.apply(toGatewayDefinition(tcpRoute, ['v1alpha2']));
    await write(toRoute('v1alpha2', 'old'));
    await eventually('it is read in the old version', 5_000, () => seen.there.has('old'));
    expect(discovery.versionOf(tcpRoute)).toBe('gateway.networking.k8s.io/v1alpha2');

    await server.apply(toGatewayDefinition(tcpRoute, ['v1'], ['v1alpha2']));
    await write(toRoute('v1', 'new'));
    await eventually('it is read in the new version', 10_000, () => seen.there.has('new'));
    expect([...seen.there]).toEqual(['old', 'new']);
    expect(discovery.collectionOf(tcpRoute, 'shop')).toBe(
      '/apis/gateway.networking.k8s.io/v1/namespaces/shop/tcproutes',
    );
    expect(seen.problems).toEqual([]);
  });

  it('is one of several in a group that comes and goes as a whole, as the Gateway API does', async () => {
    const server = cleanup.keep(await startApiServer(program ?? ''));
    const source = createClusterSource(
      { name: 'rig', kubeconfig: server.kubeconfig, context: null, namespaces: [] },
      pino({ level: 'silent' }),
      { absentMs: [400, 500] },
      gatewayKinds,
    );
    cleanup.add(() => source.stop());
    source.start({ changed: () => undefined, problems: () => undefined, state: () => undefined });
    const states = (): string[] => [...new Set(source.conditions().map(({ state }) => state))];
    await eventually('none is there', 5_000, () => states().join() === 'absent');
    await server.apply(...gatewayDefinitions);
    await eventually('all are followed', 15_000, () => states().join() === 'watching');
    await server.delete(...gatewayDefinitions);
    await eventually('none is there any more', 15_000, () => states().join() === 'absent');
  });
});
