import { createServer as createTcpServer } from 'node:net';
import { createServer } from 'node:http';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { der } from '../support/certificates/der.ts';
import { makeCertificate } from '../support/certificates/make-certificate.ts';
import { findKubectl } from '../support/built-manifests.ts';
import { findApiServer, type Manifest } from './support/apiserver.ts';
import { Listener } from './support/backend.ts';
import { tcpGreeter } from './support/backends.ts';
import { Cleanup, makeTempFolder } from './support/cleanup.ts';
import { eventually } from './support/eventually.ts';
import { runFairlead, startFairlead } from './support/fairlead.ts';
import { startGuardedCluster, type GuardedCluster } from './support/guarded-cluster.ts';
import { findFreePort } from './support/local-address.ts';
import { toCertificateSecret, toManifests } from './support/manifests.ts';
import { startTraefik, type Traefik } from './support/traefik.ts';
import { readStaticConfig, startWorld, type World } from './support/world.ts';

// Everything that `fairlead doctor` finds, in real Traefiks, on this machine, and in an API server; and that it finds nothing where all is well.

const reportSchema = z.object({
  findings: z.array(z.object({ code: z.string(), message: z.string(), where: z.string(), mend: z.string() })),
});

interface Report {
  readonly status: number;
  readonly findings: z.infer<typeof reportSchema>['findings'];
  readonly codes: readonly string[];
}

async function examine(...args: readonly string[]): Promise<Report> {
  const { status, stdout, stderr } = await runFairlead(['doctor', ...args, '--output', 'json']);
  if (stdout === '') throw new Error(`fairlead doctor ended with ${status}: ${stderr}`);
  const { findings } = reportSchema.parse(JSON.parse(stdout));
  return { status, findings, codes: [...new Set(findings.map(({ code }) => code))].toSorted() };
}

function messageOf({ findings }: Report, code: string): string {
  return findings
    .filter((each) => each.code === code)
    .map(({ message }) => message)
    .join('\n');
}

const ports = { tcp: { range: '20000-20009' }, udp: { range: '21000-21009' }, requestable: null };

/** What people get wrong in a static configuration, all at once. */
const toWrong = (text: string): string =>
  text
    .replaceAll('    asDefault: true\n', '')
    .replaceAll(/^ {2}tcp-20002:\n(?: {4}.*\n)+/gm, '')
    .replace(':20003/tcp', ':30003/tcp')
    .replace(':20004/tcp', ':20004/udp')
    .replace('pollInterval: 200ms', 'pollInterval: 4s')
    .replace('pollTimeout: 5s', 'pollTimeout: 3s')
    .replace('  providersThrottleDuration: 100ms\n', '')
    .replace(/(endpoint: .*)\/traefik\/default/, '$1/traefik/other')
    .replace(':80\n', ':8000\n');

describe('fairlead doctor and Traefik', () => {
  const cleanup = new Cleanup();
  let world: World;

  beforeAll(async () => {
    cleanup.keep(await tcpGreeter('10.244.12.1', 3306));
    world = cleanup.keep(
      await startWorld({
        config: { fleets: [{ name: 'default', ports }] },
        edges: ['127.0.0.1', '127.0.0.2'],
      }),
    );
    world.write(
      'db.yaml',
      toManifests(
        ...[0, 1, 2, 3, 4, 5, 6].map((index) => ({
          namespace: 'shop',
          name: `db-${index}`,
          annotations: { 'fairlead.dev/expose': 'true' },
          ports: [{ name: 'mysql', port: 3306 }],
          addresses: ['10.244.12.1'],
        })),
      ),
    );
    await world.waitFor(({ tcpRouters }) => Object.keys(tcpRouters).some((name) => name.includes('db-6')));
  });
  afterAll(() => cleanup.run());

  /** The configuration of the world with some changes, in a file of its own: what an operator got wrong. */
  function configure(change: object): readonly string[] {
    const text: unknown = parse(readFileSync(world.fairlead.configArgs[1] ?? '', 'utf8'));
    const file = join(world.root, 'changed.yaml');
    writeFileSync(file, stringify({ ...Object(text), ...change }));
    return ['-c', file];
  }

  /** A Traefik of its own on other addresses. */
  async function withTraefik(
    change: (text: string) => string,
    work: (traefik: Traefik, text: string) => Promise<void>,
  ): Promise<void> {
    const staticConfig = change(await readStaticConfig(world.fairlead, world.root));
    const traefik = await startTraefik({ staticConfig, bind: '127.0.0.3' });
    try {
      await work(traefik, staticConfig);
    } finally {
      await traefik.stop();
    }
  }

  const urls = (): readonly string[] => world.traefiks.flatMap(({ apiUrl }) => ['--traefik', apiUrl]);

  it('finds nothing where all is well', async () => {
    const sound = await eventually('both have the answer', 20_000, async () => {
      const report = await examine(...world.fairlead.configArgs, ...urls());
      return report.status === 0 ? report : undefined;
    });
    expect(sound.findings).toEqual([]);
  });

  it('finds what is wrong with a Traefik, each with who suffers and the mend', async () => {
    await withTraefik(toWrong, async (traefik, text) => {
      const file = join(world.root, 'traefik.yml');
      writeFileSync(file, text);
      const config = configure({ provider: { tokens: ['a-token-of-thirty-two-characters'] } });
      const report = await examine(
        ...config,
        '--traefik',
        world.traefik.apiUrl,
        '--traefik',
        traefik.apiUrl,
        '--static',
        file,
      );
      expect(report.status).toBe(1);
      expect(report.codes).toEqual([
        'answer-not-applied',
        'entry-point-address',
        'entry-point-missing',
        'entry-point-not-default',
        'hold-too-long',
        'poll-interval',
        'provider-token',
        'provider-url',
        'throttle',
      ]);
      expect(messageOf(report, 'entry-point-missing')).toMatch(
        /tcp-20002: 1 object suffers \(Service\/shop\/db-2\)/,
      );
      expect(messageOf(report, 'entry-point-address')).toMatch(/tcp-20003 at .*:30003\/tcp/);
      expect(messageOf(report, 'entry-point-address')).toMatch(/web at 127\.0\.0\.3:8000 and not :80\/tcp/);
      expect(messageOf(report, 'entry-point-not-default')).toMatch(
        /every pool port: 7 objects suffer \(.* and 2 more\)/,
      );
      expect(messageOf(report, 'poll-interval')).toContain('every 4 s');
      expect(messageOf(report, 'hold-too-long')).toContain(
        'waits 3 s for an answer, and Fairlead holds questions for 4 s',
      );
      expect(messageOf(report, 'throttle')).toContain('2 s');
      expect(messageOf(report, 'provider-token')).toContain('sends no token');
      expect(messageOf(report, 'answer-not-applied')).toContain('none at all');
      expect(JSON.stringify(report)).not.toContain('a-token-of');
      for (const { mend } of report.findings) expect(mend).toMatch(/fairlead|set |look /);
    });
  });

  it('finds a router that is refused, a Traefik without the provider, and one that does not answer', async () => {
    await withTraefik(
      (text) => text.replace(':20001/tcp', ':20001/udp'),
      async (traefik) => {
        await traefik.waitFor(({ tcpRouters }) =>
          Object.keys(tcpRouters).some((name) => name.includes('db-6')),
        );
        const report = await examine(...world.fairlead.configArgs, '--traefik', traefik.apiUrl);
        expect(report.codes).toEqual(['entry-point-address', 'router-disabled']);
        expect(messageOf(report, 'router-disabled')).toMatch(
          /refuses the tcp router .* of Service\/shop\/db-1: /,
        );
      },
    );
    await withTraefik(
      (text) => text.replace(/^ {2}http:\n(?: {4}.*\n)+/m, ''),
      async (traefik) => {
        const nobody = `http://127.0.0.1:${await findFreePort()}`;
        const report = await examine(
          ...world.fairlead.configArgs,
          '--traefik',
          traefik.apiUrl,
          '--traefik',
          nobody,
        );
        expect(report.codes).toEqual(['provider-missing', 'traefik-unreachable']);
        expect(messageOf(report, 'traefik-unreachable')).toContain('ECONNREFUSED');
      },
    );
  });

  it('finds a clock that goes wrong, a version that is too old, and no Fairlead', async () => {
    const port = await findFreePort();
    // The API of a real Traefik, of another time and another version.
    const relay = new Listener('127.0.0.1', port, () =>
      createServer((request, response) => {
        void (async () => {
          const answer = await fetch(`${world.traefik.apiUrl}${request.url}`);
          const body = Buffer.from(await answer.arrayBuffer());
          const text = request.url === '/api/version' ? body.toString().replace('"dev"', '"3.5.2"') : body;
          response.setHeader('Date', new Date(Date.now() - 120_000).toUTCString());
          response.setHeader('X-Next-Page', answer.headers.get('x-next-page') ?? '1');
          response.writeHead(answer.status).end(text);
        })();
      }),
    );
    await relay.open();
    cleanup.add(() => relay.stop());
    const report = await examine(
      ...world.fairlead.configArgs,
      '--traefik',
      `http://127.0.0.1:${port}`,
      '--server',
      'http://127.0.0.1:1',
    );
    expect(report.codes).toEqual(['clock-skew', 'server-unreachable', 'traefik-too-old']);
    expect(messageOf(report, 'clock-skew')).toMatch(/1(19|2\d)(\.\d)? s behind/);
    expect(messageOf(report, 'traefik-too-old')).toContain('3.5.2');
  });

  it('finds what is wrong with this machine and with what is configured', async () => {
    const taken = createTcpServer();
    await new Promise<void>((resolve) => taken.listen(20_007, '127.0.0.9', resolve));
    const soon = new Date(Date.now() + 86_400_000).toISOString().replaceAll(/[-:T]|\.\d+/g, '');
    const pair = makeCertificate({ dns: ['soon.test'], notAfter: der(0x18, soon) });
    const annotations = { 'fairlead.dev/host': 'soon.test', 'fairlead.dev/tls': 'soon' };
    const services = toManifests({
      namespace: 'shop',
      name: 'soon',
      annotations,
      ports: [{ name: 'http', port: 80 }],
      addresses: ['10.244.12.1'],
    });
    world.write('cert.yaml', `${services}---\n${toCertificateSecret('shop', 'soon', pair)}`);
    const config = configure({
      fleets: [
        { name: 'default', entryPoints: { ready: null }, ports: { ...ports, udp: { range: '40000-40009' } } },
      ],
    });
    const report = await examine(...config, '--traefik', world.traefik.apiUrl);
    expect(report.codes).toEqual(
      expect.arrayContaining(['certificate-expiring', 'pool-ephemeral', 'port-taken', 'ready-too-early']),
    );
    expect(messageOf(report, 'pool-ephemeral')).toMatch(/40000-40009 overlap \d+-\d+/);
    expect(messageOf(report, 'port-taken')).toMatch(/20007\/tcp \(.+\)/);
    world.remove('cert.yaml');
    taken.close();
  });

  it('says in text what it found and looked at, and what cannot be read', async () => {
    const { status, stdout } = await runFairlead([
      'doctor',
      ...world.fairlead.configArgs,
      '--traefik',
      'http://127.0.0.1:1',
    ]);
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /^traefik-unreachable: http:\/\/127\.0\.0\.1:1\n {2}Its API gives no answer: .*\n {2}Mend: /,
    );
    expect(stdout).toContain(
      '1 finding. Looked at this machine, 1 Traefik (http://127.0.0.1:1), no cluster.',
    );
    const wrong = await runFairlead(['doctor', '--traefik', 'nonsense']);
    expect([wrong.status, wrong.stderr]).toEqual([
      2,
      'fairlead: --traefik "nonsense" is not the URL of an API of Traefik; write it such as http://127.0.0.1:8080\n',
    ]);
  });
});

const skipped = 'fairlead doctor and an API server';
const program = findApiServer(skipped);
const hasKubectl = findKubectl(skipped);

const toService = (name: string): Manifest => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop' },
  spec: { ports: [{ name: 'http', port: 80 }] },
});
const toIngress = (annotations: Readonly<Record<string, string>>): Manifest => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'web', namespace: 'shop', annotations },
  spec: {
    ingressClassName: 'fairlead',
    defaultBackend: { service: { name: 'web', port: { number: 80 } } },
  },
});

describe.skipIf(program === undefined || !hasKubectl)('fairlead doctor and an API server', () => {
  const cleanup = new Cleanup();
  let cluster: GuardedCluster;
  let configArgs: readonly string[];

  beforeAll(async () => {
    cluster = cleanup.keep(await startGuardedCluster(program ?? ''));
    await cluster.server.apply(toService('web'), toIngress({}));
    const folder = makeTempFolder();
    cleanup.add(() => folder.remove());
    const fairlead = cleanup.keep(
      await startFairlead({
        cwd: folder.path,
        config: {
          sources: [{ name: 'prod', kubernetes: { kubeconfig: cluster.kubeconfig } }],
          fleets: [{ name: 'default', addresses: ['edge.example.com'], ports }],
          ledger: { configMap: 'fairlead-system/fairlead-ports' },
          leaderElection: { lease: 'fairlead-system/fairlead' },
        },
      }),
    );
    ({ configArgs } = fairlead);
  });
  afterAll(() => cleanup.run());

  it('finds nothing with the roles of manifests/', async () => {
    const report = await examine(...configArgs);
    expect(report.findings).toEqual([]);
    expect(report.status).toBe(0);
  });

  it('finds each verb that the role lacks', async () => {
    const lacking = [
      { verb: 'watch', group: '', resource: 'secrets' },
      { verb: 'list', group: 'gateway.networking.k8s.io', resource: 'httproutes' },
      { verb: 'update', group: 'coordination.k8s.io', resource: 'leases' },
    ];
    for (const permission of lacking)
      await cluster.without(permission, async () => {
        const report = await examine(...configArgs);
        expect(report.codes).toEqual(['right-missing']);
        expect(report.findings).toHaveLength(1);
        expect(messageOf(report, 'right-missing')).toContain(`lacks ${permission.verb} on `);
        expect(messageOf(report, 'right-missing')).toContain(permission.resource.split('/')[0]);
      });
  });

  it('finds an Ingress that another controller serves as well', async () => {
    await cluster.server.apply(toIngress({ 'kubernetes.io/ingress.class': 'nginx' }));
    const report = await examine(...configArgs);
    expect(report.codes).toEqual(['ingress-claimed-twice']);
    expect(report.findings[0]?.where).toBe('Ingress/shop/web');
    expect(report.findings[0]?.mend).toBe(
      'kubectl annotate ingress web -n shop kubernetes.io/ingress.class-',
    );
    await cluster.server.apply(toIngress({}));
  });

  it('finds another installation that writes the same ledger', async () => {
    const renewTime = new Date().toISOString().replace('Z', '000Z');
    const other: Manifest = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: {
        name: 'fairlead-two',
        namespace: 'fairlead-system',
        annotations: { 'fairlead.dev/ledger': 'fairlead-system/fairlead-ports' },
      },
      spec: { holderIdentity: 'another', leaseDurationSeconds: 15, renewTime },
    };
    await cluster.server.apply(other);
    // An administrator runs it: Fairlead itself may see its own Lease only.
    const admin = join(makeFolder().path, 'admin.yaml');
    writeFileSync(
      admin,
      readFileSync(configArgs[1] ?? '', 'utf8').replace(cluster.kubeconfig, cluster.server.kubeconfig),
    );
    const report = await eventually('both hold their Leases', 20_000, async () => {
      const found = await examine('-c', admin);
      return found.codes.length > 0 ? found : undefined;
    });
    expect(report.codes).toEqual(['ledger-shared']);
    expect(messageOf(report, 'ledger-shared')).toContain(
      'fairlead-system/fairlead and fairlead-system/fairlead-two',
    );
  });

  it('finds that the API server does not answer', async () => {
    await cluster.server.crash();
    const report = await examine(...configArgs);
    expect(report.codes).toContain('cluster-unreachable');
    expect(messageOf(report, 'cluster-unreachable')).toContain('ECONNREFUSED');
  });

  function makeFolder() {
    const folder = makeTempFolder();
    cleanup.add(() => folder.remove());
    return folder;
  }
});
