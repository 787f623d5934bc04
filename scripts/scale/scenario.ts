/** What the model is asked about. */
export interface Scenario {
  readonly services: number;
  readonly endpointsPerService: number;
  /** The share of the Services that hold a port of the pool. */
  readonly shareWithPort: number;
  /** How often a Service is rolled out: each of its pods goes, and another one comes. In a second. */
  readonly rolloutsPerService: number;
  /** Where traffic goes: with `clusterip` pods come and go unseen. */
  readonly backends: 'clusterip' | 'endpoints';
}

/** What an operator has chosen; times in seconds. */
export interface Choices {
  /** `provider.debounce` and `provider.maxWait`. */
  readonly debounce: number;
  readonly maxWait: number;
  /** `fleets[].ports.bank`. */
  readonly bank: number;
  /** Of each fleet. */
  readonly traefiks: number;
  /** Of each Fairlead. */
  readonly replicas: number;
}

/** The most that one unit may come to before the model adds another. */
export interface Budget {
  /** Of a Traefik for its configuration: the rest is for traffic. */
  readonly traefikCores: number;
  /** Seconds that one document may keep a core of a Traefik busy: so long a change waits. */
  readonly traefikDocument: number;
  /** MB of one Fairlead process. */
  readonly fairleadMemory: number;
  /** Of the one core that JavaScript has. */
  readonly fairleadCores: number;
  /** Seconds of CPU until a replica that starts is ready. */
  readonly fairleadStart: number;
}

export const choices: Choices = { debounce: 0.05, maxWait: 1, bank: 250, traefiks: 2, replicas: 2 };

export const budget: Budget = {
  traefikCores: 0.5,
  traefikDocument: 2,
  fairleadMemory: 2_000,
  fairleadCores: 0.5,
  fairleadStart: 30,
};

const day = 86_400;

/** How often: once a day, as a team that ships daily, and once an hour, as autoscaling and a platform that is in motion. */
export const rates = [
  { name: 'daily', rolloutsPerService: 1 / day },
  { name: 'hourly', rolloutsPerService: 24 / day },
] as const;

export const sizes = [1_000, 10_000, 30_000, 100_000, 300_000, 1_000_000] as const;
