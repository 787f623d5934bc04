import type { Logger } from 'pino';
import { toObjectKey, type ObjectKey } from '../model/object-ref.ts';
import type { GatewayObject, Ingress, Service, SourceObject } from '../model/objects.ts';
import type { LedgerState } from '../model/ports.ts';
import type { Problem } from '../model/problem.ts';
import { hidesParents, type UnreadBySource } from '../model/unread-kinds.ts';
import type { Settings } from '../settings/settings.ts';
import type { KubeClient } from '../kubernetes/kube-client.ts';
import type { AddressedFleet } from '../pipeline/addressed-fleet.ts';
import { ErrorShares } from './error-shares.ts';
import { EventRecorder } from './events/event-recorder.ts';
import { listTroubles, MigrationSteps } from './migration-steps.ts';
import { MissingRights } from './missing-rights.ts';
import { planPortEvents } from './events/plan-port-events.ts';
import { planWarnings } from './events/plan-warnings.ts';
import { isGatewayObject } from './plan/gateway-status.ts';
import { ClosedHosts } from './plan/closed-hosts.ts';
import { HolderProblems } from './plan/holder-problems.ts';
import { OwnObjects } from './plan/own-objects.ts';
import { PortConditions } from './plan/port-conditions.ts';
import { planWrites } from './plan/plan.ts';
import { PortHolders } from './plan/port-holders.ts';
import { ServedIngresses } from './plan/served-ingresses.ts';
import type { RebuiltState } from './rebuilt-state.ts';
import { Writer, type WriteObserver } from './writer.ts';

/** What Events were made of last. */
interface Recorded {
  readonly ports: LedgerState;
  /** The `metadata.uid` of each object that has a Warning. */
  readonly uids: ReadonlyMap<ObjectKey, string | undefined>;
}

export interface WriteBackOptions {
  readonly settings: Settings;
  /** By source; only clusters can be written to. */
  readonly clients: ReadonlyMap<string, KubeClient>;
  readonly isLeader: () => boolean;
  readonly observer?: WriteObserver | undefined;
  readonly log: Logger;
}

/**
 * Writes to the clusters what their users look for there: the allocated ports on Services, the addresses on Ingresses, and
 * Events. Always the difference between what should stand there and what does, and only of the objects that were touched.
 */
export class WriteBack {
  readonly #options: WriteBackOptions;
  readonly #sources: ReadonlySet<string>;
  readonly #writer: Writer;
  readonly #events: EventRecorder;
  readonly #served = new ServedIngresses();
  readonly #own = new OwnObjects();
  readonly #holderProblems = new HolderProblems();
  readonly #steps: MigrationSteps;
  #rebuilt: RebuiltState | undefined;
  /** The fleets whose addresses were planned last. */
  #fleets: readonly AddressedFleet[] | undefined;
  #whole: ReadonlySet<string> | undefined;
  #unread: UnreadBySource | undefined;
  readonly #holders: PortHolders;
  readonly #rights: ReadonlyMap<string, MissingRights>;
  #problemsChanged: (() => void) | undefined;
  /** Undefined while another replica writes Events. */
  #recorded: Recorded | undefined;

  constructor(options: WriteBackOptions) {
    const { settings, clients, isLeader, log } = options;
    this.#options = options;
    this.#sources = new Set(clients.keys());
    this.#holders = new PortHolders(settings.services);
    const clientOf = (source: string): KubeClient | undefined => clients.get(source);
    const changed = (): void => this.#problemsChanged?.();
    this.#rights = new Map([...clients.keys()].map((name) => [name, new MissingRights(name, changed)]));
    const shared = { isLeader, log, rights: this.#rights };
    this.#writer = new Writer({ ...shared, clientOf, observer: options.observer });
    this.#steps = new MigrationSteps({
      now: () => Date.now(),
      due: (services) => this.#goOn(services),
      errors: new ErrorShares({ urls: settings.fleets.flatMap(({ metrics = [] }) => metrics), log }),
      firstSource: settings.sources[0]?.name ?? '',
    });
    this.#events = new EventRecorder({ ...shared, settings, clients });
  }

  /** The rights that are missing, and moves whose plans wait, while this process leads. */
  get problems(): readonly Problem[] {
    // The answer to a request may come after the leadership has ended.
    if (!this.#options.isLeader()) return [];
    return [...[...this.#rights.values()].flatMap((rights) => rights.problems), ...this.#steps.problems];
  }

  /** Calls `changed` when the problems have changed. */
  onProblems(changed: () => void): void {
    this.#problemsChanged = changed;
  }

  /**
   * After a rebuild: plans what concerns the objects that were looked at again, and Events when they may be others.
   * @param changed Whether problems or ports have changed.
   */
  update(rebuilt: RebuiltState, units: ReadonlySet<ObjectKey>, changed: boolean): void {
    this.#rebuilt = rebuilt;
    this.#served.update(rebuilt, units);
    this.#own.update(rebuilt, units);
    if (!this.#options.isLeader()) {
      this.#recorded = undefined;
      return;
    }
    // What concerns all objects, though they have not changed themselves: the addresses that stand on them, or that they may be written to.
    const moved =
      rebuilt.fleets !== this.#fleets || rebuilt.whole !== this.#whole || rebuilt.unread !== this.#unread;
    const refused = changed ? this.#holderProblems.update(rebuilt.problems()) : [];
    const considered = new Set([...units, ...refused]);
    const objects = moved ? rebuilt.objects() : [...considered].flatMap((unit) => rebuilt.object(unit) ?? []);
    this.#steps.forget([...units].filter((unit) => rebuilt.object(unit) === undefined));
    this.#plan(rebuilt, objects, moved ? undefined : considered);
    const replaced = this.#holders.update(rebuilt, units);
    const isDue = changed || moved || replaced.size > 0 || this.#recorded === undefined;
    if (isDue || this.#haveReplacedObjects(rebuilt, units)) this.#recordEvents(rebuilt, replaced);
  }

  /** The leadership has begun or ended: everything is compared again. */
  lead(): void {
    const rebuilt = this.#rebuilt;
    this.#recorded = undefined;
    this.#events.reset();
    this.#steps.reset();
    for (const rights of this.#rights.values()) rights.clear();
    if (rebuilt === undefined || !this.#options.isLeader()) return;
    this.#plan(rebuilt, rebuilt.objects());
    this.#recordEvents(rebuilt);
  }

  async stop(): Promise<void> {
    this.#steps.reset();
    await Promise.all([this.#writer.stop(), this.#events.stop()]);
  }

  #plan(rebuilt: RebuiltState, objects: Iterable<SourceObject>, considered?: ReadonlySet<ObjectKey>): void {
    this.#fleets = rebuilt.fleets;
    this.#whole = rebuilt.whole;
    this.#unread = rebuilt.unread;
    const services: Service[] = [];
    const ingresses: Ingress[] = [];
    const answered: GatewayObject[] = [];
    for (const object of objects) {
      if (isGatewayObject(object) && !hidesParents(rebuilt.unread, object.meta.ref.source))
        answered.push(object);
      if (object.kind === 'Service') services.push(object);
      if (object.kind === 'Ingress') ingresses.push(object);
    }
    const waiting = JSON.stringify(this.#steps.problems);
    let troubles: ReadonlyMap<ObjectKey, Problem> | undefined;
    const findTrouble = (key: ObjectKey): Problem | undefined => {
      troubles ??= listTroubles(rebuilt.problems());
      return troubles.get(key);
    };
    const writes = planWrites({
      settings: { fleets: rebuilt.fleets, services: this.#options.settings.services },
      sources: new Set([...this.#sources].filter((source) => rebuilt.whole.has(source))),
      services,
      ingresses: ingresses.map(({ meta, addresses }) => ({
        ref: meta.ref,
        ...(meta.uid !== undefined && { uid: meta.uid }),
        addresses,
        fleets: rebuilt.fleetsOf(toObjectKey(meta.ref)),
        wasServed: this.#served.has(toObjectKey(meta.ref)),
      })),
      ledger: rebuilt.ledger,
      claimsOf: (service) => rebuilt.portClaimsOf(service),
      moves: (service) => this.#steps.plan(service, findTrouble),
      gateway: {
        controller: this.#options.settings.gateway.controller,
        fleets: rebuilt.fleets,
        objects: answered,
        statusOf: (object) => rebuilt.statusOf(object),
        attachedRoutes: (listener) => rebuilt.attachedRoutes(listener),
        isOwn: (object) => this.#own.has(object),
        isLed: (route, held) => rebuilt.isLed(route, held),
        closed: new ClosedHosts(() => rebuilt.problems()),
        ports: new PortConditions({
          fleets: rebuilt.fleets,
          ledger: rebuilt.ledger,
          claimsOf: (object) => rebuilt.portClaimsOf(object),
          problems: () => rebuilt.problems(),
        }),
      },
    });
    if (JSON.stringify(this.#steps.problems) !== waiting) this.#problemsChanged?.();
    this.#writer.submit(writes, considered);
  }

  /** The time of the present step of some moves is over. */
  #goOn(services: readonly ObjectKey[]): void {
    const rebuilt = this.#rebuilt;
    if (rebuilt === undefined || !this.#options.isLeader()) return;
    this.#plan(
      rebuilt,
      services.flatMap((key) => rebuilt.object(key) ?? []),
      new Set(services),
    );
  }

  /** Whether one of the objects was deleted and made again, with the same problems: their Events are about the former one. */
  #haveReplacedObjects(rebuilt: RebuiltState, units: ReadonlySet<ObjectKey>): boolean {
    const uids = this.#recorded?.uids ?? new Map<ObjectKey, string | undefined>();
    return [...units].some((unit) => uids.has(unit) && uids.get(unit) !== rebuilt.object(unit)?.meta.uid);
  }

  /** @param replaced Holders of ports behind which there is another Service now. */
  #recordEvents(rebuilt: RebuiltState, replaced?: ReadonlySet<ObjectKey>): void {
    const before = this.#recorded?.ports;
    if (before === undefined) this.#holders.begin(rebuilt);
    const uids = new Map<ObjectKey, string | undefined>();
    const warnings = planWarnings(rebuilt.problems(), (object) => {
      const uid = rebuilt.object(object)?.meta.uid;
      uids.set(object, uid);
      return uid;
    });
    const notices = before === undefined ? [] : planPortEvents(before, rebuilt, replaced);
    this.#recorded = { ports: rebuilt.lastAnnounced, uids };
    this.#events.record(warnings, notices, rebuilt.whole);
  }
}
