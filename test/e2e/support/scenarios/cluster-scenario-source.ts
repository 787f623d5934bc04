import { Cleanup } from '../cleanup.ts';
import { startCluster, type Cluster } from '../cluster.ts';
import { readExampleObjects, toAllowedClusterIp } from '../example-objects.ts';
import { toManifests, type ServiceManifest } from '../manifests.ts';
import { startWorld, type World, type WorldOptions } from '../world.ts';
import { requireWorld, type ScenarioSource } from './scenario-source.ts';

/** A cluster of its own, into which the examples are written by kubectl. */
export class ClusterScenarioSource implements ScenarioSource {
  readonly #program: string;
  readonly #cleanup = new Cleanup();
  #cluster: Cluster | undefined;
  #world: World | undefined;

  /** @param program The API server, by `findApiServer`. */
  constructor(program: string) {
    this.#program = program;
  }

  get world(): World {
    return requireWorld(this.#world);
  }

  /** Throws before it is started. */
  get cluster(): Cluster {
    if (this.#cluster === undefined) throw new Error('the cluster of the scenarios has not been started');
    return this.#cluster;
  }

  async start(around: Pick<WorldOptions, 'backends' | 'edges'>): Promise<void> {
    this.#cluster = this.#cleanup.keep(await startCluster(this.#program));
    const config = toConfig(this.#cluster.kubeconfig);
    this.#world = this.#cleanup.keep(await startWorld({ ...around, config }));
    await this.cluster.apply(readExampleObjects());
  }

  stop(): Promise<void> {
    return this.#cleanup.run();
  }

  toClusterIp(address: string): string {
    return toAllowedClusterIp(address);
  }

  async put(service: ServiceManifest): Promise<void> {
    await this.cluster.apply(toManifests(service));
  }

  async remove(service: ServiceManifest): Promise<void> {
    await this.cluster.delete(toManifests(service));
  }

  async setPodReady(ready: boolean): Promise<void> {
    const patch = [{ op: 'replace', path: '/endpoints/1/conditions', value: { ready } }];
    const args = ['patch', 'endpointslice', 'test-www-1', '--type=json', '-p', JSON.stringify(patch)];
    await this.cluster.kubectl(...args);
  }
}

/** As `npm start` has it for the folder, besides where the objects and the ports are. */
function toConfig(kubeconfig: string): Readonly<Record<string, unknown>> {
  return {
    sources: [{ name: 'prod', kubernetes: { kubeconfig } }],
    fleets: [{ name: 'default', addresses: ['edge.example.com'] }],
    ingress: { unclassed: 'take' },
    services: { annotations: { expose: 'ingress=haproxy-ingress', allocated: 'haproxy-ingress/{port}' } },
    ledger: { configMap: 'fairlead-system/fairlead-ports' },
  };
}
