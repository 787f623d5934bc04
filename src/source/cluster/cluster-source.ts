import type { Logger } from 'pino';
import { toProblem, type Problem } from '../../model/problem.ts';
import type { Observer } from '../../model/observer.ts';
import type { Source, SourceListener, SourceState } from '../source.ts';
import type { KindCondition } from '../../kubernetes/condition.ts';
import { KubeClient } from '../../kubernetes/kube-client.ts';
import { KubeError } from '../../kubernetes/kube-error.ts';
import type { ClusterPlace } from '../../kubernetes/kube-config.ts';
import { Reflector } from '../../kubernetes/reflector.ts';
import { ReturnProbe } from './return-probe.ts';
import { toSourceState } from './source-state.ts';
import { defaultTimings, type Timings } from '../../kubernetes/timings.ts';
import { OnePerTurn } from '../../lib/one-per-turn.ts';
import { watchedKinds } from '../../kinds/index.ts';
import type { WatchedKind } from '../../kinds/kind.ts';

export interface ClusterSettings extends ClusterPlace {
  readonly name: string;
  /** The namespaces to read; empty: all. Kinds without a namespace are always read. */
  readonly namespaces: readonly string[];
  readonly observer?: Pick<Observer, 'relisted' | 'watchRestarted'> | undefined;
}

/** A cluster as a source, with what is known of each kind that it follows. */
export interface ClusterSource extends Source {
  /** The connection, for writing back to the same cluster. It ends with `stop`. */
  readonly client: KubeClient;
  conditions(): readonly KindCondition[];
}

/** Reads a cluster, and follows its changes: all kinds that the table has for clusters, unless others are given. */
export function createClusterSource(
  settings: ClusterSettings,
  log: Logger,
  timings: Partial<Timings> = {},
  kinds: readonly WatchedKind[] = watchedKinds,
): ClusterSource {
  return new Cluster(settings, log, { ...defaultTimings, ...timings }, kinds);
}

class Cluster implements ClusterSource {
  readonly name: string;
  readonly client: KubeClient;
  readonly #log: Logger;
  readonly #timings: Timings;
  readonly #reflectors: readonly Reflector[];
  readonly #probe: ReturnProbe;
  #listener: SourceListener | undefined;
  #state: SourceState = { kind: 'starting', detail: '' };
  #problemKey = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(settings: ClusterSettings, log: Logger, timings: Timings, kinds: readonly WatchedKind[]) {
    this.name = settings.name;
    this.client = new KubeClient(settings);
    this.#log = log;
    this.#timings = timings;
    this.#reflectors = this.#toReflectors(settings, kinds);
    const { probeMs } = timings;
    this.#probe = new ReturnProbe({
      ask: (signal) =>
        this.client.request('/readyz', { signal, timeoutMs: probeMs }).catch(throwUnlessRefused),
      returned: () => this.#reflectors.forEach((reflector) => reflector.nudge()),
      everyMs: probeMs,
    });
  }

  start(listener: SourceListener): void {
    this.#listener = listener;
    this.#evaluate();
    for (const reflector of this.#reflectors) reflector.start();
  }

  async stop(): Promise<void> {
    this.#listener = undefined;
    clearTimeout(this.#timer);
    this.client.discovery.stop();
    await Promise.all([this.#probe.stop(), ...this.#reflectors.map((reflector) => reflector.stop())]);
    await this.client.close();
  }

  locate(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  conditions(): readonly KindCondition[] {
    return this.#reflectors.map((reflector) => reflector.condition);
  }

  #toReflectors(
    { name, namespaces, observer }: ClusterSettings,
    kinds: readonly WatchedKind[],
  ): readonly Reflector[] {
    const everywhere = [''];
    const turns = new OnePerTurn();
    const shared = { source: name, client: this.client, timings: this.#timings, turns, log: this.#log };
    return kinds.flatMap((kind) =>
      (kind.namespaced && namespaces.length > 0 ? namespaces : everywhere).map((namespace) => {
        const reflector: Reflector = new Reflector({
          ...shared,
          kind,
          namespace,
          observer,
          changed: (changes) => this.#listener?.changed(changes),
          conditionChanged: () => {
            if (reflector.condition.state === 'watching') this.#nudgeOthers(reflector);
            this.#evaluate();
          },
        });
        return reflector;
      }),
    );
  }

  // One kind got through, so the server is back: the others need not wait until their turn comes.
  #nudgeOthers(recovered: Reflector): void {
    for (const other of this.#reflectors) if (other !== recovered) other.nudge();
  }

  #evaluate(): void {
    const listener = this.#listener;
    if (listener === undefined) return;
    const now = performance.now();
    const views = this.#reflectors.map(({ condition, outSince }) => ({
      condition,
      outMs: outSince === undefined ? undefined : now - outSince,
    }));
    const { state, nextCheckMs } = toSourceState(views, this.#timings.staleMs, this.#state, new Date());
    clearTimeout(this.#timer);
    if (nextCheckMs !== undefined) this.#timer = setTimeout(() => this.#evaluate(), nextCheckMs);
    if (this.conditions().every((condition) => condition.state === 'retrying')) this.#probe.start();
    else void this.#probe.stop();
    this.#tell(() => this.#tellProblems(listener, state));
    if (isSame(state, this.#state)) return;
    this.#state = state;
    this.#tell(() => listener.state(state));
  }

  #tellProblems(listener: SourceListener, state: SourceState): void {
    const own = this.#toSourceProblems(state);
    const key = JSON.stringify([own, this.#reflectors.map((reflector) => reflector.problemRevision)]);
    if (key === this.#problemKey) return;
    this.#problemKey = key;
    listener.problems([...own, ...this.#reflectors.flatMap((reflector) => [...reflector.problems()])]);
  }

  #toSourceProblems(state: SourceState): readonly Problem[] {
    const isWell = state.kind === 'synced';
    const troubled = this.conditions().filter(({ unread }) => unread || !isWell);
    const subject = { source: this.name, kind: 'Source', namespace: '', name: this.name };
    const hints = new Map(troubled.map(({ detail, hint }) => [detail, hint]));
    hints.delete('');
    return [...hints].map(([message, hint]) => toProblem('source-unreadable', subject, { message, hint }));
  }

  // A listener that fails here misses a message, which the next one makes up for; the reflectors must go on.
  #tell(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#log.error({ err: error }, 'listener failed');
    }
  }
}

/** Who is not allowed to ask has been answered all the same. */
function throwUnlessRefused(error: unknown): void {
  if (!(error instanceof KubeError) || error.status < 400 || error.status >= 500) throw error;
}

function isSame(a: SourceState, b: SourceState): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
