import { execFile } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { Migration } from '../../src/model/migration.ts';
import { findApiServer } from './support/apiserver.ts';
import { Cleanup, makeTempFolder } from './support/cleanup.ts';
import { startCluster, type Cluster } from './support/cluster.ts';
import { buildFairlead, hideOwnVariables, projectRoot, type CommandResult } from './support/fairlead.ts';
import { toManifests } from './support/manifests.ts';

const program = findApiServer('migrations, against a real API server');
const nginx = (name: string): string => `nginx.ingress.kubernetes.io/${name}`;
const traefik = (name: string): string => `traefik.ingress.kubernetes.io/${name}`;

function toIngress(name: string, ingressClass: string, annotations: Record<string, string> = {}): object {
  const backend = { service: { name: 'web', port: { number: 8080 } } };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, namespace: 'shop', annotations },
    spec: {
      ingressClassName: ingressClass,
      rules: [{ host: `${name}.test.com`, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }],
    },
  };
}

function toClass(name: string, controller: string): object {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: { name },
    spec: { controller },
  };
}

const ports = [{ name: 'http', port: 8080 }];
const objects = [
  ...['shop', 'ingress-nginx', 'fairlead-system'].map((name) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name },
  })),
  toClass('nginx', 'k8s.io/ingress-nginx'),
  toClass('edge', 'traefik.io/ingress-controller'),
  toIngress('plain', 'nginx'),
  toIngress('forced', 'nginx', { [nginx('force-ssl-redirect')]: 'true' }),
  toIngress('snippet', 'nginx', { [nginx('server-snippet')]: 'set_by_lua $a "return 1";' }),
  toIngress('open', 'edge'),
  toIngress('closed', 'edge', { [traefik('router.entrypoints')]: 'web' }),
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'tcp-services', namespace: 'ingress-nginx' },
    data: { 9000: 'shop/web:8080' },
  },
];

function readCluster(cluster: Cluster): Promise<string> {
  return cluster.kubectl('get', 'ingress,configmap,lease,event', '-A', '-o', 'json');
}

/** What becomes of each object, wherever it was read from. */
function toFates({ objects: rows }: Migration): unknown {
  return rows.map((row) => ({ ...row, source: '' }));
}

describe.skipIf(program === undefined)('fairlead migrate', () => {
  const cleanup = new Cleanup();
  let cluster: Cluster;
  let folder: string;

  beforeAll(async () => {
    cluster = cleanup.keep(await startCluster(program ?? ''));
    const service = toManifests({ namespace: 'shop', name: 'web', ports, addresses: ['10.244.1.1'] });
    await cluster.apply(
      objects
        .slice(0, 3)
        .map((object) => stringify(object))
        .join('---\n'),
    );
    await cluster.apply([...objects.slice(3).map((object) => stringify(object)), service].join('---\n'));
    const temporary = makeTempFolder();
    cleanup.add(() => temporary.remove());
    folder = temporary.path;
    copyFileSync(cluster.kubeconfig, join(folder, 'kubeconfig'));
    mkdirSync(join(folder, 'bin'));
    const script = join(folder, 'bin/fairlead');
    writeFileSync(script, `#!/bin/sh\nexec '${process.execPath}' '${await buildFairlead()}' "$@"\n`);
    chmodSync(script, 0o755);
  });
  afterAll(() => cleanup.run());

  /** Runs a line of a shell as the reader of the guide would. */
  function run(line: string): Promise<CommandResult> {
    const env = {
      ...process.env,
      ...hideOwnVariables(),
      KUBECONFIG: join(folder, 'kubeconfig'),
      PATH: `${join(folder, 'bin')}:${process.env['PATH']}`,
    };
    return new Promise((resolve) => {
      const child = execFile('sh', ['-c', line], { cwd: folder, env }, (_error, stdout, stderr) =>
        resolve({ status: child.exitCode ?? -1, stdout, stderr }),
      );
    });
  }

  async function migrate(args: string): Promise<Migration> {
    const { stdout, stderr } = await run(`${args} --output json`);
    expect(stderr).toBe('');
    return JSON.parse(stdout) as Migration;
  }

  const guide = readFileSync(join(projectRoot, 'docs/migrating.md'), 'utf8');
  const [, fromNginx = '', fromTraefik = ''] = guide.split(/^## From .*$/m);

  /** Writes the files of a part of the guide, and returns the lines that it has the reader run. */
  function take(part: string): readonly string[] {
    for (const [, name = '', text = ''] of part.matchAll(/```yaml\n# (\S+)\n(.*?)```/gs))
      writeFileSync(join(folder, name), text);
    return [...part.matchAll(/```sh(?: \w+)?\n(.*?)```/gs)].flatMap(([, text = '']) =>
      text.trim().split('\n'),
    );
  }

  it.each([
    ['from ingress-nginx', fromNginx, 6],
    ['from Traefik', fromTraefik, 3],
  ])('the guide %s says what can be run', { timeout: 300_000 }, async (_, part, count) => {
    const lines = take(part);
    expect(lines).toHaveLength(count);
    for (const line of lines) {
      const { status, stderr } = await run(line);
      // 1 is what it says while something is lost, or changes.
      expect([line, [0, 1].includes(status), stderr.includes('fairlead:')]).toEqual([line, true, false]);
    }
  });

  it('tells the Ingresses of two controllers in one cluster apart', async () => {
    take(fromNginx);
    const ofNginx = await migrate('fairlead migrate -c fairlead.yaml --from ingress-nginx');
    expect(ofNginx.objects.map(({ object, verdict }) => [object, verdict])).toEqual([
      ['Ingress/shop/forced', 'differs'],
      ['Ingress/shop/plain', 'same'],
      ['Ingress/shop/snippet', 'loses'],
    ]);
    expect(ofNginx.others).toEqual([{ ingressClass: 'edge', count: 2 }]);
    expect(ofNginx.ports.map(({ port, service }) => [port, service])).toEqual([[9000, 'shop/web:8080']]);
    const ofTraefik = await migrate('fairlead migrate -c fairlead.yaml --from traefik');
    expect(ofTraefik.objects.map(({ object }) => object)).toEqual([
      'Ingress/shop/closed',
      'Ingress/shop/open',
    ]);
    expect(ofTraefik.others).toEqual([{ ingressClass: 'nginx', count: 3 }]);
  });

  it('says the same of what kubectl hands over, and changes nothing in the cluster', async () => {
    const before = await readCluster(cluster);
    const kinds = 'ingress,ingressclass,service,endpointslice,configmap,secret';
    const piped = await migrate(`kubectl get ${kinds} -A -o yaml | fairlead migrate - --from ingress-nginx`);
    const own = await migrate('fairlead migrate -c fairlead.yaml --from ingress-nginx');
    expect(toFates(piped)).toEqual(toFates(own));
    expect(JSON.parse(await readCluster(cluster))).toEqual(JSON.parse(before));
  });
});
