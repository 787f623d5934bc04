import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import {
  build,
  configOf,
  findKubectl,
  inFolder,
  ofKind,
  parseObjects,
  root,
  type AnyObject,
} from './support/built-manifests.ts';
import { cases, otherValues, withTraefik } from './support/chart-cases.ts';
import { contradictions, notContradictions } from './support/chart-contradictions.ts';
import { chart, findHelm, helm, render, renderNotes, type Values } from './support/chart.ts';
import { comparable } from './support/comparable-objects.ts';
import { printed } from './support/printed.ts';

const hasHelm = findHelm('the Helm chart');
const hasKubectl = findKubectl('the Helm chart against manifests/');

const namesOf = (objects: readonly AnyObject[], ...kinds: string[]): string[] =>
  ofKind(objects, ...kinds).map(({ metadata: { namespace = '', name } }) => `${namespace}/${name}`);

/** All but the class, which releases may share. */
const keysOf = (objects: readonly AnyObject[]) =>
  objects
    .filter(({ kind }) => kind !== 'IngressClass')
    .map(({ kind, metadata: { namespace = '', name } }) => `${kind}/${namespace}/${name}`);

const commandsOf = (values: Values): string[] =>
  [...renderNotes(values).matchAll(/^ {2}(\S.*)$/gm)].map(([, command = '']) => command);

/** As a file, and given to a command. */
const withConfig = (values: Values, args: readonly string[]): Promise<string> => {
  const [configMap] = ofKind(render(values), 'ConfigMap');
  const { data } = z.looseObject({ data: z.record(z.string(), z.string()) }).parse(configMap);
  return inFolder({ 'fairlead.yaml': data['fairlead.yaml'] ?? '' }, (cwd) =>
    printed([...args, '-c', 'fairlead.yaml'], {
      cwd,
      env: { FAIRLEAD_PROVIDER_TOKENS: 'its-presence-counts' },
    }),
  );
};

/** The one line, without the place in the chart. */
const refusalOf = (values: Values): string => {
  try {
    render(values);
  } catch (error) {
    return String(error)
      .replace(/^Error: Error: execution error at \S+ /, '')
      .replace(/\n[^]*$/, '');
  }
  return 'taken';
};

test('the chart has the version of the program', () => {
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  expect(parse(readFileSync(join(chart, 'Chart.yaml'), 'utf8'))).toMatchObject({
    version,
    appVersion: version,
  });
});

describe.skipIf(!hasHelm)('the chart', () => {
  test.each(cases)('is well-formed with %s', (_name, values) => {
    expect(helm(['lint', '--strict', chart], values)).toContain(' 0 chart(s) failed');
    const keys = render(values).map(({ kind, metadata }) => `${kind}/${metadata.namespace}/${metadata.name}`);
    expect(keys).toEqual([...new Set(keys)]);
  });

  test.each(cases)('makes a configuration that is taken, with %s', async (_name, values) => {
    await expect(withConfig(values, ['config', 'check'])).resolves.toBe('');
  });

  test.skipIf(!hasKubectl)('makes what manifests/ has, right by right and field by field', () => {
    const made = comparable(render(withTraefik));
    const built = comparable(build(join(root, 'manifests'))).filter(
      ({ kind, metadata }) => kind !== 'Namespace' || metadata.name !== 'fairlead-system',
    );
    expect(
      Object.fromEntries(made.map((object) => [`${object.kind}/${object.metadata.name}`, object])),
    ).toEqual(Object.fromEntries(built.map((object) => [`${object.kind}/${object.metadata.name}`, object])));
    expect(made).toHaveLength(built.length);
  });

  test.each([
    ['the default pool', withTraefik],
    [
      'another pool',
      { ...withTraefik, pool: { tcp: '30000-30002', udp: '' }, traefik: { enabled: true, version: '3.5' } },
    ],
    ['UDP only', { ...withTraefik, pool: { tcp: '', udp: '5000-5001' } }],
  ])('makes the Traefik that `fairlead traefik` prints for %s', async (_name, values) => {
    const url = 'http://fairlead.fairlead-system.svc:9080';
    const text = await withConfig(values, ['traefik', '--format', 'manifest', '--provider-url', url]);
    const [made] = comparable(ofKind(render(values), 'DaemonSet'));
    expect(made).toEqual(comparable(ofKind(parseObjects(text), 'DaemonSet'))[0]);
  });

  test('gives rights in the namespaces that are read, and in no others', () => {
    const objects = render(otherValues);
    const own = 'fairlead-system:fairlead';
    expect(namesOf(objects, 'ClusterRoleBinding')).toEqual([`/${own}-ingress-classes`, `/${own}-namespaces`]);
    expect(namesOf(objects, 'RoleBinding').toSorted()).toEqual(
      [
        ...['shop', 'rds'].flatMap((namespace) =>
          ['routes', 'secrets', 'write-back'].map((name) => `${namespace}/${own}-${name}`),
        ),
        'fairlead-system/fairlead-leader-election',
        'fairlead-system/fairlead-ledger',
      ].toSorted(),
    );
    expect(configOf(objects).sources).toMatchObject([{ kubernetes: { namespaces: ['shop', 'rds'] } }]);
  });

  test('rolls the Deployment when the configuration changes', () => {
    const sums = [{}, {}, { config: { log: { level: 'debug' } } }].map((values) =>
      JSON.stringify(render(values)).replace(/.*"checksum\/config":"(\w{64})".*/, '$1'),
    );
    expect(sums[0]).toHaveLength(64);
    expect(sums[0]).toBe(sums[1]);
    expect(sums[0]).not.toBe(sums[2]);
  });

  test('takes names that look like numbers for names, and large numbers for numbers', () => {
    const objects = render(
      { namespaces: ['456'], heapMiB: 2_097_152, resources: { limits: null }, token: { secret: '789' } },
      { name: '1', namespace: '123' },
    );
    expect(namesOf(objects, 'Deployment', 'RoleBinding')).toContain('123/fairlead-1');
    expect(namesOf(objects, 'RoleBinding')).toContain('456/123:fairlead-1-routes');
    const text = JSON.stringify(objects);
    expect(text).toContain('"app.kubernetes.io/instance":"1"');
    expect(text).toContain('"secretKeyRef":{"name":"789"');
    expect(text).toContain('--max-old-space-size=2097152');
  });

  test('shares no name with another release', () => {
    const one = new Set(keysOf(render({}, { name: 'edge', namespace: 'one' })));
    expect(one).toContain('Deployment/one/edge-fairlead');
    expect(keysOf(render({}, { name: 'edge', namespace: 'two' })).filter((key) => one.has(key))).toEqual([]);
    expect(keysOf(render({}, { name: 'other', namespace: 'one' })).filter((key) => one.has(key))).toEqual([]);
  });

  test.each<[string, Values, string]>([
    ['a typo', { adresses: ['edge.example.com'] }, "'adresses' not allowed"],
    ['a typo in the configuration', { config: { log: { levle: 'debug' } } }, "'levle' not allowed"],
    ['a section taken away', { traefik: null }, "missing property 'traefik'"],
    ['a range that is none', { pool: { tcp: '20000' } }, 'does not match pattern'],
    ['a repository with its tag', { image: { repository: 'fairlead:0.1.0' } }, 'does not match pattern'],
    ['a name that Kubernetes refuses', { token: { secret: 'Fairlead_Token' } }, 'does not match pattern'],
    ['a namespace twice', { namespaces: ['shop', 'shop'] }, 'are equal'],
    ['a quantity that is none', { resources: { limits: { memory: '1GB' } } }, 'does not match pattern'],
  ])('refuses %s', (_name, values, words) => {
    expect(() => render(values)).toThrow(words);
  });

  test.each(contradictions)('refuses %s', (_name, values, line) => {
    expect(refusalOf(values)).toBe(line);
  });

  test.each(notContradictions)('takes %s', async (_name, values) => {
    expect(refusalOf(values)).toBe('taken');
    await expect(withConfig(values, ['config', 'check'])).resolves.toBe('');
  });

  test('a protocol that is taken away has no pool, in Fairlead and in Traefik', async () => {
    const values = { ...withTraefik, pool: { tcp: null } };
    expect(configOf(render(values)).fleets).toMatchObject([{ ports: { tcp: null } }]);
    expect(JSON.stringify(render(values))).not.toContain('tcp-20000');
  });

  test('names its objects so that each of them may have the name', () => {
    const services = ['1', 'my.fairlead', `${'9'.repeat(52)}x`, 'a'.repeat(53)].map((name) =>
      namesOf(render({}, { name }), 'Service'),
    );
    for (const [name = ''] of services)
      expect(name).toMatch(/^fairlead-system\/[a-z]([-a-z0-9]{0,48}[a-z0-9])?$/);
  });

  test('a variable that is given replaces that of the chart', () => {
    const text = JSON.stringify(
      render({ extraEnv: [{ name: 'NODE_OPTIONS', value: '--enable-source-maps' }] }),
    );
    expect(text).toContain('"--enable-source-maps"');
    expect(text).not.toContain('--max-old-space-size');
  });

  test('polls by HTTPS where the provider serves it', () => {
    const tls = { cert: '/etc/fairlead-tls/tls.crt', key: '/etc/fairlead-tls/tls.key' };
    expect(renderNotes({ config: { provider: { tls } } })).toContain('--provider-url https://fairlead.');
    expect(renderNotes({})).toContain('--provider-url http://fairlead.');
  });

  test('is installed as docs/install.md has it', () => {
    const page = readFileSync(join(root, 'docs/install.md'), 'utf8');
    expect(page).toContain(
      '\nhelm install fairlead charts/fairlead --namespace fairlead-system --values values.yaml\n',
    );
    const [, values = ''] = /```yaml\n(# values\.yaml\n[^]*?)```/.exec(page) ?? [];
    const objects = render(z.record(z.string(), z.unknown()).parse(parse(values)));
    expect(namesOf(objects, 'Namespace', 'DaemonSet', 'Deployment')).toEqual([
      'traefik/traefik',
      'fairlead-system/fairlead',
    ]);
    expect(configOf(objects).ingress.hostOwnership).toBe('namespace');
  });

  test('says the next two commands', async () => {
    expect(commandsOf(withTraefik)).toEqual([
      'kubectl rollout status deployment/fairlead --namespace fairlead-system',
      'kubectl annotate service NAME --namespace NAMESPACE fairlead.dev/expose=true',
    ]);
    const [, , last = ''] = commandsOf({});
    const [, args = ''] = /^fairlead (traefik .*) > traefik-values\.yaml$/.exec(last) ?? [];
    const made = parse(await withConfig({}, args.replace('-c fairlead.yaml ', '').split(' ')));
    expect(made).toMatchObject({ ports: { 'tcp-20000': { port: 20_000 } } });
  });
});
