import { isObject } from '../../lib/raw-object.ts';
import type { HealthRow, RouteRow } from '../../model/published.ts';

/** How servers are, as Traefiks see them. */
export interface HealthView {
  /** Of the services of an object's routes that are actively checked. Never rejects: who cannot be asked has a row that says so. */
  of(routes: readonly RouteRow[]): Promise<readonly HealthRow[]>;
}

export interface TraefikHealthOptions {
  readonly fleets: readonly { readonly name: string; readonly api?: readonly string[] }[];
  /** How long a Traefik may take; default 1 s. */
  readonly timeoutMs?: number;
}

/** Of so many services of an object Traefiks are asked. */
const mostServices = 20;
/** So much of an answer is read: more than ten thousand servers. */
const mostBytes = 1024 ** 2;

interface Question {
  readonly traefik: string;
  readonly protocol: 'http' | 'tcp';
  readonly service: string;
}

/** Asks the APIs of the Traefiks of fleets, all at once, and only when somebody wants to know. */
export class TraefikHealth implements HealthView {
  readonly #apis: ReadonlyMap<string, readonly string[]>;
  readonly #timeoutMs: number;
  /** What is being asked right now: many who want to know the same make one request. */
  readonly #asked = new Map<string, Promise<HealthRow>>();

  constructor({ fleets, timeoutMs = 1_000 }: TraefikHealthOptions) {
    this.#apis = new Map(fleets.map(({ name, api = [] }) => [name, api]));
    this.#timeoutMs = timeoutMs;
  }

  async of(routes: readonly RouteRow[]): Promise<readonly HealthRow[]> {
    const services = listChecked(routes.filter(({ fleet }) => this.#apis.get(fleet)?.length));
    const questions = services.flatMap(({ fleet, ...rest }) =>
      (this.#apis.get(fleet) ?? []).map((traefik) => ({ traefik, ...rest })),
    );
    return Promise.all(questions.map((question) => this.#ask(question)));
  }

  #ask(question: Question): Promise<HealthRow> {
    const { traefik, protocol, service } = question;
    const url = `${traefik}/api/${protocol}/services/${encodeURIComponent(service)}@http`;
    const asked =
      this.#asked.get(url) ??
      readStatuses(url, this.#timeoutMs)
        .then(
          (servers): HealthRow => ({ traefik, service, servers }),
          (error: unknown): HealthRow => ({ traefik, service, error: this.#describe(error) }),
        )
        .finally(() => this.#asked.delete(url));
    this.#asked.set(url, asked);
    return asked;
  }

  #describe(error: unknown): string {
    if (!(error instanceof Error)) return 'it could not be asked';
    if (error.name === 'TimeoutError') return `no answer within ${this.#timeoutMs} ms`;
    if (error instanceof UnusableAnswer) return error.message;
    // The cause is that of the connection, with a code such as `ECONNREFUSED`.
    const code = isObject(error.cause) ? error.cause['code'] : undefined;
    return typeof code === 'string' ? `it cannot be reached (${code})` : 'it cannot be reached';
  }
}

/** What came is no answer of Traefik's API; the message is one line. */
class UnusableAnswer extends Error {}

function listChecked(
  routes: readonly RouteRow[],
): readonly (Omit<Question, 'traefik'> & { fleet: string })[] {
  const found = routes.flatMap(({ fleet, protocol, checks = [] }) =>
    checks.flatMap(({ service, active }) =>
      protocol === 'udp' || active === undefined
        ? []
        : [[`${fleet} ${protocol} ${service}`, { fleet, protocol, service }] as const],
    ),
  );
  return [...new Map(found).values()].slice(0, mostServices);
}

type Statuses = Extract<HealthRow, { servers: unknown }>['servers'];

async function readStatuses(url: string, timeoutMs: number): Promise<Statuses> {
  const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok) {
    await response.body?.cancel();
    throw new UnusableAnswer(
      response.status === 404 ? 'it has no such service' : `it answered ${response.status}`,
    );
  }
  return toStatuses(parse(await readText(response)));
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new UnusableAnswer('its answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UnusableAnswer('its answer is no JSON');
  }
}

/** The part `serverStatus` of a service as Traefik's API shows it. What could not be a server, or is no status, is left out. */
function toStatuses(answer: unknown): Statuses {
  if (!isObject(answer)) throw new UnusableAnswer('its answer is no service');
  const { serverStatus } = answer;
  if (!isObject(serverStatus)) return [];
  return Object.entries(serverStatus)
    .flatMap(([server, status]) =>
      /^[\x21-\x7e]{1,500}$/.test(server) && (status === 'UP' || status === 'DOWN')
        ? [{ server, status } as const]
        : [],
    )
    .toSorted((a, b) => (a.server < b.server ? -1 : 1));
}
