import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import * as z from 'zod';
import { edge } from '../src/cli/edge.ts';
import { parseCall } from '../src/cli/parse-call.ts';
import { acceptSeconds, graceSeconds } from '../src/traefik/static/entry-point.ts';
import { newestMinor } from '../src/traefik/versions.ts';
import {
  build,
  buildFiles,
  configOf,
  findKubectl,
  ofKind,
  root,
  selectorOf,
  workloadsOf,
  type AnyObject,
} from './support/built-manifests.ts';
import { printed } from './support/printed.ts';

const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const { version } = z.object({ version: z.string() }).parse(JSON.parse(read('package.json')));
const hasKubectl = findKubectl('what kubectl makes of manifests/');
const httpGet = (path: string) => ({ httpGet: { path, port: 'admin' } });
const overlays = ['hostport', 'hostnetwork', 'nodeport', 'external', 'edge'];

describe.skipIf(!hasKubectl).each(['manifests', ...overlays.map((name) => `manifests/overlays/${name}`)])(
  '%s',
  (folder) => {
    let objects: AnyObject[] = [];
    beforeAll(() => {
      objects = build(join(root, folder));
    });

    test('has each object once', () => {
      const keys = objects.map(
        ({ kind, metadata: { namespace = '', name } }) => `${kind}/${namespace}/${name}`,
      );
      expect(keys).toEqual([...new Set(keys)]);
      expect(keys).toContain('Deployment/fairlead-system/fairlead');
    });

    test('runs pinned images, without root and without capabilities but for ports of the host', () => {
      for (const { metadata, spec } of workloadsOf(objects)) {
        const { hostNetwork, securityContext, containers } = spec.template.spec;
        expect(metadata.namespace).toBe(metadata.name === 'fairlead' ? 'fairlead-system' : 'traefik');
        expect(containers[0].image).toMatch(/^[a-z/-]+:v?\d+\.\d+(\.\d+)?$/);
        expect(securityContext.runAsNonRoot).toBe(!hostNetwork);
        expect(securityContext.runAsUser).toBe(hostNetwork ? 0 : 65532);
        expect(containers[0].securityContext.capabilities.add).toEqual(
          hostNetwork ? ['NET_BIND_SERVICE'] : [],
        );
      }
    });

    test('allows the pods of each namespace what they need, and no more', () => {
      const [traefik] = workloadsOf(objects, 'traefik');
      const ports = traefik?.spec.template.spec.containers[0].ports ?? [];
      const needed = ports.some((port) => port['hostPort'] !== undefined) ? 'privileged' : 'restricted';
      const levels = ofKind(objects, 'Namespace').map(({ metadata }) => [metadata.name, metadata['labels']]);
      expect(Object.fromEntries(levels)).toEqual({
        'fairlead-system': { 'pod-security.kubernetes.io/enforce': 'restricted' },
        ...(traefik !== undefined && { traefik: { 'pod-security.kubernetes.io/enforce': needed } }),
      });
    });

    test('listens where it is configured to, and is probed there', () => {
      const main = workloadsOf(objects, 'fairlead')[0]?.spec.template.spec.containers[0];
      const ports = main?.ports.map(({ name, containerPort }) => [name, containerPort]);
      const { listen } = configOf(objects);
      expect(ports).toEqual([
        ['provider', listen.provider.port],
        ['admin', listen.admin.port],
      ]);
      expect(main).toMatchObject({
        startupProbe: httpGet('/healthz'),
        livenessProbe: httpGet('/healthz'),
        readinessProbe: httpGet('/readyz'),
      });
      const service = ofKind(objects, 'Service').find(({ metadata }) => metadata.name === 'fairlead');
      expect(service).toMatchObject({ spec: { ports: [{ port: 9080, targetPort: 'provider' }] } });
    });

    test('selects pods that exist', () => {
      const pods = workloadsOf(objects).map(({ metadata, spec }) => ({
        namespace: metadata.namespace,
        labels: spec.template.metadata.labels,
      }));
      const selecting = ofKind(
        objects,
        'Service',
        'NetworkPolicy',
        'PodDisruptionBudget',
        'Deployment',
        'DaemonSet',
      );
      expect(selecting.length).toBeGreaterThan(3);
      for (const object of selecting) {
        const wanted = {
          namespace: object.metadata.namespace,
          labels: expect.objectContaining(selectorOf(object)),
        };
        expect(
          pods.filter(
            (each) => wanted.labels.asymmetricMatch(each.labels) && each.namespace === wanted.namespace,
          ),
        ).toHaveLength(1);
      }
    });

    test('agrees on the ledger, the Lease, the class and the ConfigMap', () => {
      const { ledger, leaderElection, fleets, ingress } = configOf(objects);
      expect(ledger.configMap).toBe('fairlead-system/fairlead-ports');
      expect(leaderElection.lease).toBe('fairlead-system/fairlead');
      // kustomize changes names in roles, too, where they are those of a ConfigMap that it generates.
      const leads = ofKind(objects, 'Role').find(
        ({ metadata }) => metadata.name === 'fairlead-leader-election',
      );
      expect(leads?.['rules']).toContainEqual(expect.objectContaining({ resourceNames: ['fairlead'] }));
      const [ingressClass] = ofKind(objects, 'IngressClass');
      expect(fleets[0]?.ingressClasses).toEqual([ingressClass?.metadata.name]);
      expect(ingressClass?.['spec']).toEqual({ controller: ingress.controller });
      const [configMap] = ofKind(objects, 'ConfigMap');
      expect(workloadsOf(objects, 'fairlead')[0]?.spec.template.spec['volumes']).toContainEqual(
        expect.objectContaining({ configMap: { name: configMap?.metadata.name } }),
      );
    });
  },
);

describe.skipIf(!hasKubectl)('the default layout', () => {
  test('lets the pods of Traefik in to the provider, and nobody else', () => {
    const objects = build(join(root, 'manifests'));
    const [traefik] = workloadsOf(objects, 'traefik');
    const pods = {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': traefik?.metadata.namespace } },
      podSelector: { matchLabels: traefik?.spec.template.metadata.labels },
    };
    const banks = {
      ...pods,
      podSelector: { matchExpressions: [{ key: 'fairlead.dev/bank', operator: 'Exists' }] },
    };
    const admin = { namespaceSelector: { matchLabels: { 'fairlead.dev/admin': 'allowed' } } };
    expect(ofKind(objects, 'NetworkPolicy')[0]).toMatchObject({
      spec: {
        policyTypes: ['Ingress', 'Egress'],
        ingress: [
          { from: [pods, banks], ports: [{ port: 'provider' }] },
          { from: [admin], ports: [{ port: 'admin' }] },
        ],
      },
    });
  });

  test('has the ports of the pool on the host', () => {
    const [traefik] = workloadsOf(build(join(root, 'manifests')), 'traefik');
    const hostPorts = traefik?.spec.template.spec.containers[0].ports.map((port) => port['hostPort']);
    const pool = Array.from({ length: 100 }, (_, index) => 20_000 + index);
    expect(hostPorts).toEqual([80, 443, ...pool, ...pool]);
  });

  test('keeps the last objects with the component', () => {
    const kustomization = {
      resources: ['fairlead/manifests'],
      components: ['fairlead/manifests/components/last-known-good'],
    };
    const objects = buildFiles({ 'kustomization.yaml': stringify(kustomization) });
    const main = workloadsOf(objects, 'fairlead')[0]?.spec.template.spec.containers[0];
    const mountPath = '/var/lib/fairlead';
    expect(main?.['env']).toContainEqual({
      name: 'FAIRLEAD_LAST_KNOWN_GOOD',
      value: `${mountPath}/last-known-good`,
    });
    expect(main?.['volumeMounts']).toContainEqual({ name: 'state', mountPath });
  });
});

test.each([
  ['manifests/traefik/daemonset.yaml', 'manifests/base/fairlead.yaml'],
  ['manifests/overlays/nodeport/traefik.yaml', 'manifests/overlays/nodeport/fairlead.yaml'],
])('%s is what the command prints for %s', async (file, config) => {
  const url = 'http://fairlead.fairlead-system.svc:9080';
  const args = ['traefik', '-c', config, '--format', 'manifest', '--provider-url', url];
  const env = { FAIRLEAD_PROVIDER_TOKENS: 'its-presence-counts' };
  expect(await printed(args, { cwd: root, env })).toBe(read(file));
});

describe('fairlead edge', () => {
  test.skipIf(!hasKubectl)(
    'is called in the DaemonSet with options that it has, and may end in its own time',
    () => {
      const [workload] = workloadsOf(build(join(root, 'manifests/overlays/edge')), 'traefik');
      const pod = workload?.spec.template.spec;
      expect(pod?.hostNetwork).toBe(true);
      expect(pod?.containers[0].image).toBe(`fairlead-edge:${version}`);
      const [name, ...args] = z.array(z.string()).parse(pod?.containers[0]['args']);
      expect(name).toBe('edge');
      expect(parseCall(edge.spec, args)?.options.text('server')).toBe(
        'http://fairlead.fairlead-system.svc:9080',
      );
      expect(Number(pod?.['terminationGracePeriodSeconds'])).toBeGreaterThan(
        acceptSeconds + graceSeconds + 20,
      );
    },
  );

  test('is called in the unit with options that it has, and may end in its own time', () => {
    const unit = read('manifests/overlays/external/edge-host/fairlead-edge.service');
    const [, line = ''] = /^ExecStart=\S+\/fairlead edge (.*)$/m.exec(unit) ?? [];
    expect(parseCall(edge.spec, line.split(' '))?.options.text('dir')).toBe('/var/lib/fairlead-edge');
    expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1])).toBeGreaterThan(
      acceptSeconds + graceSeconds + 20,
    );
    expect(unit).toContain('\nKillMode=process\n');
  });

  test('has an image with the Traefik that a fleet is for', () => {
    const [, release] = /^FROM traefik:v(\S+) AS traefik$/m.exec(read('Dockerfile')) ?? [];
    expect(release).toBe(`3.${newestMinor}`);
    expect(read('Dockerfile').trimEnd().split('\n').at(-1)).toBe('FROM fairlead');
  });
});

test('the image has the version of the program, and the heap fits into its memory', () => {
  const deployment = read('manifests/base/deployment.yaml');
  expect(deployment).toContain(`image: fairlead:${version}\n`);
  expect(read('Dockerfile')).toContain(`image.version="${version}"`);
  expect(Number(/max-old-space-size=(\d+)/.exec(deployment)?.[1])).toBe(0.75 * 1024);
  expect(deployment).toContain('limits: { memory: 1Gi }');
});
