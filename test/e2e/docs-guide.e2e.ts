import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { findApiServer } from './support/apiserver.ts';
import { certificates } from './support/certificates.ts';
import { Cleanup } from './support/cleanup.ts';
import { startCluster, type Cluster } from './support/cluster.ts';
import { eventually } from './support/eventually.ts';
import { projectRoot, startFairlead } from './support/fairlead.ts';
import { toManifests } from './support/manifests.ts';
import { follow, inWorld, writeFilesBefore } from './support/page-shell.ts';
import { makePlace, type Place } from './support/page-place.ts';
import { findPrograms } from './support/programs.ts';

// The commands of the pages for who runs Fairlead in clusters, here `cluster` and `west`: see docs-snippets.e2e.ts. Those that need
// Deployments or pods are not among them: the API server of the tests has none.

const server = findApiServer('the commands of the guide');
const kubectl = findPrograms('the commands of the guide', ['kubectl']);

const serviceOf = (namespace: string, name: string, port: number, annotations = {}) =>
  toManifests({ namespace, name, annotations, ports: [{ name: 'tcp', port }], addresses: ['10.244.1.3'] });

/** An Ingress of another controller, to be adopted. */
const ofController = (name: string, controller: string): string =>
  [
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      metadata: { name },
      spec: { controller },
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name, namespace: 'shop' },
      spec: { ingressClassName: name, defaultBackend: { service: { name: 'db', port: { number: 5432 } } } },
    },
  ]
    .map((object) => stringify(object))
    .join('---\n');

const tcpServices = stringify({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'tcp-services', namespace: 'ingress-nginx' },
  data: { 20010: 'shop/db:5432' },
});

const config = z.looseObject({
  clusters: z.array(z.looseObject({ cluster: z.unknown() })),
  users: z.array(z.looseObject({ user: z.unknown() })),
});

/** A kubeconfig with a context for each cluster by its name; the first one is the current. */
function joinKubeconfigs(clusters: Readonly<Record<string, Cluster>>): string {
  const parts = Object.entries(clusters).map(([name, { kubeconfig }]) => {
    const {
      clusters: [cluster],
      users: [user],
    } = config.parse(parse(readFileSync(kubeconfig, 'utf8')));
    return { name, cluster: { ...cluster, name }, user: { ...user, name } };
  });
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: parts.map(({ cluster }) => cluster),
    users: parts.map(({ user }) => user),
    contexts: parts.map(({ name }) => ({ name, context: { cluster: name, user: name } })),
    'current-context': parts[0]?.name,
  });
}

/** Fills the Secret of the ServiceAccount as the controller of Kubernetes does. */
async function issueToken(cluster: Cluster): Promise<void> {
  const secret = ['secret', 'fairlead-account', '--namespace', 'fairlead-system'];
  await eventually('the Secret', 60_000, () => cluster.kubectl('get', ...secret));
  const token = 'the-token-of-the-account-0001';
  await cluster.server.rig('token', { user: 'system:serviceaccount:fairlead-system:fairlead', token });
  await cluster.kubectl('patch', ...secret, '--patch', JSON.stringify({ stringData: { token } }));
}

describe.skipIf(server === undefined || kubectl === undefined)('with two clusters', () => {
  const cleanup = new Cleanup();
  let place: Place;
  let west: Cluster;

  beforeAll(async () => {
    place = await makePlace(cleanup);
    const cluster = cleanup.keep(await startCluster(server ?? ''));
    west = cleanup.keep(await startCluster(server ?? ''));
    for (const each of [cluster, west]) await each.apply(serviceOf('shop', 'cache', 6379));
    await cluster.apply(
      [
        serviceOf('shop', 'db', 5432, { 'fairlead.dev/expose': 'true' }),
        ofController('nginx', 'k8s.io/ingress-nginx'),
        ofController('traefik', 'traefik.io/ingress-controller'),
        tcpServices,
      ].join('---\n'),
    );
    const kubeconfig = join(place.cwd, 'kubeconfig');
    writeFileSync(kubeconfig, joinKubeconfigs({ cluster, prod: cluster, west }));
    const env = {
      KUBECONFIG: kubeconfig,
      KUBECACHEDIR: join(place.cwd, 'cache'),
      FAIRLEAD_TOKEN: 'one-of-ours',
    };
    place = { ...place, env: { ...place.env, ...env } };
    // Its ledger is what some of the commands are about.
    const sources = [{ name: 'cluster', kubernetes: { kubeconfig: cluster.kubeconfig } }];
    const fairlead = await startFairlead({ cwd: place.cwd, config: { sources } });
    await eventually('a ledger', 15_000, () =>
      cluster.kubectl('get', 'configmap', 'fairlead-ports', '--namespace', 'fairlead-system'),
    );
    await fairlead.stop();
  }, 60_000);
  afterAll(() => cleanup.run());

  /** Where the reader of a page works, beside the checkout. */
  function folderOf(page: string): string {
    const folder = join(place.cwd, page.replaceAll(/\W/g, '-'));
    if (existsSync(folder)) return folder;
    mkdirSync(folder);
    symlinkSync(projectRoot, join(folder, 'fairlead'));
    symlinkSync(join(place.cwd, 'kubeconfig'), join(folder, 'kubeconfig'));
    for (const name of ['wildcard', 'provider']) {
      writeFileSync(join(folder, `${name}.crt`), certificates.wildcardTestCom.cert);
      writeFileSync(join(folder, `${name}.key`), certificates.wildcardTestCom.key);
    }
    return folder;
  }

  it.each(inWorld('guide'))(
    '$page: $first',
    async (snippet) => {
      const cwd = folderOf(snippet.page);
      writeFilesBefore(snippet, cwd);
      const makesAccount = snippet.text.includes('service-account-token');
      await Promise.all([follow(snippet, { ...place, cwd }), makesAccount ? issueToken(west) : undefined]);
      if (!makesAccount) return;
      const made = await west.kubectl(
        'get',
        'services',
        '--kubeconfig',
        join(cwd, 'west.kubeconfig'),
        '--all-namespaces',
      );
      expect(made).toContain('cache');
    },
    90_000,
  );
});
