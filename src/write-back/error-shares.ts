import type { Logger } from 'pino';

/** How many requests a service of Traefik got, and how many of them failed. */
export interface ErrorShare {
  readonly requests: number;
  /** Answered with a status from 500 on, by the servers or for them. */
  readonly errors: number;
}

export interface ErrorSharesOptions {
  /** Where the Traefiks serve their metrics for Prometheus. */
  readonly urls: readonly string[];
  readonly log: Logger;
  /** Default 5 s. */
  readonly intervalMs?: number;
}

/** So much of an answer is read: a Traefik with tens of thousands of services has as much. */
const mostBytes = 64 * 1024 ** 2;
/** The longest time that is remembered. */
export const longestWindowMs = 5 * 60_000;

type Counts = ReadonlyMap<string, ErrorShare>;

/**
 * Asks Traefiks for their counters of requests, for as long as somebody wants to know. What a Traefik did not answer in time is not
 * counted, and neither is what happened before it was asked for the first time.
 */
export class ErrorShares {
  readonly #options: ErrorSharesOptions;
  /** What each Traefik said last. */
  readonly #last = new Map<string, Counts>();
  /** What was new in each round, the latest last. */
  #rounds: { readonly at: number; readonly counts: Counts }[] = [];
  #wanted: (service: string) => boolean = () => false;
  #timer: NodeJS.Timeout | undefined;
  #stopping = new AbortController();
  #failing = new Set<string>();

  constructor(options: ErrorSharesOptions) {
    this.#options = options;
  }

  /** Begins to ask for these services, by the names that Traefik has for them; undefined: stops asking, and forgets. */
  want(isWanted: ((service: string) => boolean) | undefined): void {
    if (isWanted === undefined) return this.stop();
    this.#wanted = isWanted;
    if (this.#timer !== undefined || this.#options.urls.length === 0) return;
    this.#stopping = new AbortController();
    this.#timer = setInterval(() => void this.#ask(), this.#options.intervalMs ?? 5_000).unref();
    void this.#ask();
  }

  /** Of all services that match together, since so many milliseconds; undefined when no Traefik has said anything. */
  shareOf(matches: (service: string) => boolean, windowMs: number): ErrorShare | undefined {
    const since = performance.now() - windowMs;
    const rounds = this.#rounds.filter(({ at }) => at >= since);
    if (rounds.length === 0) return undefined;
    const all = rounds.flatMap(({ counts }) =>
      [...counts].filter(([name]) => matches(name)).map(([, count]) => count),
    );
    return all.reduce(addUp, { requests: 0, errors: 0 });
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#stopping.abort();
    this.#last.clear();
    this.#rounds = [];
  }

  async #ask(): Promise<void> {
    const { signal } = this.#stopping;
    const answers = await Promise.all(this.#options.urls.map((url) => this.#askOne(url, signal)));
    if (signal.aborted) return;
    const fresh = new Map<string, ErrorShare>();
    for (const counts of answers)
      for (const [name, count] of counts) fresh.set(name, addUp(fresh.get(name), count));
    const at = performance.now();
    if (answers.some((counts) => counts.size > 0)) this.#rounds.push({ at, counts: fresh });
    this.#rounds = this.#rounds.filter((round) => round.at >= at - longestWindowMs);
  }

  /** What is new at one Traefik; nothing at the first time. */
  async #askOne(url: string, signal: AbortSignal): Promise<Counts> {
    try {
      const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(4_000)]) });
      if (!response.ok) throw new Error(`it answered ${response.status}`);
      const now = parseCounts(await readText(response), this.#wanted);
      const before = this.#last.get(url);
      this.#last.set(url, now);
      this.#failing.delete(url);
      return before === undefined ? new Map() : subtract(now, before);
    } catch (error) {
      if (!signal.aborted && !this.#failing.has(url))
        this.#options.log.warn(
          { err: error, url },
          'the metrics of a Traefik cannot be read; plans of moves do not look at them',
        );
      this.#failing.add(url);
      return new Map();
    }
  }
}

async function readText(response: Response): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > mostBytes) throw new Error('its answer is too long');
  }
  return text;
}

const line = /^traefik_service_requests_total\{([^}]*)\} ([\d.e+]+)$/;

/** The counters of services in Prometheus' text format, as far as they are wanted. */
export function parseCounts(text: string, isWanted: (service: string) => boolean): Counts {
  const counts = new Map<string, ErrorShare>();
  for (const each of text.split('\n')) {
    const [, labels = '', value = ''] = line.exec(each) ?? [];
    const service = /(?:^|,)service="([^"]*)"/.exec(labels)?.[1]?.replace(/@http$/, '');
    if (service === undefined || !isWanted(service)) continue;
    const requests = Number(value);
    const isError = /(?:^|,)code="5\d\d"/.test(labels);
    counts.set(service, addUp(counts.get(service), { requests, errors: isError ? requests : 0 }));
  }
  return counts;
}

/** A counter that is smaller than before has begun again. */
function subtract(now: Counts, before: Counts): Counts {
  return new Map(
    [...now].map(([service, { requests, errors }]) => {
      const former = before.get(service) ?? { requests: 0, errors: 0 };
      const isNew = requests < former.requests;
      return [
        service,
        isNew
          ? { requests, errors }
          : { requests: requests - former.requests, errors: Math.max(0, errors - former.errors) },
      ];
    }),
  );
}

function addUp(a: ErrorShare | undefined, b: ErrorShare): ErrorShare {
  return { requests: (a?.requests ?? 0) + b.requests, errors: (a?.errors ?? 0) + b.errors };
}
