import { Counter, Histogram, type Registry } from 'prom-client';
import { parseDocumentName, type DocumentName } from '../../model/document-name.ts';
import type { Published } from '../../model/published.ts';

/** From a tenth of the quiet time after a change to what nobody should have to wait. */
const buckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** How long changes take until they are rendered, and until a Traefik has them. */
export interface ChangeTimes {
  /** A document has another revision than it had before. */
  replaced(document: DocumentName): void;
  /** A Traefik that had an older one has fetched the present revision of a document. */
  fetched(document: DocumentName): void;
}

export function addChangeTimes(registry: Registry, published: Published): ChangeTimes {
  const registers = [registry];
  const revisions = new Counter({
    name: 'fairlead_revision_changes_total',
    help: 'How often the configuration for Traefik has changed.',
    labelNames: ['fleet'],
    registers,
  });
  for (const fleet of published.fleets) revisions.inc({ fleet }, 0);
  const rendered = new Histogram({
    name: 'fairlead_change_to_bytes_seconds',
    help: 'From a change of an object until the configuration has it. If it has several changes, from the first of them.',
    labelNames: ['fleet'],
    buckets,
    registers,
  });
  const fetches = new Histogram({
    name: 'fairlead_change_to_fetched_seconds',
    help: 'From a change of an object until a Traefik has fetched it, once for each Traefik.',
    labelNames: ['fleet'],
    buckets,
    registers,
  });
  const observe = (histogram: Histogram<'fleet'>, document: DocumentName): void => {
    const changedAt = published.current(document)?.changedAt;
    const { fleet } = parseDocumentName(document);
    if (changedAt !== undefined) histogram.observe({ fleet }, (performance.now() - changedAt) / 1_000);
  };
  return {
    replaced: (document) => {
      revisions.inc({ fleet: parseDocumentName(document).fleet });
      observe(rendered, document);
    },
    fetched: (document) => observe(fetches, document),
  };
}
