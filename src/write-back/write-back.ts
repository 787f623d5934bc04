import type { Logger } from 'pino';
import { toObjectKey, type ObjectKey } from '../model/object-ref.ts';
import type { Ingress, Service, SourceObject } from '../model/objects.ts';
import type { LedgerState } from '../model/ports.ts';
import type { Problem } from '../model/problem.ts';
import type { Settings } from '../settings/settings.ts';
import type { KubeClient } from '../source/cluster/kube-client.ts';
import type { AddressedFleet } from './addressed-fleet.ts';
import { EventRecorder } from './events.ts';
import { MissingRights } from './missing-rights.ts';
import { planEvents } from './plan-events.ts';
import { planWarnings, type Warnings } from './plan-warnings.ts';
import { planWrites } from './plan.ts';
import { PortHolders } from './port-holders.ts';
import { ServedIngresses } from './served-ingresses.ts';
import type { World } from './world.ts';
import { Writer } from './writer.ts';

interface Told {
  readonly warnings: Warnings;
  readonly ledger: LedgerState;
  /** The `metadata.uid` of each object that has a Warning. */
  readonly uids: ReadonlyMap<ObjectKey, string | undefined>;
}

export interface WriteBackOptions {
  readonly settings: Settings;
  /** By source; only clusters can be written to. */
  readonly clients: ReadonlyMap<string, KubeClient>;
  readonly isLeader: () => boolean;
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
  #world: World | undefined;
  /** The fleets whose addresses were planned last. */
  #fleets: readonly AddressedFleet[] | undefined;
  #whole: ReadonlySet<string> | undefined;
  readonly #holders: PortHolders;
  readonly #rights: ReadonlyMap<string, MissingRights>;
  #problemsChanged: (() => void) | undefined;
  /** What Events were made of last; undefined while another replica makes them. */
  #told: Told | undefined;

  constructor(options: WriteBackOptions) {
    const { settings, clients, isLeader, log } = options;
    this.#options = options;
    this.#sources = new Set(clients.keys());
    this.#holders = new PortHolders(settings.services);
    const clientOf = (source: string): KubeClient | undefined => clients.get(source);
    const changed = (): void => this.#problemsChanged?.();
    this.#rights = new Map([...clients.keys()].map((name) => [name, new MissingRights(name, changed)]));
    const shared = { isLeader, log, rights: this.#rights };
    this.#writer = new Writer({ ...shared, clientOf });
    const uidOf = (about: Problem['subject']): string | undefined =>
      this.#world?.object(toObjectKey(about))?.meta.uid;
    this.#events = new EventRecorder({ ...shared, settings, clients, uidOf });
  }

  /** The rights that are missing, while this process leads. */
  get problems(): readonly Problem[] {
    // The answer to a request may come after the leadership has ended.
    if (!this.#options.isLeader()) return [];
    return [...this.#rights.values()].flatMap((rights) => rights.problems);
  }

  /** Calls `changed` when the problems are others than before. */
  onProblems(changed: () => void): void {
    this.#problemsChanged = changed;
  }

  /** After a rebuild: plans what concerns the objects that were looked at again, and tells of problems and ports when there is news. */
  update(world: World, units: ReadonlySet<ObjectKey>, hasNews: boolean): void {
    this.#world = world;
    this.#served.note(world, units);
    if (!this.#options.isLeader()) {
      this.#told = undefined;
      return;
    }
    // What concerns all objects, though they have not changed themselves: the addresses that stand on them, or that they may be written to.
    const moved = world.fleets !== this.#fleets || world.whole !== this.#whole;
    const objects = moved ? world.objects() : [...units].flatMap((unit) => world.object(unit) ?? []);
    this.#plan(world, objects, moved ? undefined : units);
    const others = this.#holders.note(world, units);
    if (hasNews || moved || others.size > 0 || this.#told === undefined || this.#isReplaced(world, units))
      this.#tell(world, others);
  }

  /** The leadership has begun or ended: everything is compared anew. */
  lead(): void {
    const world = this.#world;
    this.#told = undefined;
    this.#events.reset();
    for (const rights of this.#rights.values()) rights.clear();
    if (world === undefined || !this.#options.isLeader()) return;
    this.#plan(world, world.objects());
    this.#tell(world);
  }

  async stop(): Promise<void> {
    await Promise.all([this.#writer.stop(), this.#events.stop()]);
  }

  #plan(world: World, objects: Iterable<SourceObject>, considered?: ReadonlySet<ObjectKey>): void {
    this.#fleets = world.fleets;
    this.#whole = world.whole;
    const services: Service[] = [];
    const ingresses: Ingress[] = [];
    for (const object of objects) {
      if (object.kind === 'Service') services.push(object);
      if (object.kind === 'Ingress') ingresses.push(object);
    }
    const writes = planWrites({
      settings: { fleets: world.fleets, services: this.#options.settings.services },
      sources: new Set([...this.#sources].filter((source) => world.whole.has(source))),
      services,
      ingresses: ingresses.map(({ meta, addresses }) => ({
        ref: meta.ref,
        ...(meta.uid !== undefined && { uid: meta.uid }),
        addresses,
        fleets: world.fleetsOf(toObjectKey(meta.ref)),
        wasServed: this.#served.has(toObjectKey(meta.ref)),
      })),
      ledger: world.ledger,
    });
    this.#writer.submit(writes, considered);
  }

  /** Whether one of the objects was deleted and made again, with the same problems: their Events are about the former one. */
  #isReplaced(world: World, units: ReadonlySet<ObjectKey>): boolean {
    const uids = this.#told?.uids ?? new Map<ObjectKey, string | undefined>();
    return [...units].some((unit) => uids.has(unit) && uids.get(unit) !== world.object(unit)?.meta.uid);
  }

  /** @param others Holders of ports that are others than before. */
  #tell(world: World, others?: ReadonlySet<string>): void {
    const { ledger, whole } = world;
    if (this.#told === undefined) this.#holders.begin(world);
    const uids = new Map<ObjectKey, string | undefined>();
    const uidOf = (object: ObjectKey): string | undefined => {
      const uid = world.object(object)?.meta.uid;
      uids.set(object, uid);
      return uid;
    };
    const warnings = planWarnings(world.problems(), uidOf, this.#told?.warnings);
    const news = this.#told === undefined ? [] : planEvents(this.#told.ledger, ledger, others);
    this.#told = { warnings, ledger, uids };
    this.#events.record({ warnings, news, whole });
  }
}
