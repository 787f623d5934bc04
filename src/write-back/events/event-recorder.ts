import type { Logger } from 'pino';
import type { Subject } from '../../model/problem.ts';
import type { Settings } from '../../settings/settings.ts';
import type { KubeClient } from '../../kubernetes/kube-client.ts';
import { ClusterEvents } from './cluster-events.ts';
import { defaultEventLimits, type EventLimits } from './event-limits.ts';
import { toShortHash } from './event.ts';
import { MissingRights } from '../missing-rights.ts';
import type { EventNote } from './plan-events.ts';
import type { Warning, Warnings } from './plan-warnings.ts';

export interface EventRecorderOptions {
  readonly settings: Pick<Settings, 'leaderElection' | 'sources'>;
  /** By source; only clusters have Events. */
  readonly clients: ReadonlyMap<string, KubeClient>;
  readonly uidOf: (about: Subject) => string | undefined;
  readonly isLeader: () => boolean;
  /** By source. */
  readonly rights: ReadonlyMap<string, MissingRights>;
  readonly log: Logger;
  readonly limits?: Partial<EventLimits>;
}

/** What is to be told now. */
export interface Tidings {
  /** All Warnings that should be there. */
  readonly warnings: Warnings;
  readonly news: readonly EventNote[];
  /** The sources of which all is known: of others it cannot be said which Warnings are out of date. */
  readonly whole: ReadonlySet<string>;
}

const none: ReadonlyMap<string, Warning> = new Map();

/**
 * Writes Kubernetes Events, slowly, while this process leads: Warnings, which are there for as long as what they tell, and
 * news, which stays. Each cluster by itself. Nothing depends on it.
 */
export class EventRecorder {
  readonly #isLeader: () => boolean;
  readonly #clusters: ReadonlyMap<string, ClusterEvents>;

  constructor({ settings, clients, rights, limits, log, ...shared }: EventRecorderOptions) {
    this.#isLeader = shared.isLeader;
    const { namespace, name } = settings.leaderElection.lease;
    const toCluster = (source: string, client: KubeClient): ClusterEvents => {
      const place = settings.sources.find((each) => each.name === source);
      return new ClusterEvents({
        ...shared,
        client,
        namespaces: place !== undefined && 'kubernetes' in place ? place.kubernetes.namespaces : [],
        // The replicas that share a Lease are one author.
        author: toShortHash([namespace, name, source]),
        rights: rights.get(source) ?? new MissingRights(source, () => undefined),
        log: log.child({ source }),
        limits: { ...defaultEventLimits, ...limits },
      });
    };
    this.#clusters = new Map([...clients].map(([source, client]) => [source, toCluster(source, client)]));
  }

  /** Takes over what is to be told. Costs little for Warnings that are the same as the last time. Never throws. */
  record({ warnings, news, whole }: Tidings): void {
    if (!this.#isLeader()) return;
    for (const [source, cluster] of this.#clusters) {
      if (whole.has(source)) cluster.want(warnings.get(source) ?? none);
    }
    for (const note of news) this.#clusters.get(note.about.source)?.tell(note);
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
