import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { fileSchema } from '../src/settings/schema.ts';
import {
  buildFiles,
  configOf,
  findKubectl,
  inFolder,
  ofKind,
  root,
  workloadsOf,
  type AnyObject,
} from './support/built-manifests.ts';
import { guide, printShown, runShown, shown, shownFiles, withAdded, withChanged } from './support/guide.ts';

const hasKubectl = findKubectl('what the guide builds of manifests/');
const [install = '', several = ''] = shown('whole', 'kustomization.yaml');
const [config = ''] = shown('whole', 'fairlead.yaml');
const [ownPool = ''] = shown('changed in', 'kustomization.yaml');
const labels = z.looseObject({ metadata: z.looseObject({ labels: z.record(z.string(), z.string()) }) });

describe('the guide', () => {
  test('shows these files and parts of files', () => {
    expect(shownFiles.map(({ part, name }) => `${part} ${name}`)).toEqual([
      'whole kustomization.yaml',
      'whole fairlead.yaml',
      'in fairlead.yaml',
      'added to kustomization.yaml',
      'changed in kustomization.yaml',
      'whole fairlead.yaml',
      'whole kustomization.yaml',
      'added to kustomization.yaml',
      'in fairlead.yaml',
    ]);
  });

  test('shows configurations that are valid', () => {
    const sources = [{ name: 'cluster', kubernetes: {} }];
    const parts = shown('in', 'fairlead.yaml').map((text) => ({
      sources,
      ...z.looseObject({}).parse(parse(text)),
    }));
    const wholes = shown('whole', 'fairlead.yaml').map((text): unknown => parse(text));
    expect([...parts, ...wholes].map((each) => fileSchema.safeParse(each).error?.issues)).toEqual(
      Array.from({ length: 4 }, () => undefined),
    );
  });

  // Ports that are there on TCP and on UDP: kubectl alone knows ports by their number.
  test('applies on the server', () => {
    const commands = [...guide.matchAll(/kubectl (--context west )?apply -.*/g)].map(([command]) => command);
    expect(commands.length).toBeGreaterThan(5);
    expect(commands.filter((command) => !command.includes(' apply --server-side -'))).toEqual([]);
  });
});

test('hosts outside of the cluster poll over TLS, with a token', async () => {
  const text = await inFolder({ 'fairlead.yaml': config }, (folder) => printShown('traefik.yml', folder));
  expect(parse(text)).toMatchObject({
    providers: {
      http: {
        endpoint: 'https://fairlead.example.com:30980/traefik/default',
        headers: { Authorization: 'Bearer ${FAIRLEAD_TOKEN}' },
        tls: { ca: '/etc/traefik/ca.pem' },
      },
    },
  });
});

describe.skipIf(!hasKubectl)('what the guide builds', () => {
  test.each([
    ['the installation', install],
    ['several sources', several],
  ])('%s, with the image and the configuration of the user', (_, kustomization) => {
    const objects = buildFiles({
      'kustomization.yaml': kustomization,
      'fairlead.yaml': config,
      'bbs.yaml': '{}',
    });
    const [fairlead] = workloadsOf(objects, 'fairlead');
    expect(fairlead?.spec.template.spec.containers[0].image).toBe('registry.example.com/edge/fairlead:0.1.0');
    expect(configOf(objects)).toEqual(fileSchema.parse(parse(config)));
  });

  test.each(['hostport', 'hostnetwork', 'nodeport', 'external'])('the layout %s', (layout) => {
    const own = `manifests/overlays/${layout}/fairlead.yaml`;
    const text = guide.includes(`\`fairlead/${own}\``) ? readFileSync(join(root, own), 'utf8') : config;
    const objects = buildFiles({
      'kustomization.yaml': withChanged(install, { resources: [`fairlead/manifests/overlays/${layout}`] }),
      'fairlead.yaml': text,
    });
    // A pool is there only where Traefik listens on it.
    const [fleet] = configOf(objects).fleets;
    const ports = workloadsOf(objects, 'traefik')[0]?.spec.template.spec.containers[0].ports ?? [];
    const hasPool = ports.some(({ containerPort }) => containerPort === 20_000);
    if (layout !== 'external') expect(hasPool).toBe(fleet?.ports.tcp !== null);
  });

  test('patches of the DaemonSet', () => {
    const [patches = ''] = shown('added to', 'kustomization.yaml');
    const files = { 'kustomization.yaml': withAdded(install, patches), 'fairlead.yaml': config };
    const pod = workloadsOf(buildFiles(files), 'traefik')[0]?.spec.template.spec;
    expect(pod?.['nodeSelector']).toEqual({ edge: 'true' });
    expect(z.array(z.string()).parse(pod?.containers[0]['args']).at(-1)).toBe(
      '--entryPoints.web.forwardedHeaders.trustedIPs=192.0.2.0/24',
    );
    expect(pod?.containers[0].ports).toHaveLength(202);
  });

  test('rights in some namespaces', async () => {
    const [, bindings = ''] = shown('added to', 'kustomization.yaml');
    const files = { 'kustomization.yaml': withAdded(install, bindings), 'fairlead.yaml': config };
    const names = await inFolder(files, (folder) => {
      runShown('role-bindings.yaml', folder);
      const file = readFileSync(join(folder, 'role-bindings.yaml'), 'utf8');
      return ofKind(
        buildFiles({ ...files, 'role-bindings.yaml': file }),
        'RoleBinding',
        'ClusterRoleBinding',
      ).map(({ metadata: { namespace = 'everywhere', name } }) => `${namespace} ${name}`);
    });
    expect(names.toSorted()).toEqual([
      'everywhere fairlead-ingress-classes',
      'everywhere fairlead-namespaces',
      'fairlead-system fairlead-leader-election',
      'fairlead-system fairlead-ledger',
      'rds fairlead-routes',
      'rds fairlead-secrets',
      'rds fairlead-write-back',
      'shop fairlead-routes',
      'shop fairlead-secrets',
      'shop fairlead-write-back',
    ]);
  });
});

describe.skipIf(!hasKubectl).each(['hostport', 'hostnetwork'])('a pool of your own with %s', (layout) => {
  const wide = config.replaceAll('20000-20099', '20000-20199');
  const component = /with `hostnetwork` add `components: \[(\S+)\]`/.exec(guide)?.[1];
  const changed = {
    ...z.looseObject({}).parse(parse(ownPool)),
    ...(layout === 'hostnetwork' && { components: [component] }),
  };

  async function buildOwn(): Promise<AnyObject[]> {
    const files = { 'kustomization.yaml': withChanged(install, changed), 'fairlead.yaml': wide };
    const printed = await inFolder(files, (folder) => printShown('traefik.yaml', folder));
    return buildFiles({ ...files, 'traefik.yaml': printed });
  }

  test('differs from what is shipped in the ports only', async () => {
    const objects = await buildOwn();
    const resources = [`fairlead/manifests/overlays/${layout}`];
    const shipped = buildFiles({
      'kustomization.yaml': withChanged(install, { resources }),
      'fairlead.yaml': wide,
    });
    const pool = Array.from({ length: 200 }, (_, index) => 20_000 + index);
    const [container] = workloadsOf(objects, 'traefik')[0]?.spec.template.spec.containers ?? [];
    expect(container?.ports.map((port) => port['hostPort'])).toEqual([80, 443, ...pool, ...pool]);
    expect(container?.['args']).toContain('--entryPoints.udp-20199.address=:20199/udp');
    expect(objects.map(withoutPool)).toEqual(shipped.map(withoutPool));
  });

  test('is applied to Traefik first', async () => {
    const [, key = '', value] =
      /kubectl apply --server-side -k \. --selector (\S+)=(\S+)\n.*\nkubectl apply --server-side -k \.\n/.exec(
        guide,
      ) ?? [];
    const selected = (await buildOwn()).filter(
      (object) => labels.safeParse(object).data?.metadata.labels[key] === value,
    );
    expect(selected.map(({ kind, metadata }) => `${kind}/${metadata.namespace}/${metadata.name}`)).toEqual([
      ...(layout === 'hostnetwork' ? ['Service/traefik/traefik'] : []),
      'DaemonSet/traefik/traefik',
    ]);
  });
});

test.skipIf(!hasKubectl)('endpoints:traefik/traefik are the nodes, where the guide says so', () => {
  expect(guide).toMatch(
    /`endpoints:traefik\/traefik` .*\n? *.*With the \[layout\]\(#layouts\) `hostnetwork` these are the nodes/,
  );
  const objects = buildFiles({
    'kustomization.yaml': withChanged(install, { resources: ['fairlead/manifests/overlays/hostnetwork'] }),
    'fairlead.yaml': config,
  });
  const service = ofKind(objects, 'Service').find(({ metadata }) => metadata.namespace === 'traefik');
  const [traefik] = workloadsOf(objects, 'traefik');
  expect(service).toMatchObject({
    metadata: { name: 'traefik' },
    spec: { clusterIP: 'None', selector: traefik?.spec.template.metadata.labels },
  });
  expect(traefik?.spec.template.spec.hostNetwork).toBe(true);
});

/** As text, without the arguments and the ports of the pool. */
function withoutPool(object: AnyObject): string {
  return JSON.stringify(object, (_, value: unknown) =>
    Array.isArray(value) ? value.filter((each: unknown) => !isOfPool(each)) : value,
  );
}

function isOfPool(value: unknown): boolean {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /^--entryPoints\.(tcp|udp)-|^\{"containerPort":20/.test(text);
}
