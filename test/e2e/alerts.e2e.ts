import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { alerts } from '../../scripts/monitoring/alerts.ts';
import { listQueries } from '../../scripts/monitoring/dashboard.ts';
import { der } from '../support/certificates/der.ts';
import { makeCertificate } from '../support/certificates/make-certificate.ts';
import { findApiServer } from './support/apiserver.ts';
import { Cleanup, makeTempFolder } from './support/cleanup.ts';
import { startCluster, type Cluster } from './support/cluster.ts';
import { eventually } from './support/eventually.ts';
import { projectRoot } from './support/fairlead.ts';
import { startFixedProvider } from './support/fixed-provider.ts';
import { toCertificateSecret, toManifests } from './support/manifests.ts';
import { findPrometheus, startPrometheus, type Prometheus } from './support/prometheus.ts';
import { startTraefik } from './support/traefik.ts';
import { startWorld, type World } from './support/world.ts';

// Every alert that comes with Fairlead, in a real Prometheus that looks each second: none while all is well, each when its fault is there.

const program = findApiServer('alerts');
const isThere = findPrometheus('alerts');
const traefikAddress = '127.0.0.7';

function toService(namespace: string, name: string, annotations: Readonly<Record<string, string>>): string {
  return toManifests({
    namespace,
    name,
    annotations,
    ports: [{ name: 'a', port: 3306 }],
    addresses: ['10.244.1.1'],
  });
}

const toPort = (name: string, fleet = 'default'): string =>
  toService('rds', name, { 'fairlead.dev/expose': 'true', 'fairlead.dev/fleet': fleet });
const toSite = (index: number): string =>
  toService(`n${index}`, 'site', { 'fairlead.dev/host': `s${index}.test.com` });

const ports = (range: string, more: object = {}): object => ({
  tcp: { range },
  udp: null,
  requestable: null,
  ...more,
});

describe.skipIf(program === undefined || !isThere)('the alerts', () => {
  const cleanup = new Cleanup();
  let cluster: Cluster;
  let world: World;
  let prometheus: Prometheus;
  let folders = '';

  beforeAll(async () => {
    const temp = makeTempFolder();
    cleanup.add(() => temp.remove());
    folders = temp.path;
    for (const name of ['sites', 'away']) mkdirSync(join(folders, name));
    for (let index = 0; index < 20; index += 1)
      writeFileSync(join(folders, 'sites', `${index}.yaml`), toSite(index));
    writeFileSync(join(folders, 'away', 'a.yaml'), toSite(100));
    cluster = await startCluster(program ?? '');
    cleanup.add(() => cluster.stop());
    // A Traefik of the fleet that does not poll Fairlead, once Fairlead is told of it.
    const elsewhere = cleanup.keep(await startFixedProvider({}));
    const stray = cleanup.keep(
      await startTraefik({ staticConfig: elsewhere.toStaticConfig({}), bind: '127.0.0.1' }),
    );
    world = cleanup.keep(
      await startWorld({
        edges: ['127.0.0.1'],
        config: {
          sources: [
            { name: 'prod', kubernetes: { kubeconfig: cluster.kubeconfig } },
            { name: 'sites', directory: { path: join(folders, 'sites') } },
            { name: 'away', directory: { path: join(folders, 'away') } },
            { name: 'manifests', directory: { path: './manifests' } },
          ],
          ledger: { configMap: 'fairlead-system/fairlead-ports', source: 'prod' },
          fleets: [
            { name: 'default', ports: ports('20000-20004') },
            { name: 'banked', ports: ports('21000-21003', { bank: 2, spare: 1 }) },
            { name: 'watched', api: [stray.apiUrl], ports: ports('22000-22001') },
          ],
          provider: { shrinkGuard: { for: '1h', minimum: 10 } },
        },
      }),
    );
    world.write('one.yaml', toPort('one'));
    const rules = join(projectRoot, 'manifests/monitoring/alerts.yaml');
    prometheus = cleanup.keep(await startPrometheus(world.fairlead.listen.admin, rules));
  });
  afterAll(() => cleanup.run());

  const until = (what: string, expr: string): Promise<true> =>
    eventually(what, 60_000, async () => (await prometheus.query(expr)).some((value) => value > 0));

  it('are silent while all is well, but for the one Traefik that polls elsewhere', async () => {
    await until('Fairlead leads', 'fairlead_leader');
    await until('a port is held', 'fairlead_pool_ports{fleet="default",state="held"}');
    await until('the Traefik has polled', 'fairlead_traefik_last_poll_timestamp_seconds');
    // Before Prometheus had asked for the first time there was nobody, and at the start nobody leads.
    await eventually('nothing else is pending', 30_000, async () => {
      const { firing, pending } = await prometheus.alerts();
      const wrong = [...firing, ...pending].filter((name) => name !== 'FairleadAnswerNotTaken');
      if (wrong.length > 0) throw new Error(wrong.join(', '));
      return true;
    });
  });

  it('and every panel of the dashboard asks for what there is', async () => {
    const queries = listQueries().map((expr) =>
      expr.replaceAll('$job', '.*').replaceAll('$__rate_interval', '30s'),
    );
    for (const expr of queries) await prometheus.query(expr);
  });

  it('fire, each when its fault is there', async () => {
    // The pool at 80 %, and no free port in the open bank of the other fleet.
    for (const name of ['two', 'three', 'four']) world.write(`${name}.yaml`, toPort(name));
    for (const name of ['five', 'six']) world.write(`${name}.yaml`, toPort(name, 'banked'));
    const inThreeDays = new Date(Date.now() + 3 * 86_400_000).toISOString().replaceAll(/[-:]|\.\d+/g, '');
    const pair = makeCertificate({ dns: ['s1.test.com'], notAfter: der(0x18, inThreeDays.replace('T', '')) });
    world.write('tls.yaml', toCertificateSecret('n1', 'short', pair));
    // A Traefik that has fetched once, and does not come again.
    await fetchOnce(`${world.fairlead.providerUrl}/traefik`);
    await until('the ports are held', 'sum(fairlead_pool_ports{state="held"}) >= 6');
    await until('a bank is wanted', 'fairlead_banks{state="wanted"}');
    await until('a Traefik is behind', 'fairlead_traefik_behind_seconds{address="127.0.0.7"}');
    await until('the certificate is known', 'fairlead_certificate_expiry_timestamp_seconds');
    for (let index = 1; index < 20; index += 1) rmSync(join(folders, 'sites', `${index}.yaml`));
    await until('routes are lost', 'fairlead_shrunk_routes');
    renameSync(join(folders, 'away'), join(folders, 'gone'));
    await cluster.crash();
    const expected = alerts.map(({ name }) => name).filter((name) => name !== 'FairleadAbsent');
    await eventually('all fire', 200_000, async () => {
      const { firing } = await prometheus.alerts();
      const missing = expected.filter((name) => !firing.includes(name));
      if (missing.length > 0) throw new Error(`still silent: ${missing.join(', ')}`);
      return true;
    });
    await world.fairlead.stop();
    await eventually('its absence is an alert', 150_000, async () =>
      (await prometheus.alerts()).firing.includes('FairleadAbsent'),
    );
  }, 600_000);
});

/** One poll from another address of this machine. */
function fetchOnce(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { localAddress: traefikAddress, agent: false }, (response) => {
      response.resume().once('end', () => resolve());
    }).once('error', reject);
  });
}
