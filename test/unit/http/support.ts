import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  request as httpRequest,
  type Agent,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { pino, type Logger } from 'pino';
import { onTestFinished } from 'vitest';
import { listDocuments, type DocumentName } from '../../../src/model/document-name.ts';
import type {
  CodeCount,
  Listing,
  Page,
  PoolMap,
  PortStory,
  ProblemQuery,
  Query,
  RouteHit,
} from '../../../src/model/listing.ts';
import type {
  CertificateRow,
  ConfigRevision,
  Explanation,
  Figures,
  Inspection,
  PortReport,
  PortRow,
  Published,
  Readiness,
} from '../../../src/model/published.ts';
import type { Problem } from '../../../src/model/problem.ts';
import { Access } from '../../../src/http/admin/access.ts';
import { createBearerCheck } from '../../../src/http/bearer.ts';
import { LongPoll } from '../../../src/http/provider/long-poll.ts';
import { startListener, type Listener, type ListenOptions } from '../../../src/http/listener.ts';
import { createMetrics, type Metrics } from '../../../src/http/admin/metrics.ts';
import { Pollers } from '../../../src/http/provider/pollers.ts';
import type { EdgeReported } from '../../../src/http/provider/answer-edge-report.ts';
import { createProviderApp } from '../../../src/http/provider/provider-app.ts';

/** A revision that counts how often it was compressed. */
export class Revision implements ConfigRevision {
  readonly revision: string;
  readonly whole: Buffer;
  readonly body: readonly Buffer[];
  readonly bytes: number;
  compressions = 0;
  #gzip: Promise<Buffer> | undefined;

  readonly changedAt?: number;

  constructor(text: string, changedAt?: number) {
    if (changedAt !== undefined) this.changedAt = changedAt;
    this.whole = Buffer.from(text);
    this.bytes = this.whole.length;
    const middle = this.bytes >> 1;
    this.body = [this.whole.subarray(0, middle), this.whole.subarray(middle)];
    this.revision = createHash('sha256').update(this.whole).digest('hex').slice(0, 16);
  }

  gzip(): Promise<Buffer> {
    if (this.#gzip === undefined) {
      this.compressions += 1;
      this.#gzip = promisify<Buffer, Buffer>(gzip)(this.whole);
    }
    return this.#gzip;
  }
}

/** What a pipeline publishes, in memory. */
export class MemoryPublished implements Published {
  readonly fleets: readonly string[];
  readonly documents: readonly DocumentName[];
  waitingFor: readonly string[] = [];
  readonly #current = new Map<string, ConfigRevision>();
  readonly #subscribers = new Map<string, Set<() => void>>();

  /** @param banks How many banks each fleet has. */
  constructor(fleets: readonly string[] = ['default'], banks = 1) {
    this.fleets = fleets;
    this.documents = fleets.flatMap((fleet) => listDocuments(fleet, banks));
  }

  readiness(): Readiness {
    return this.waitingFor.length > 0 ? { kind: 'starting', waitingFor: this.waitingFor } : { kind: 'ready' };
  }

  current(fleet: string): ConfigRevision | undefined {
    return this.#current.get(fleet);
  }

  fetched(): void {}

  closed(): void {}

  readonly polls: string[] = [];

  polled(_connection: object, document: DocumentName, host: string): void {
    this.polls.push(`${document} ${host}`);
  }

  subscribe(fleet: string, changed: () => void): () => void {
    const subscribers = this.#subscribers.get(fleet) ?? new Set();
    this.#subscribers.set(fleet, subscribers.add(changed));
    return () => subscribers.delete(changed);
  }

  subscribers(fleet = 'default'): number {
    return this.#subscribers.get(fleet)?.size ?? 0;
  }

  publish(text: string, fleet = 'default', changedAt?: number): Revision {
    const revision = new Revision(text, changedAt);
    this.#current.set(fleet, revision);
    this.notify(fleet);
    return revision;
  }

  notify(fleet = 'default'): void {
    for (const changed of this.#subscribers.get(fleet) ?? []) changed();
  }
}

/** What a pipeline tells about itself: empty, and to be filled by a test. */
export class MemoryInspection implements Inspection {
  problemList: readonly Problem[] = [];
  report: PortReport = { pools: [], banks: [], namespaces: [], ports: [], history: [], refused: [] };
  explanations: readonly Explanation[] = [];
  sourceList: ReturnType<Inspection['sources']> = [];
  routeList: ReturnType<Inspection['routes']> = [];
  figureList: Figures = { routers: [], objects: [] };
  certificateList: readonly CertificateRow[] = [];

  routes(): ReturnType<Inspection['routes']> {
    return this.routeList;
  }
  shrinkList: ReturnType<Inspection['shrinks']> = [];
  shrinks(): ReturnType<Inspection['shrinks']> {
    return this.shrinkList;
  }
  answer(): ReturnType<Inspection['answer']> {
    return { documents: [], elements: [] };
  }
  ports(): PortReport {
    return this.report;
  }
  problems(): readonly Problem[] {
    return this.problemList;
  }
  sources(): ReturnType<Inspection['sources']> {
    return this.sourceList;
  }
  traefikList: ReturnType<Inspection['traefiks']> = [];
  traefiks(): ReturnType<Inspection['traefiks']> {
    return this.traefikList;
  }
  refresh(): Promise<void> {
    return Promise.resolve();
  }
  importedNumbers(): readonly [] {
    return [];
  }
  figures(): Figures {
    return this.figureList;
  }
  certificates(most: number): readonly CertificateRow[] {
    return this.certificateList.slice(0, most);
  }
  explain(kind: string, namespace: string, name: string): readonly Explanation[] {
    return this.explanations.filter(({ object }) => object === [kind, namespace, name].join('/'));
  }
}

/** Nobody has to say who it is, from this machine. */
export function openAccess(): Access {
  return new Access({ admin: { users: [], tokens: [] }, listen: { hosts: [] } });
}

/** The lists of it: what a test puts in, whatever is asked for. */
export class MemoryListing implements Listing {
  routePage: Page<RouteHit> = { total: 0, rows: [] };
  problemPage: Page<Problem> = { total: 0, rows: [] };
  portPage: Page<PortRow> = { total: 0, rows: [] };
  codes: readonly CodeCount[] = [];
  version = 0;
  map: PoolMap | undefined;
  story: PortStory | undefined;
  /** Set: every look is refused by it. */
  refusal: Error | undefined;
  readonly queries: ProblemQuery[] = [];

  routes(query: Query): Promise<Page<RouteHit>> {
    return this.#answer(query, this.routePage);
  }
  problems(query: ProblemQuery): Promise<Page<Problem>> {
    return this.#answer(query, this.problemPage);
  }
  ports(query: Query): Promise<Page<PortRow>> {
    return this.#answer(query, this.portPage);
  }
  countProblems(): readonly CodeCount[] {
    return this.codes;
  }
  problemVersion(): number {
    return this.version;
  }
  poolMap(): PoolMap | undefined {
    return this.map;
  }
  portStory(_name: unknown, port: number): PortStory | undefined {
    return this.story?.port === port ? this.story : undefined;
  }

  #answer<T>(query: ProblemQuery, page: T): Promise<T> {
    this.queries.push(query);
    return this.refusal === undefined ? Promise.resolve(page) : Promise.reject(this.refusal);
  }
}

export interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** A logger that keeps its lines. */
export function createLog(): { readonly log: Logger; readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  return { log, lines };
}

export interface Provider {
  readonly listener: Listener;
  readonly port: number;
  readonly published: MemoryPublished;
  readonly longPoll: LongPoll;
  readonly pollers: Pollers;
  readonly metrics: Metrics;
  readonly lines: LogLine[];
}

export interface ProviderOptions {
  readonly published?: MemoryPublished;
  readonly holdMs?: number;
  readonly tokens?: readonly string[];
  /** What `/edge/{fleet}` answers, by fleet. */
  readonly edge?: Readonly<Record<string, { readonly revision: string; readonly body: string }>>;
  readonly edgeReported?: EdgeReported;
  readonly listen?: Partial<ListenOptions>;
  readonly sendTimeoutMs?: number;
}

/** A provider listener on a free port of 127.0.0.1, stopped when the test is over. */
export async function startProvider(options: ProviderOptions = {}): Promise<Provider> {
  const { published = new MemoryPublished(), holdMs = 2_000, tokens = [] } = options;
  const { log, lines } = createLog();
  const longPoll = new LongPoll(published, holdMs);
  const pollers = new Pollers();
  const metrics = createMetrics({
    published,
    inspection: new MemoryInspection(),
    pollers,
    version: '0',
    isLeader: () => true,
    heldPolls: () => longPoll.held,
  });
  const bearer = tokens.length === 0 ? null : createBearerCheck(tokens);
  const app = createProviderApp({
    published,
    edge: (fleet) => options.edge?.[fleet],
    edgeReported: options.edgeReported ?? (() => 'unknown-fleet'),
    bearer: () => bearer,
    longPoll,
    pollers,
    metrics,
    log,
    ...(options.sendTimeoutMs !== undefined && { sendTimeoutMs: options.sendTimeoutMs }),
  });
  const listener = await startListener(
    app,
    { host: '127.0.0.1', port: 0 },
    { setting: 'listen.provider', log, ...options.listen },
  );
  onTestFinished(async () => {
    await listener.stop(0);
    metrics.close();
  });
  return { listener, port: listener.address.port, published, longPoll, pollers, metrics, lines };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly ms: number;
}

export interface Ask extends Omit<RequestOptions, 'agent' | 'headers'> {
  readonly agent?: Agent | false;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly rejectUnauthorized?: boolean;
  readonly protocol?: 'http:' | 'https:';
}

/** One request with `node:http`: unlike `fetch` it adds no headers of its own. */
export async function ask(port: number, path: string, options: Ask = {}): Promise<Answer> {
  const started = performance.now();
  const response = await open(port, path, options);
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(Buffer.from(chunk));
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: Buffer.concat(chunks),
    ms: performance.now() - started,
  };
}

/** As `ask`, but hands out the answer when its headers are there. */
export function open(port: number, path: string, options: Ask = {}): Promise<IncomingMessage> {
  const send = options.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    send({ agent: false, ...options, host: '127.0.0.1', port, path }, resolve)
      .once('error', reject)
      .end(options.body);
  });
}

/** Waits for what comes about soon, such as the effect of a closed connection. Fails after fifteen seconds: a busy machine is slow. */
export async function eventually(holds: () => boolean): Promise<void> {
  const end = performance.now() + 15_000;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`did not come about: ${holds.toString()}`);
    await sleep(2);
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms));
}

/** A file of `test/fixtures/tls`, which `make.sh` there has made. */
export function readFixture(name: string): string {
  return readFileSync(new URL(`../../fixtures/tls/${name}`, import.meta.url), 'utf8');
}
