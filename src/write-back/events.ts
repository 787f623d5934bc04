import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import type { Logger } from 'pino';
import type { Subject } from '../model/problem.ts';
import type { KubeClient } from '../source/cluster/kube-client.ts';
import { KubeError } from '../source/cluster/kube-error.ts';
import { isObject, type RawObject } from '../source/kinds/fields.ts';
import { Pause } from '../source/cluster/pause.ts';
import { defaultEventLimits, RepeatGate, TokenBucket, type EventLimits } from './event-limits.ts';
import type { EventNote } from './plan-events.ts';

export interface EventRecorderOptions {
  /** The connection to a source; undefined for what is no cluster. */
  readonly clientOf: (source: string) => KubeClient | undefined;
  /** The `metadata.uid` of an object: `kubectl describe` finds its Events by it. */
  readonly uidOf: (about: Subject) => string | undefined;
  readonly isLeader: () => boolean;
  readonly log: Logger;
  readonly limits?: EventLimits;
}

const reportingController = 'fairlead.dev/controller';
const timeoutMs = 5_000;
/** Beyond so many that wait, new ones are lost: Events are a help, and no record. */
const mostWaiting = 500;

const apiVersions: Readonly<Record<string, string>> = {
  EndpointSlice: 'discovery.k8s.io/v1',
  Ingress: 'networking.k8s.io/v1',
  IngressClass: 'networking.k8s.io/v1',
};

/**
 * Sends Kubernetes Events, slowly, while this process leads. The same note about the same object is one Event with a series,
 * also after a restart. Nothing depends on it: what cannot be sent is lost.
 */
export class EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #gate: RepeatGate;
  readonly #bucket: TokenBucket;
  readonly #waiting: { readonly note: EventNote; readonly count: number }[] = [];
  readonly #stop = new AbortController();
  readonly #pause = new Pause();
  #running: Promise<void> | undefined;
  #complaint = '';

  constructor(options: EventRecorderOptions) {
    const { limits = defaultEventLimits } = options;
    this.#options = options;
    this.#gate = new RepeatGate(limits);
    this.#bucket = new TokenBucket(limits, performance.now());
  }

  /** Takes notes over, to be sent soon. Never throws. */
  record(notes: readonly EventNote[]): void {
    if (this.#stop.signal.aborted || !this.#options.isLeader()) return;
    for (const note of notes) {
      if (this.#options.clientOf(note.about.source) === undefined || this.#waiting.length >= mostWaiting)
        continue;
      const { source, kind, namespace, name } = note.about;
      // Each port is told, and problems once for each code.
      const detail = note.type === 'Normal' ? note.note : '';
      const key = `${note.reason}|${source}|${kind}/${namespace}/${name}|${detail}`;
      const count = this.#gate.pass(key, performance.now());
      if (count > 0) this.#waiting.push({ note, count });
    }
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  /** Resolves when no request is under way. What waits is lost. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      for (let ms = this.#take(); ms > 0 && !signal.aborted; ms = this.#take())
        await this.#pause.wait(ms, signal);
      if (signal.aborted || !this.#options.isLeader()) {
        this.#waiting.length = 0;
        return;
      }
      try {
        await this.#send(next.note, next.count);
        this.#complaint = '';
      } catch (error) {
        this.#complain(error);
      }
    }
  }

  #take(): number {
    return this.#bucket.take(performance.now());
  }

  async #send(note: EventNote, count: number): Promise<void> {
    const { clientOf, uidOf } = this.#options;
    const client = clientOf(note.about.source);
    if (client === undefined) return;
    const request = { timeoutMs, signal: this.#stop.signal };
    const event = toEvent(note, uidOf(note.about), new Date());
    const { namespace, name } = event.metadata;
    const collection = `/apis/events.k8s.io/v1/namespaces/${namespace}/events`;
    try {
      await client.create(collection, event, request);
    } catch (error) {
      if (!(error instanceof KubeError) || error.status !== 409) throw error;
      const path = `${collection}/${name}`;
      const former = toSeriesCount(await client.getJson(path, request));
      const series = { count: former + count, lastObservedTime: event.eventTime };
      await client.patch(path, { series }, request);
    }
  }

  #complain(error: unknown): void {
    const detail = error instanceof KubeError ? `${error.status} ${error.reason}` : String(error);
    if (detail !== this.#complaint) this.#options.log.debug({ err: error }, 'an event cannot be sent');
    this.#complaint = detail;
  }
}

/** An Event of events.k8s.io/v1. The same note about the same object always has the same name. */
function toEvent({ type, reason, action, about, note }: EventNote, uid: string | undefined, now: Date) {
  const { source, kind, name } = about;
  // Events about what is in no namespace belong there.
  const namespace = about.namespace === '' ? 'default' : about.namespace;
  const identity = JSON.stringify([source, kind, name, uid, type, reason, note]);
  const hash = createHash('sha256').update(identity).digest('hex').slice(0, 16);
  return {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name: `${name.slice(0, 200)}.${hash}`, namespace },
    eventTime: now.toISOString().replace('Z', '000Z'),
    reportingController,
    reportingInstance: hostname().slice(0, 128),
    type,
    reason,
    action,
    note,
    regarding: {
      apiVersion: apiVersions[kind] ?? 'v1',
      kind,
      name,
      ...(about.namespace !== '' && { namespace }),
      ...(uid !== undefined && { uid }),
    },
  };
}

function toSeriesCount(event: RawObject): number {
  const { series } = event;
  const count = isObject(series) ? series['count'] : undefined;
  return typeof count === 'number' ? count : 1;
}
