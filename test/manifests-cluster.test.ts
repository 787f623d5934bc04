import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { watchedKinds } from '../src/kinds/index.ts';
import { startApiServer, type ApiServer } from './e2e/support/apiserver.ts';
import { build, findKubectl, inFolder, parseObjects, root } from './support/built-manifests.ts';
import { guide, runShown, shown } from './support/guide.ts';
import { kubectlAt } from './support/kubectl-at.ts';

const hasKubectl = findKubectl('manifests/ in an API server');
const named = process.env['APISERVER_BIN'] ?? '';
const program = [named, join(homedir(), '.cache/fairlead/apiserver')].find(
  (path) => path !== '' && existsSync(path),
);
if (program === undefined) console.log('!!  SKIPPED: manifests/ in an API server\n!!  - set APISERVER_BIN');

const role = z.looseObject({
  metadata: z.looseObject({ name: z.string() }),
  rules: z.array(
    z.looseObject({
      apiGroups: z.tuple([z.string()]),
      resources: z.array(z.string()).min(1),
      verbs: z.array(z.string()),
    }),
  ),
});
const folder = join(root, 'manifests/base/rbac');
const rules = readdirSync(folder)
  .flatMap((name) => parseObjects(readFileSync(join(folder, name), 'utf8')))
  .filter(({ kind }) => kind.endsWith('Role'))
  .map((object) => role.parse(object))
  .flatMap(({ metadata: { name }, rules: own }) =>
    own.map(({ apiGroups: [group], resources, verbs }) => ({ name, group, resources, verbs })),
  );

describe('the guide', () => {
  test('has each right in its table, and no other', () => {
    const rows = [
      ...guide.matchAll(/^\| `(fairlead-[a-z-]+)` +\| (\S+) +\| (\S+(?:, \S+)*) +\| ([a-z, ]*[a-z]) +\|/gm),
    ];
    expect(rows.map((row) => row.slice(1).join(' ')).toSorted()).toEqual(
      rules
        .map(
          ({ name, group, resources, verbs }) =>
            `${name} ${group || 'core'} ${resources.join(', ')} ${verbs.join(', ')}`,
        )
        .toSorted(),
    );
  });
});

test.each(watchedKinds.map(({ group, plural }) => [plural, group]))('%s can be read', (plural, group) => {
  const granted = rules
    .filter((rule) => rule.group === group && rule.resources.includes(plural))
    .flatMap(({ verbs }) => verbs);
  expect(granted).toEqual(expect.arrayContaining(['list', 'watch']));
});

describe.skipIf(!hasKubectl || program === undefined)('an API server', () => {
  let server: ApiServer | undefined;
  const { run: kubectl, apply, mayDo } = kubectlAt(() => server?.kubeconfig ?? '');

  beforeAll(async () => {
    server = await startApiServer(program ?? '', { flags: ['--rbac'] });
  });
  afterAll(() => server?.stop());

  // Those that the server of the tests does not know.
  const unknown = /^(apps|policy|autoscaling)\//;

  test.each(['hostport', 'hostnetwork', 'nodeport', 'external'])('takes the objects of %s', (name) => {
    const objects = build(join(root, 'manifests/overlays', name));
    const known = objects.filter(
      ({ apiVersion, kind }) => !unknown.test(apiVersion) && kind !== 'NetworkPolicy',
    );
    // The guide has it removed, as a Service cannot change between headless and not.
    kubectl(['delete', 'service', 'traefik', '--namespace', 'traefik', '--ignore-not-found']);
    const applied = apply(known);
    expect(applied.trim().split('\n')).toHaveLength(known.length);
  });

  test.each([
    ['list', '', 'secrets', 'shop', '', true],
    ['watch', 'discovery.k8s.io', 'endpointslices', '', '', true],
    ['patch', '', 'services', 'shop', 'web', true],
    ['patch', 'networking.k8s.io', 'ingresses/status', 'shop', 'web', true],
    ['patch', 'gateway.networking.k8s.io', 'httproutes/status', 'shop', 'web', true],
    ['patch', 'gateway.networking.k8s.io', 'gatewayclasses/status', '', 'fairlead', true],
    ['patch', 'gateway.networking.k8s.io', 'listenersets', 'shop', 'db', true],
    ['patch', 'gateway.networking.k8s.io', 'httproutes', 'shop', 'web', false],
    ['patch', 'gateway.networking.k8s.io', 'referencegrants', 'shop', 'web', false],
    ['create', 'events.k8s.io', 'events', 'shop', '', true],
    ['update', '', 'configmaps', 'fairlead-system', 'fairlead-ports', true],
    ['update', 'coordination.k8s.io', 'leases', 'fairlead-system', 'fairlead', true],
    ['update', 'coordination.k8s.io', 'leases', 'fairlead-system', 'other', false],
    ['get', '', 'configmaps', 'shop', 'web', false],
    ['update', '', 'services', 'shop', 'web', false],
    ['delete', '', 'services', 'shop', 'web', false],
    ['patch', 'networking.k8s.io', 'ingresses', 'shop', 'web', false],
    ['patch', '', 'secrets', 'shop', 'web', false],
    ['create', '', 'pods', 'fairlead-system', '', false],
  ] as const)('to %s %s %s in %s %s: %s', (verb, group, resource, namespace, name, allowed) => {
    const [main, subresource = ''] = resource.split('/');
    expect(mayDo({ verb, group, resource: main, subresource, namespace, name })).toBe(allowed);
  });

  test('takes the Ingress of the guide', () => {
    const ingress = guide.split('```yaml\n').find((text) => text.includes('\nkind: Ingress\n'));
    const objects = parseObjects(ingress?.replace(/```[^]*/, '') ?? '');
    expect(apply(objects, '--dry-run=server').trim()).toMatch(/^ingress\.\S+\/shop /);
  });

  test('gives rights in some namespaces only, as the guide has them bound', async () => {
    const [, bindings = ''] = shown('added to', 'kustomization.yaml');
    const objects = await inFolder({}, (path) => {
      runShown('role-bindings.yaml', path);
      return parseObjects(readFileSync(join(path, 'role-bindings.yaml'), 'utf8').replace(/^---\n/, ''));
    });
    expect(bindings).toContain('- role-bindings.yaml\n');
    apply(objects);
    const [, removed = ''] = /`kubectl (delete clusterrolebinding [^`]+)`/.exec(guide) ?? [];
    kubectl(removed.split(' '));
    const listed = ['shop', 'rds', 'kube-system', ''].map((namespace) => [
      namespace,
      mayDo({ verb: 'list', group: '', resource: 'secrets', namespace }),
      mayDo({ verb: 'patch', group: '', resource: 'services', namespace }),
      mayDo({ verb: 'watch', group: 'networking.k8s.io', resource: 'ingresses', namespace }),
    ]);
    expect(listed).toEqual([
      ['shop', true, true, true],
      ['rds', true, true, true],
      ['kube-system', false, false, false],
      ['', false, false, false],
    ]);
    expect(mayDo({ verb: 'list', group: 'networking.k8s.io', resource: 'ingressclasses' })).toBe(true);
  });
});
