import { Cleanup, makeTempFolder } from './cleanup.ts';
import { configMaps, LeaderTaskEffects, events, lease, leases } from './leader-task-effects.ts';
import {
  config,
  db,
  endpoints,
  greedy,
  large,
  late,
  modest,
  secret,
  toIngress,
} from './leader-task-objects.ts';
import { gatewayObjects, gatewayPaths } from './leader-task-gateways.ts';
import { eventually } from './eventually.ts';
import { startFairlead, type Fairlead } from './fairlead.ts';
import { toText, user, type GuardedCluster } from './guarded-cluster.ts';

/** Everything that Fairlead does in a cluster besides serving. Each step rejects as soon as a request of it is denied. */
export class LeaderTasks {
  readonly #cluster: GuardedCluster;
  readonly #effects: LeaderTaskEffects;
  readonly #cleanup = new Cleanup();
  #leader: Fairlead | undefined;

  constructor(cluster: GuardedCluster) {
    this.#cluster = cluster;
    this.#effects = new LeaderTaskEffects(cluster.client);
  }

  /** Makes the objects again; ledger, Lease and Events are gone, and what Fairlead writes first meets a conflict. */
  async prepare(): Promise<void> {
    const { server, client } = this.#cluster;
    await server.rig('reset');
    await Promise.all([configMaps, leases, events].map((each) => client.delete(each)));
    // Those that were written back to. Some are not there yet.
    for (const object of [db, late, toIngress('fairlead'), ...gatewayObjects])
      await server.delete(object).catch(() => undefined);
    await server.apply(db, endpoints, secret, toIngress('fairlead'), greedy, large);
    await server.apply(...gatewayObjects);
    for (const { plural } of gatewayPaths)
      await this.#fail({ verb: 'patch', resource: `${plural}/status`, status: 409 });
    await this.#fail({ verb: 'patch', resource: 'services', status: 409 });
    await this.#fail({ verb: 'patch', resource: 'ingresses/status', status: 409 });
  }

  /** One Fairlead does it all, from a start without ledger and Lease. */
  async doAll(): Promise<void> {
    const { server } = this.#cluster;
    const effects = this.#effects;
    this.#leader = await this.#start();
    await this.#until('ports are written back', async () => {
      return (await effects.hasPort(db)) && (await effects.hasPort(large));
    });
    await this.#until('the Ingress has an address', () => effects.hasAddress());
    await this.#until('the objects of the Gateway API are answered', () => effects.hasAnswers());
    await this.#until('there is an Event', () => effects.hasWarning());
    await server.apply(modest);
    await this.#until('the Event is gone', async () => !(await effects.hasWarning()));
    // A part of the ledger whose answer is lost is written again.
    await this.#fail({ verb: 'create', resource: 'configmaps', status: 504, applied: true });
    await server.apply(late, toIngress('other'));
    await this.#until('more ports are written back', () => effects.hasPort(late));
    await this.#until('the Ingress has no address', async () => !(await effects.hasAddress()));
    await this.#until('the ledger is tidy', () => effects.isTidy());
    const { renewTime } = await effects.readLease();
    await this.#until('the Lease is renewed', async () => {
      return (await effects.readLease()).renewTime !== renewTime;
    });
  }

  /** Another one follows, takes over when the first one dies, clears what that one wrote, and gives the Lease back. */
  async handOver(): Promise<void> {
    const effects = this.#effects;
    const { server } = this.#cluster;
    await server.apply(greedy);
    await this.#until('there is an Event again', () => effects.hasWarning());
    const { holderIdentity } = await effects.readLease();
    const second = await this.#start();
    await this.#leader?.crash();
    await server.apply(modest);
    // Fifteen seconds are the others' patience; nothing is proven by waiting for them.
    await this.#cluster.client.patch(lease, { spec: { leaseDurationSeconds: 1 } });
    await this.#until('another one leads', async () => {
      return (await effects.readLease()).holderIdentity !== holderIdentity;
    });
    await this.#until('its Event is gone, too', async () => !(await effects.hasWarning()));
    await second.stop();
    await this.#until('the Lease is given back', async () => {
      return (await effects.readLease()).holderIdentity === '';
    });
  }

  stop(): Promise<void> {
    return this.#cleanup.run();
  }

  async #start(): Promise<Fairlead> {
    const folder = makeTempFolder();
    this.#cleanup.add(() => folder.remove());
    const { kubeconfig } = this.#cluster;
    const fairlead = await startFairlead({ cwd: folder.path, config: config(kubeconfig), ready: false });
    this.#cleanup.add(() => fairlead.crash());
    const isReady = async (): Promise<boolean> => (await fetch(`${fairlead.adminUrl}/readyz`)).ok;
    await this.#until('Fairlead is ready', isReady).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${fairlead.logs().slice(-4_000)}`, { cause: error });
    });
    return fairlead;
  }

  /** The next such request of Fairlead fails. */
  #fail(how: Readonly<Record<string, string | number | boolean>>): Promise<unknown> {
    return this.#cluster.server.rig('fail', { ...how, user });
  }

  async #until(what: string, attempt: () => Promise<boolean>): Promise<void> {
    let denied: readonly string[] = [];
    const look = async (): Promise<boolean> => {
      denied = [...new Set((await this.#cluster.access()).denied.map(toText))];
      return denied.length === 0 && (await attempt());
    };
    await eventually(what, 15_000, look, () =>
      denied.length > 0 ? `denied: ${denied.join(', ')}.` : undefined,
    );
  }
}
