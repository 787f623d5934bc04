/** A figure that was measured, or that somebody else has published. */
export interface Measured {
  readonly value: number;
  readonly unit: 'bytes' | 'seconds' | 'MB' | 'cores' | 'writes/s' | '';
  /** What it is, for the table of the page. */
  readonly what: string;
  /** Which command of this project prints it, or who says so. */
  readonly from: string;
}

const benchServe = '`npm run bench:serve`';
const benchTraefik = '`npm run bench:traefik`';
const benchBanks = '`npm run bench:banks`';
const benchApi = '`npm run bench:api`';
const thresholds =
  '[Kubernetes scalability thresholds](https://github.com/kubernetes/community/blob/master/sig-scalability/configs-and-limits/thresholds.md)';

/**
 * All that the model of `npm run scale` knows of the world, on two cores. Who has measured something again changes it here, and runs
 * `npm run docs`.
 */
export const constants = {
  fairleadBase: {
    value: 153,
    unit: 'MB',
    what: 'Fairlead without an object: resident',
    from: benchServe,
  },
  fairleadPerService: {
    value: 0.0052,
    unit: 'MB',
    what: 'of a Service with its route: resident',
    from: benchServe,
  },
  fairleadPerEndpoint: {
    value: 0.00045,
    unit: 'MB',
    what: 'of an endpoint: resident',
    from: benchServe,
  },
  fairleadStartPerService: {
    value: 178e-6,
    unit: 'seconds',
    what: 'of a Service with its route: CPU of the start',
    from: benchServe,
  },
  fairleadStartPerEndpoint: {
    value: 21.4e-6,
    unit: 'seconds',
    what: 'of an endpoint: CPU of the start',
    from: benchServe,
  },
  fairleadPerChange: {
    value: 0.005,
    unit: 'seconds',
    what: 'of a changed object: CPU, whatever else there is',
    from: benchServe,
  },
  fairleadPerMegabyte: {
    value: 0.006,
    unit: 'seconds',
    what: 'of a megabyte of a document that is made again: CPU of joining, hashing and compressing',
    from: benchServe,
  },
  documentPerService: {
    value: 258,
    unit: 'bytes',
    what: 'of a Service with its route in the document',
    from: benchTraefik,
  },
  documentPerServer: {
    value: 33,
    unit: 'bytes',
    what: 'of a server in the document',
    from: benchTraefik,
  },
  traefikBase: {
    value: 0.02,
    unit: 'seconds',
    what: 'Traefik, of a document that it applies: CPU, however small it is',
    from: benchTraefik,
  },
  traefikPerService: {
    value: 130e-6,
    unit: 'seconds',
    what: 'of a Service with its route in it: CPU',
    from: benchTraefik,
  },
  traefikPerServer: {
    value: 15e-6,
    unit: 'seconds',
    what: 'of a server in it: CPU',
    from: benchTraefik,
  },
  traefikPerPort: {
    value: 290e-6,
    unit: 'seconds',
    what: 'of an entryPoint of the pool: CPU of each document',
    from: benchBanks,
  },
  traefikMemory: {
    value: 110,
    unit: 'MB',
    what: 'Traefik without a route: resident',
    from: benchTraefik,
  },
  traefikMemoryPerService: {
    value: 0.02,
    unit: 'MB',
    what: 'of a Service with its route: resident',
    from: benchTraefik,
  },
  traefikMemoryPerServer: {
    value: 0.0066,
    unit: 'MB',
    what: 'of a server: resident',
    from: benchTraefik,
  },
  traefikMemoryPerPort: {
    value: 0.07,
    unit: 'MB',
    what: 'of an entryPoint of the pool: resident',
    from: benchBanks,
  },
  objectService: {
    value: 1_003,
    unit: 'bytes',
    what: 'a Service in a list',
    from: benchApi,
  },
  objectIngress: {
    value: 717,
    unit: 'bytes',
    what: 'an Ingress in a list',
    from: benchApi,
  },
  objectSlice: {
    value: 718,
    unit: 'bytes',
    what: 'an EndpointSlice in a list, without endpoints',
    from: benchApi,
  },
  objectEndpoint: {
    value: 182,
    unit: 'bytes',
    what: 'an endpoint in it',
    from: benchApi,
  },
  writesPerSecond: {
    value: 134,
    unit: 'writes/s',
    what: 'status and annotations that the leader writes, three at a time',
    from: benchApi,
  },
  ledgerEntry: {
    value: 187,
    unit: 'bytes',
    what: 'a held port in the ledger',
    from: 'the text of a ledger',
  },
  clusterServices: {
    value: 10_000,
    unit: '',
    what: 'Services in one cluster',
    from: thresholds,
  },
  clusterPods: {
    value: 150_000,
    unit: '',
    what: 'pods in one cluster',
    from: thresholds,
  },
} as const satisfies Readonly<Record<string, Measured>>;

/** The value of a constant. */
export function of(name: keyof typeof constants): number {
  return constants[name].value;
}
