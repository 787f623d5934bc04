import type { Logger } from 'pino';
import type { KubeClient } from '../../kubernetes/kube-client.ts';
import type { Settings } from '../../settings/settings.ts';
import { MissingRights } from '../missing-rights.ts';
import { ClusterEvents, type EventLimits } from './cluster-events.ts';
import { toAuthor, type EventContent } from './event.ts';
import type { Warnings } from './plan-warnings.ts';

export interface EventRecorderOptions {
  readonly settings: Pick<Settings, 'leaderElection' | 'sources'>;
  /** By source; only clusters have Events. */
  readonly clients: ReadonlyMap<string, KubeClient>;
  readonly isLeader: () => boolean;
  /** By source. */
  readonly rights: ReadonlyMap<string, MissingRights>;
  readonly log: Logger;
  readonly limits?: Partial<EventLimits>;
}

const defaultLimits: EventLimits = {
  burst: 25,
  perSecond: 5,
  changeMs: 5_000,
  settleMs: 2_000,
  retryMs: 600_000,
  // By default the server forgets them after an hour: the second list comes soon after that.
  refreshMs: 32 * 60_000,
  repeatMs: 300_000,
  maxNotices: 500,
};

/** Writes Kubernetes Events while this process leads, in each cluster by itself. Nothing depends on it. */
export class EventRecorder {
  readonly #isLeader: () => boolean;
  readonly #clusters: ReadonlyMap<string, ClusterEvents>;

  constructor({ settings, clients, isLeader, rights, limits, log }: EventRecorderOptions) {
    this.#isLeader = isLeader;
    const toCluster = (source: string, client: KubeClient): ClusterEvents => {
      const place = settings.sources.find(({ name }) => name === source);
      return new ClusterEvents({
        client,
        isLeader,
        namespaces: place !== undefined && 'kubernetes' in place ? place.kubernetes.namespaces : [],
        author: toAuthor(settings.leaderElection.lease, source),
        rights: rights.get(source) ?? new MissingRights(source, () => undefined),
        log: log.child({ source }),
        limits: { ...defaultLimits, ...limits },
      });
    };
    this.#clusters = new Map([...clients].map(([source, client]) => [source, toCluster(source, client)]));
  }

  /**
   * Takes over all Warnings that should be there now, and notices that stay. Never throws.
   * @param whole The sources of which all is known: of others it cannot be said which Warnings are out of date.
   */
  record(warnings: Warnings, notices: readonly EventContent[], whole: ReadonlySet<string>): void {
    if (!this.#isLeader()) return;
    for (const [source, cluster] of this.#clusters)
      if (whole.has(source)) cluster.want(warnings.get(source) ?? []);
    for (const notice of notices) this.#clusters.get(notice.about.source)?.notify(notice);
  }

  /** The leadership has begun or ended. */
  reset(): void {
    for (const cluster of this.#clusters.values()) cluster.reset();
  }

  /** Resolves when no request is under way. */
  async stop(): Promise<void> {
    await Promise.all([...this.#clusters.values()].map((cluster) => cluster.stop()));
  }
}
