import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readExposed, type ExposedMetric } from '../support/exposed-metrics.ts';
import { findApiServerOrFake, startApiServer, type ApiServer } from './support/apiserver.ts';
import { readBanks, startBank, untilBank } from './support/banks.ts';
import { certificates } from './support/certificates.ts';
import { Cleanup, makeTempFolder } from './support/cleanup.ts';
import { eventually } from './support/eventually.ts';
import { projectRoot, startFairlead, type Fairlead } from './support/fairlead.ts';
import { requirePrivateNetwork } from './support/local-address.ts';

// What a running Fairlead exposes, beside the page: with a cluster, several banks and a Traefik whose API is known.

/** Of these there is a series only after something has failed or changed. */
const later = [
  'fairlead_shrunk_routes',
  'fairlead_source_relists_total',
  'fairlead_source_watch_restarts_total',
  'fairlead_write_back_errors_total',
];
/** Labels whose values are a few words: each is explained on the page. */
const closedLabels = ['state', 'mode'];

interface Row {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
  readonly meaning: string;
}

const page = readFileSync(join(projectRoot, 'docs/metrics.md'), 'utf8');
const rows: readonly Row[] = [...page.matchAll(/^\| `(fairlead_\w+)` \| (\w+) \| (.*?) \| (.*) \|$/gm)].map(
  ([, name = '', type = '', labels = '', meaning = '']) => ({
    name,
    type,
    labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label),
    meaning,
  }),
);

describe('the metrics of a running Fairlead', () => {
  const cleanup = new Cleanup();
  let server: ApiServer;
  let fairlead: Fairlead;
  let exposed: ReadonlyMap<string, ExposedMetric>;

  const read = async () => readExposed(await (await fetch(`${fairlead.adminUrl}/metrics`)).text());
  const own = () => [...exposed.values()].filter(({ name }) => name.startsWith('fairlead_'));

  beforeAll(async () => {
    requirePrivateNetwork();
    server = cleanup.keep(await startApiServer(findApiServerOrFake()));
    await server.apply(
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'db', namespace: 'rds', annotations: { 'fairlead.dev/expose': 'true' } },
        spec: { clusterIP: 'None', ports: [{ name: 'mysql', port: 3306 }] },
      },
      {
        apiVersion: 'v1',
        kind: 'Secret',
        type: 'kubernetes.io/tls',
        metadata: { name: 'web-tls', namespace: 'rds' },
        data: {
          'tls.crt': Buffer.from(certificates.bbsTestCom.cert).toString('base64'),
          'tls.key': Buffer.from(certificates.bbsTestCom.key).toString('base64'),
        },
      },
    );
    const folder = makeTempFolder();
    cleanup.add(() => folder.remove());
    const ports = { tcp: { range: '22000-22011' }, udp: null, requestable: null, bank: 4, spare: 0 };
    fairlead = cleanup.keep(
      await startFairlead({
        cwd: folder.path,
        config: {
          sources: [{ name: 'prod', kubernetes: { kubeconfig: server.kubeconfig } }],
          // Nobody answers there, so that it is one that cannot be reached.
          fleets: [{ name: 'default', api: ['http://127.0.0.1:9'], ports }],
          ledger: { configMap: 'fairlead-system/fairlead-ports' },
        },
      }),
    );
    cleanup.keep(await startBank({ fairlead, cwd: folder.path, bank: 0 }));
    await untilBank(fairlead, 0, 'open');
    // A change, of which it is known how long it takes to the Traefik.
    await server.apply({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'late', namespace: 'rds', annotations: { 'fairlead.dev/expose': 'true' } },
      spec: { clusterIP: 'None', ports: [{ name: 'mysql', port: 3306 }] },
    });
    const timed = 'fairlead_change_to_fetched_seconds';
    exposed = await eventually('the Traefik has fetched the change', 15_000, async () => {
      const metrics = await read();
      return (metrics.get(timed)?.series.length ?? 0) > 0 ? metrics : undefined;
    });
  });
  afterAll(() => cleanup.run());

  it('are those of the page, with the same types', () => {
    const exposedTypes = own().map(({ name, type }) => `${type} ${name}`);
    expect(exposedTypes.toSorted()).toEqual(rows.map(({ name, type }) => `${type} ${name}`).toSorted());
  });

  it('have a series each, but for what has not happened yet', () => {
    const without = own().flatMap(({ name, series }) => (series.length === 0 ? name : []));
    expect(without.toSorted()).toEqual(later);
  });

  it('mean what the page says', () => {
    expect(
      own()
        .map(({ name, help }) => `${name}: ${help}`)
        .toSorted(),
    ).toEqual(rows.map(({ name, meaning }) => `${name}: ${meaning}`).toSorted());
  });

  it('have the labels of the page, each series all of them', () => {
    const odd = own().flatMap(({ name, series }) => {
      const labels = [...(rows.find((row) => row.name === name)?.labels ?? [])].toSorted();
      return series
        .map((each) => Object.keys(each).toSorted())
        .filter((each) => each.join() !== labels.join())
        .map((each) => ({ name, labels, each }));
    });
    expect(odd).toEqual([]);
  });

  it('have no state that the page does not name', () => {
    const unnamed = own().flatMap(({ name, help, series }) =>
      closedLabels.flatMap((label) =>
        [...new Set(series.flatMap((each) => each[label] ?? []))]
          .filter((value) => !new RegExp(`\\b${value}\\b`).test(help))
          .map((value) => `${name} ${label}=${value}`),
      ),
    );
    expect(unnamed).toEqual([]);
  });

  it('stand beside those of the process that the page speaks of, and no others', () => {
    const others = [...exposed.keys()].filter((name) => !/^(fairlead|process|nodejs)_/.test(name));
    expect(others).toEqual([]);
  });

  it('count the open banks as /api/ports does', async () => {
    const { states } = await readBanks(fairlead);
    const open = exposed.get('fairlead_bank_ports')?.series.map(({ bank }) => bank);
    expect([...new Set(open)]).toEqual(states.flatMap((state, bank) => (state === 'open' ? `${bank}` : [])));
  });
});
