import type { ApiServer } from './apiserver.ts';
import type { Random } from './random.ts';
import { toObjects, type askers } from './tenant-objects.ts';

/** A Service that a tenant has in the cluster, as the tenant last wrote it, with what asks in its place. */
export interface Tenant {
  readonly name: string;
  /** What asks for pool ports; default the Service. */
  readonly by?: (typeof askers)[number];
  /** Its ports, each of which the backend listens on. */
  readonly ports: readonly number[];
  /** Whether it asks for pool ports. */
  readonly exposed: boolean;
  /** The pool port asked for by number for its first port. */
  readonly requested?: number;
  readonly address: string;
}

export const namespace = 'tenants';
/** What the backends listen on. */
export const backendPorts = [3306, 5432] as const;
export const backendAddresses = Array.from({ length: 12 }, (_, index) => `10.244.0.${index + 1}`);
/** The first ports of the pool, and one outside. */
const directives = [20_000, 20_001, 20_002, 20_003, 19_999];

/** The tenants of a cluster, and the random things that they do. Those whose names are in `untouched` do nothing. */
export class Tenants {
  readonly all = new Map<string, Tenant>();
  /** Who did something since the last call of `takeTouched`. */
  #touched = new Set<string>();
  readonly #server: () => ApiServer;
  readonly #random: Random;
  readonly #namespace: string;
  readonly #askers: readonly NonNullable<Tenant['by']>[];

  /** What tenants ask by is one of `by`. All but Services need `toSharedGateway`. */
  constructor(
    server: () => ApiServer,
    random: Random,
    of: string = namespace,
    by: readonly NonNullable<Tenant['by']>[] = ['Service'],
  ) {
    this.#server = server;
    this.#random = random;
    this.#namespace = of;
    this.#askers = by;
  }

  takeTouched(): ReadonlySet<string> {
    const touched = this.#touched;
    this.#touched = new Set();
    return touched;
  }

  /** Makes one, or changes it. */
  async put(tenant: Tenant): Promise<void> {
    const former = this.all.get(tenant.name);
    this.all.set(tenant.name, tenant);
    this.#touched.add(tenant.name);
    const objects = toObjects(this.#namespace, tenant);
    const gone = (former === undefined ? [] : toObjects(this.#namespace, former)).filter(
      ({ kind, metadata }) =>
        !objects.some((each) => each.kind === kind && each.metadata.name === metadata.name),
    );
    await this.#server().delete(...gone);
    await this.#server().apply(...objects);
  }

  async remove(name: string): Promise<void> {
    const tenant = this.all.get(name);
    if (tenant === undefined) return;
    this.all.delete(name);
    this.#touched.add(name);
    await this.#server().delete(...toObjects(this.#namespace, tenant));
  }

  /** One of the others does something; returns what, for the log. */
  async act(names: readonly string[]): Promise<string> {
    const name = this.#random.pick(names);
    const tenant = this.all.get(name);
    if (tenant === undefined) {
      await this.put(this.#invent(name));
      return `${name} comes`;
    }
    const { requested: former, ...unasked } = tenant;
    switch (this.#random.below(6)) {
      case 0:
        await this.remove(name);
        return `${name} goes`;
      case 1:
        await this.remove(name);
        await this.put(this.#invent(name));
        return `${name} goes and comes again`;
      case 2:
        await this.put({ ...tenant, exposed: !tenant.exposed });
        return `${name} ${tenant.exposed ? 'stops asking' : 'asks'} for ports`;
      case 3: {
        const requested = this.#random.pick(directives);
        await this.put(former === undefined ? { ...tenant, requested } : unasked);
        return `${name} ${former === undefined ? `requests ${requested}` : `does not request ${former} any more`}`;
      }
      case 4:
        await this.put({ ...tenant, ports: this.#random.pick([[3306], [5432], [3306, 5432]]) });
        return `${name} has other ports`;
      default:
        await this.put({ ...tenant, address: this.#random.pick(backendAddresses) });
        return `${name} moves`;
    }
  }

  #invent(name: string): Tenant {
    const by = this.#random.pick(this.#askers);
    const ports = this.#random.pick([[3306], [3306, 5432]]);
    const requested = this.#random.below(4) === 0 ? { requested: this.#random.pick(directives) } : {};
    return { name, by, ports, exposed: true, address: this.#random.pick(backendAddresses), ...requested };
  }
}
