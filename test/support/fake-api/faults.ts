/** A request as far as faults select by it. */
export interface RequestInfo {
  readonly path: string;
  readonly verb: string;
  /** With its subresource, such as `ingresses/status`. */
  readonly resource: string;
  readonly user: string;
}

/** A fault in force. */
export interface Fault {
  readonly kind: 'delay' | 'fail';
  readonly selects: (request: RequestInfo) => boolean;
  /** How many more requests it hits. */
  left: number;
  /** On the clock of `performance.now`. */
  readonly until: number;
  /** Of a delay, in milliseconds. */
  readonly ms: number;
  readonly status: number;
  readonly message: string | undefined;
  readonly retryAfter: string | undefined;
  /** The connection is cut instead of an answer. */
  readonly abort: boolean;
  /** The request has its effect, and only the answer is lost. */
  readonly applied: boolean;
}

/** The selector of `path`, `verb`, `resource` and `user`: all that are given have to match. */
export function toSelector(params: URLSearchParams): Fault['selects'] {
  const [path, user, resource] = [params.get('path'), params.get('user'), params.get('resource')];
  const verbs = params.get('verb')?.split(',');
  return (request) =>
    (path === null || request.path.startsWith(path)) &&
    (verbs === undefined || verbs.includes(request.verb)) &&
    (resource === null || request.resource === resource) &&
    (user === null || request.user === user);
}

export function toFault(kind: Fault['kind'], params: URLSearchParams): Fault {
  const seconds = Number(params.get('seconds') ?? Infinity);
  return {
    kind,
    selects: toSelector(params),
    left: Number(params.get('count') ?? (kind === 'fail' ? 1 : Infinity)),
    until: performance.now() + seconds * 1_000,
    ms: Number(params.get('ms') ?? 1_000),
    status: Number(params.get('status') ?? 500),
    message: params.get('message') ?? undefined,
    retryAfter: params.get('retry-after') ?? undefined,
    abort: params.get('abort') === 'true',
    applied: params.get('applied') === 'true',
  };
}

/** The faults in force. */
export class Faults {
  #faults: Fault[] = [];

  add(fault: Fault): void {
    this.#faults.push(fault);
  }

  clear(): void {
    this.#faults = [];
  }

  /** The first fault of a kind that hits a request, which it is counted for. */
  take(kind: Fault['kind'], request: RequestInfo): Fault | undefined {
    const now = performance.now();
    this.#faults = this.#faults.filter(({ left, until }) => left > 0 && now < until);
    const hit = this.#faults.find((fault) => fault.kind === kind && fault.selects(request));
    if (hit !== undefined) hit.left -= 1;
    return hit;
  }
}
