import type { Registry } from 'prom-client';
import { parseDocumentName } from '../../model/document-name.ts';
import { problemCodes } from '../../model/problem-codes.ts';
import type { Inspection, NamespaceRow, Published, SourceRow } from '../../model/published.ts';
import { addBankGauges } from './bank-gauges.ts';
import { addGauge, type Sample } from './metric-parts.ts';
import { addTraefikGauges } from './traefik-gauges.ts';

const SOURCE_STATES: readonly SourceRow['state'][] = ['starting', 'synced', 'stale'];

/** What is served and what stands behind it. */
export function addStateGauges(registry: Registry, published: Published, inspection: Inspection): void {
  const size = 'Size of the current configuration, not compressed.';
  addGauge(registry, 'fairlead_config_bytes', size, ['fleet', 'bank'], () =>
    published.documents.flatMap((document): Sample[] => {
      const current = published.current(document);
      const { fleet, bank } = parseDocumentName(document);
      return current === undefined ? [] : [[{ fleet, bank: String(bank) }, current.bytes]];
    }),
  );
  addGauge(registry, 'fairlead_routers', 'Routers in the configuration.', ['fleet', 'protocol'], () =>
    inspection.figures().routers.map(({ fleet, protocol, count }) => [{ fleet, protocol }, count]),
  );
  addGauge(registry, 'fairlead_objects', 'Objects that Fairlead has read.', ['source', 'kind'], () =>
    inspection.figures().objects.map(({ source, kind, count }) => [{ source, kind }, count]),
  );
  addCertificates(registry, inspection);
  addGauge(
    registry,
    'fairlead_problems',
    'Problems by code, 0 for codes without one.',
    ['code', 'severity'],
    () => toProblemSamples(inspection),
  );
  addPools(registry, inspection);
  addBankGauges(registry, inspection);
  addSources(registry, inspection);
  addGauge(
    registry,
    'fairlead_shrunk_routes',
    'Unusually many routes that a source lost at once. Mode hold: they are still served; warn: they are gone.',
    ['source', 'fleet', 'mode'],
    () => toShrinkSamples(inspection),
  );
  addTraefikGauges(registry, inspection);
}

function toShrinkSamples(inspection: Inspection): readonly Sample[] {
  return inspection
    .shrinks()
    .flatMap(({ source, mode, fleets }) =>
      fleets.map(({ fleet, lost }): Sample => [{ source, fleet, mode }, lost]),
    );
}

function addPools(registry: Registry, inspection: Inspection): void {
  const pool = ['fleet', 'pool', 'protocol'];
  addGauge(
    registry,
    'fairlead_pool_ports',
    'Pool ports by state: held, cooling, free, closed (of banks that are not open) or lost (held, and no longer in the pool).',
    [...pool, 'state'],
    () => toPoolSamples(inspection),
  );
  addGauge(
    registry,
    'fairlead_pool_namespace_ports',
    'Pool ports that count against the quota of a namespace. Only the 20 namespaces with the most, for each fleet and pool.',
    ['fleet', 'pool', 'source', 'namespace'],
    () => toNamespaceSamples(inspection.ports().namespaces),
  );
}

const mostNamespaces = 20;

/** Namespaces come and go at the will of tenants: so their number is bounded. */
function toNamespaceSamples(rows: readonly NamespaceRow[]): readonly Sample[] {
  const counts = new Map<string, number>();
  return rows.flatMap(({ fleet, pool, source, namespace, held, cooling }): Sample[] => {
    const key = `${pool}|${fleet}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count > mostNamespaces ? [] : [[{ fleet, pool, source, namespace }, held + cooling]];
  });
}

function addSources(registry: Registry, inspection: Inspection): void {
  const help = '1 for the state of a source: starting, synced or stale.';
  addGauge(registry, 'fairlead_source_state', help, ['source', 'state'], () =>
    inspection
      .sources()
      .flatMap(({ name, state }) =>
        SOURCE_STATES.map((each): Sample => [{ source: name, state: each }, each === state ? 1 : 0]),
      ),
  );
  addGauge(
    registry,
    'fairlead_source_lag_seconds',
    'For how long a source has not been synced, 0 if it is. Absent until the first time.',
    ['source'],
    () =>
      inspection
        .sources()
        .flatMap(({ name, state, lastSync }): Sample[] =>
          lastSync === null
            ? []
            : [[{ source: name }, state === 'synced' ? 0 : (Date.now() - Date.parse(lastSync)) / 1_000]],
        ),
  );
  addGauge(
    registry,
    'fairlead_source_last_known_good',
    '1 while the objects of a source come from a file of lastKnownGood.',
    ['source'],
    () =>
      inspection.sources().map(({ name, kept }): Sample => [{ source: name }, kept === undefined ? 0 : 1]),
  );
  addGauge(
    registry,
    'fairlead_source_last_sync_timestamp_seconds',
    'When a source was last synced; now, if it is. Absent until the first time.',
    ['source'],
    () =>
      inspection
        .sources()
        .flatMap(({ name, lastSync }): Sample[] =>
          lastSync === null ? [] : [[{ source: name }, Date.parse(lastSync) / 1_000]],
        ),
  );
}

function addCertificates(registry: Registry, inspection: Inspection): void {
  addGauge(
    registry,
    'fairlead_certificate_expiry_timestamp_seconds',
    'When the certificate of a TLS Secret expires. Only the 100 that expire first.',
    ['source', 'namespace', 'secret'],
    () =>
      inspection
        .certificates(100)
        .map(({ source, namespace, name, notAfter }) => [
          { source, namespace, secret: name },
          Date.parse(notAfter) / 1_000,
        ]),
  );
}

/** All codes, also those without a problem: an alert must see a number go to 0. */
function toProblemSamples(inspection: Inspection): readonly Sample[] {
  const counts = new Map<string, number>();
  for (const { code, more = 1 } of inspection.problems()) counts.set(code, (counts.get(code) ?? 0) + more);
  return Object.entries(problemCodes).map(([code, { severity }]) => [
    { code, severity },
    counts.get(code) ?? 0,
  ]);
}

function toPoolSamples(inspection: Inspection): readonly Sample[] {
  const { pools, ports } = inspection.ports();
  return pools.flatMap(({ fleet, pool, protocol, held, cooling, free, total, open }): Sample[] => {
    const lost = ports.filter(
      (row) =>
        row.state === 'lost' && row.fleet === fleet && row.pool === pool && row.protocols.includes(protocol),
    ).length;
    return Object.entries({ held, cooling, free, closed: total - open, lost }).map(([state, count]) => [
      { fleet, pool, protocol, state },
      count,
    ]);
  });
}
