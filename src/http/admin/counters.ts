import { Counter, Histogram, Registry } from 'prom-client';
import type { Observer } from '../../model/observer.ts';

/** What is counted as it happens. It is there before anything that has something to count. */
export interface Counters extends Observer {
  /** Where the other metrics are put as well. */
  readonly registry: Registry;
}

/** Counters in a registry of their own. */
export function createCounters(): Counters {
  const registry = new Registry();
  const registers = [registry];
  const ofSource = (name: string, help: string) =>
    new Counter({ name, help, labelNames: ['source'], registers });
  const ofKind = (name: string, help: string) =>
    new Counter({ name, help, labelNames: ['source', 'kind'], registers });
  const writes = ofSource('fairlead_write_backs_total', 'Attempts to write to a cluster.');
  const writeErrors = ofSource(
    'fairlead_write_back_errors_total',
    'Writes to a cluster that failed. Each is tried again.',
  );
  const relists = ofKind(
    'fairlead_source_relists_total',
    'How often all objects of a kind were listed again, because the watch could not be resumed or a resync was due.',
  );
  const restarts = ofKind(
    'fairlead_source_watch_restarts_total',
    'How often the watch of a kind was started again.',
  );
  const conflicts = new Counter({
    name: 'fairlead_write_conflicts_total',
    help: 'Writes that conflicted with one of somebody else. Target annotations, ledger or status. Each is decided again.',
    labelNames: ['target'],
    registers,
  });
  for (const target of ['annotations', 'ledger', 'status']) conflicts.inc({ target }, 0);
  const ledgerErrors = new Counter({
    name: 'fairlead_ledger_errors_total',
    help: 'Reads and writes of the port ledger that failed. Each is tried again.',
    registers,
  });
  const rebuilds = new Histogram({
    name: 'fairlead_rebuild_duration_seconds',
    help: 'How long it took to build the configuration.',
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  });
  return {
    registry,
    rebuilt: (seconds) => rebuilds.observe(seconds),
    relisted: (source, kind) => relists.inc({ source, kind }),
    watchRestarted: (source, kind) => restarts.inc({ source, kind }),
    wroteBack: (source) => writes.inc({ source }),
    writeFailed: (source) => writeErrors.inc({ source }),
    conflicted: (target) => conflicts.inc({ target }),
    ledgerFailed: () => ledgerErrors.inc(),
  };
}
