/** An address below `/api` that answers with JSON. */
export interface Endpoint {
  /** What is in braces, the client fills in. */
  readonly path: string;
  /** The type of the answer. */
  readonly answer: string;
  /** What it answers, in a few words. */
  readonly says: string;
}

/** All of them, as `/` and docs/http-api.md list them. A test compares them with what is served. */
export const endpoints: readonly Endpoint[] = [
  { path: '/api/status', answer: 'Status', says: 'everything at a glance' },
  {
    path: '/api/search/routes',
    answer: 'Page<RouteHit>',
    says: 'routes, page by page: `q` has words that must all occur; `offset`; `limit`, at most 200',
  },
  { path: '/api/search/ports', answer: 'Page<PortRow>', says: 'pool ports, page by page' },
  {
    path: '/api/search/problems',
    answer: 'Page<ProblemJson>',
    says: 'problems, page by page, the worst first; also by `severity` and `code`, several with commas',
  },
  { path: '/api/pools/{fleet}/{pool}/{protocol}', answer: 'PoolMap', says: 'the map of a pool' },
  {
    path: '/api/pools/{fleet}/{pool}/{protocol}/{port}',
    answer: 'PortStory',
    says: 'who holds a port, who held it, and who waits for it',
  },
  { path: '/api/routes', answer: 'RouteRow[]', says: 'all routes' },
  {
    path: '/api/answer',
    answer: 'Answer',
    says: 'the dynamic configuration, element by element, without secrets',
  },
  { path: '/api/ports', answer: 'PortReportJson', says: 'all pools and their ports' },
  { path: '/api/problems', answer: 'ProblemJson[]', says: 'all problems' },
  { path: '/api/pollers', answer: 'PollerRow[]', says: 'who polls, and what each has fetched' },
  {
    path: '/api/shrinks',
    answer: 'ShrinkRow[]',
    says: 'sources that lost unusually many routes at once',
  },
  {
    path: '/api/sources',
    answer: 'SourceRow[]',
    says: 'the sources of objects, and whether they are synced',
  },
  {
    path: '/api/traefiks',
    answer: 'TraefikRow[]',
    says: 'what each Traefik has applied, as `fleets[].api` and `fairlead edge` report it',
  },
  {
    path: '/api/explain/{kind}/{namespace}/{name}',
    answer: 'ExplanationJson[]',
    says: 'why an object is or is not routed, for each source that has it; 404 if none has. Without `{namespace}` for kinds that have none',
  },
];
