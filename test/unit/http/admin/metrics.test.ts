import { spawnSync } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { createCounters } from '../../../../src/http/admin/counters.ts';
import { createMetrics, type Metrics } from '../../../../src/http/admin/metrics.ts';
import { isPort, type Port } from '../../../../src/model/port.ts';
import { Pollers } from '../../../../src/http/provider/pollers.ts';
import { toProblem } from '../../../../src/model/problem.ts';
import { MemoryInspection, MemoryPublished, sleep } from '../support.ts';

function start() {
  const counters = createCounters();
  const published = new MemoryPublished();
  const inspection = new MemoryInspection();
  const pollers = new Pollers();
  const metrics = createMetrics({
    version: '1.2.3',
    published,
    inspection,
    pollers,
    isLeader: () => true,
    heldPolls: () => 7,
    counters,
  });
  onTestFinished(() => metrics.close());
  return { metrics, counters, published, inspection, pollers };
}

function toPort(value: number): Port {
  if (!isPort(value)) throw new Error(`${value} is no port`);
  return value;
}

/** The lines of one metric, without its help. */
async function readMetric(metrics: Metrics, name: string): Promise<readonly string[]> {
  return (await metrics.render()).split('\n').filter((line) => new RegExp(`^${name}[{ ]`).test(line));
}

test('changes of the revision are counted, the first configuration and repetitions are not', async () => {
  const { metrics, published } = start();
  for (const text of ['{"n":1}', '{"n":1}', '{"n":2}', '{"n":3}']) published.publish(text);
  expect(await readMetric(metrics, 'fairlead_revision_changes_total')).toEqual([
    'fairlead_revision_changes_total{fleet="default"} 2',
  ]);
});

test('the size is that of the current configuration', async () => {
  const { metrics, published } = start();
  expect(await readMetric(metrics, 'fairlead_config_bytes')).toEqual([]);
  published.publish('12345');
  expect(await readMetric(metrics, 'fairlead_config_bytes')).toEqual([
    'fairlead_config_bytes{fleet="default",bank="0"} 5',
  ]);
});

test('problems are counted by code, and go back to 0', async () => {
  const { metrics, inspection } = start();
  const subject = { source: 's', kind: 'Service', namespace: 'a', name: 'b' };
  const problem = toProblem('no-endpoints', subject, { message: 'm', hint: 'h' });
  inspection.problemList = [problem, problem];
  const line = 'fairlead_problems{code="no-endpoints",severity="info"}';
  expect(await readMetric(metrics, 'fairlead_problems')).toContain(`${line} 2`);
  inspection.problemList = [];
  expect(await readMetric(metrics, 'fairlead_problems')).toContain(`${line} 0`);
});

test('pool ports are reported by state', async () => {
  const { metrics, inspection } = start();
  const pool = {
    fleet: 'default',
    pool: 'games',
    range: '1-9',
    requestable: null,
    total: 9,
    open: 9,
    held: 2,
    cooling: 1,
    free: 6,
  };
  const row = {
    fleet: 'default',
    pool: 'games',
    holder: 'Service/a/b',
    source: 's',
    servicePort: 53,
    since: '',
    addresses: [],
  };
  inspection.report = {
    pools: [{ ...pool, protocol: 'udp' }],
    banks: [
      { fleet: 'default', bank: 0, state: 'open', ports: 9, held: 2, cooling: 1, free: 6 },
      { fleet: 'default', bank: 1, state: 'wanted', ports: 9, held: 0, cooling: 0, free: 9 },
      { fleet: 'default', bank: 2, state: 'closed', ports: 9, held: 0, cooling: 0, free: 9 },
    ],
    ports: [{ ...row, port: toPort(99), protocols: ['tcp', 'udp'], state: 'lost' }],
    namespaces: Array.from({ length: 30 }, (_, index) => ({
      fleet: 'default',
      pool: 'games',
      source: 's',
      namespace: `n${index}`,
      held: 40 - index,
      cooling: 1,
      most: null,
    })),
    history: [],
    refused: [],
  };
  const series = await readMetric(metrics, 'fairlead_pool_namespace_ports');
  expect(series).toHaveLength(20);
  expect(series[0]).toBe(
    'fairlead_pool_namespace_ports{fleet="default",pool="games",source="s",namespace="n0"} 41',
  );
  expect(await readMetric(metrics, 'fairlead_pool_ports')).toEqual(
    Object.entries({ held: 2, cooling: 1, free: 6, closed: 0, lost: 1 }).map(
      ([state, count]) =>
        `fairlead_pool_ports{fleet="default",pool="games",protocol="udp",state="${state}"} ${count}`,
    ),
  );
  expect(await readMetric(metrics, 'fairlead_banks')).toEqual(
    Object.entries({ open: 1, wanted: 1, closing: 0, closed: 1 }).map(
      ([state, count]) => `fairlead_banks{fleet="default",state="${state}"} ${count}`,
    ),
  );
  expect(await readMetric(metrics, 'fairlead_bank_ports')).toEqual(
    Object.entries({ held: 2, cooling: 1, free: 6 }).map(
      ([state, count]) => `fairlead_bank_ports{fleet="default",bank="0",state="${state}"} ${count}`,
    ),
  );
});

test('a source is in one state, and one that is gone disappears', async () => {
  const { metrics, inspection } = start();
  inspection.sourceList = [
    { name: 'prod', state: 'stale', detail: '', objects: 1, lastSync: '2026-11-30T06:00:00Z' },
  ];
  expect(await readMetric(metrics, 'fairlead_source_state')).toEqual([
    'fairlead_source_state{source="prod",state="starting"} 0',
    'fairlead_source_state{source="prod",state="synced"} 0',
    'fairlead_source_state{source="prod",state="stale"} 1',
  ]);
  inspection.sourceList = [];
  expect(await readMetric(metrics, 'fairlead_source_state')).toEqual([]);
});

test('held polls, rebuilds, event loop delay and the process are reported', async () => {
  const { metrics, counters } = start();
  counters.rebuilt(0.02);
  await sleep(250);
  const text = await metrics.render();
  expect(text).toContain('fairlead_held_polls 7\n');
  expect(text).toContain('fairlead_rebuild_duration_seconds_bucket{le="0.025"} 1\n');
  expect(text).toMatch(/fairlead_event_loop_delay_seconds_bucket\{le="\+Inf"\} [1-9]/);
  expect(text).toContain('process_resident_memory_bytes');
  expect(text).not.toContain('NaN');
});

test('after close nothing is subscribed any more', () => {
  const { metrics, published } = start();
  expect(published.subscribers()).toBe(1);
  metrics.close();
  expect(published.subscribers()).toBe(0);
});

test('certificates, figures and the build are there as they are', async () => {
  const { metrics, inspection } = start();
  inspection.figureList = {
    routers: [{ fleet: 'default', protocol: 'tcp', count: 3 }],
    objects: [{ source: 's', kind: 'Secret', count: 2 }],
  };
  const name = { source: 's', namespace: 'a', name: 'tls' };
  inspection.certificateList = [{ ...name, notAfter: '2027-01-01T00:00:00Z' }];
  const text = await metrics.render();
  for (const line of [
    'fairlead_build_info{version="1.2.3"} 1',
    'fairlead_leader 1',
    'fairlead_routers{fleet="default",protocol="tcp"} 3',
    'fairlead_objects{source="s",kind="Secret"} 2',
    'fairlead_certificate_expiry_timestamp_seconds{source="s",namespace="a",secret="tls"} 1798761600',
    'fairlead_ledger_errors_total 0',
  ])
    expect(text.split('\n')).toContain(line);
});

test('a Traefik is behind from the moment at which its revision was replaced', async () => {
  const { metrics, published, pollers } = start();
  const poll = {
    address: '192.0.2.1',
    userAgent: 'Go',
    fleet: 'default',
    bank: 0,
    host: 'edge-1',
    status: 200,
  };
  const { revision } = published.publish('{"n":1}');
  pollers.record({ ...poll, revision });
  const name = 'fairlead_traefik_behind_seconds';
  expect(await readMetric(metrics, name)).toEqual([
    `${name}{fleet="default",bank="0",address="192.0.2.1"} 0`,
  ]);
  published.publish('{"n":2}');
  await sleep(60);
  published.publish('{"n":3}');
  const [line = ''] = await readMetric(metrics, name);
  expect(Number(line.split(' ').at(-1))).toBeGreaterThan(0.05);
  expect(Number(line.split(' ').at(-1))).toBeLessThan(10);
});

test('a change is timed until it is rendered and until each Traefik has fetched it, but not what there was at the start', async () => {
  const { metrics, published, pollers } = start();
  const poll = {
    address: '192.0.2.1',
    userAgent: 'Go',
    fleet: 'default',
    bank: 0,
    host: 'edge-1',
    status: 200,
  };
  const first = published.publish('{"n":1}');
  expect(pollers.record({ ...poll, revision: first.revision })).toBe(false);
  const second = published.publish('{"n":2}', 'default', performance.now() - 700);
  expect(pollers.record({ ...poll, revision: first.revision })).toBe(false);
  expect(pollers.record({ ...poll, host: 'edge-2', revision: second.revision })).toBe(false);
  expect(pollers.record({ ...poll, revision: second.revision })).toBe(true);
  metrics.countFetch('default');
  for (const name of ['fairlead_change_to_bytes_seconds', 'fairlead_change_to_fetched_seconds']) {
    expect(await readMetric(metrics, `${name}_count`)).toEqual([`${name}_count{fleet="default"} 1`]);
    expect(await readMetric(metrics, `${name}_bucket`)).toContain(
      `${name}_bucket{le="0.5",fleet="default"} 0`,
    );
  }
});

test('so many Traefiks are behind, and one that has not polled for ten minutes is forgotten', async () => {
  let now = 0;
  const published = new MemoryPublished();
  const pollers = new Pollers(1_000, () => new Date(now));
  const metrics = createMetrics({
    version: '0',
    published,
    inspection: new MemoryInspection(),
    pollers,
    isLeader: () => true,
    heldPolls: () => 0,
  });
  onTestFinished(() => metrics.close());
  const { revision } = published.publish('{"n":1}');
  for (const address of ['192.0.2.1', '192.0.2.2'])
    pollers.record({
      address,
      host: address,
      userAgent: '',
      fleet: 'default',
      bank: 0,
      status: 200,
      revision,
    });
  const name = 'fairlead_traefiks_behind';
  expect(await readMetric(metrics, name)).toEqual([`${name}{fleet="default",bank="0"} 0`]);
  published.publish('{"n":2}');
  await sleep(5);
  expect(await readMetric(metrics, name)).toEqual([`${name}{fleet="default",bank="0"} 2`]);
  now = 600_001;
  expect(await readMetric(metrics, name)).toEqual([]);
});

test('so many Traefiks have series of their own, and no client can make more', async () => {
  const { metrics, published, pollers } = start();
  published.publish('{}');
  for (let count = 0; count < 900; count += 1)
    pollers.record({
      address: `192.0.2.${count}`,
      host: '',
      userAgent: `x${count}`,
      fleet: 'default',
      bank: 0,
      status: 200,
    });
  expect(await readMetric(metrics, 'fairlead_traefik_behind_seconds')).toHaveLength(200);
});

const promtool = spawnSync('promtool', ['--version']).status === 0;
if (!promtool)
  process.stderr.write('SKIPPED: promtool is not on PATH (Debian: prometheus); metrics are not linted\n');

test.skipIf(!promtool)('promtool finds nothing to say', async () => {
  const { metrics, counters, published, inspection, pollers } = start();
  published.publish('{}');
  pollers.record({
    address: '192.0.2.1',
    userAgent: 'Go',
    fleet: 'default',
    bank: 0,
    host: 'edge-1',
    status: 200,
  });
  inspection.sourceList = [
    { name: 's', state: 'synced', detail: '', objects: 1, lastSync: '2026-11-30T06:00:00Z' },
  ];
  metrics.countPoll('default', 200);
  counters.rebuilt(0.1);
  counters.writeFailed('s');
  counters.wroteBack('s');
  counters.relisted('s', 'Service');
  counters.watchRestarted('s', 'Service');
  const { stdout, stderr, status } = spawnSync('promtool', ['check', 'metrics'], {
    input: await metrics.render(),
    encoding: 'utf8',
  });
  expect({ stdout, stderr, status }).toEqual({ stdout: '', stderr: '', status: 0 });
});
