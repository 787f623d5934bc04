import type { ServiceManifest } from '../manifests.ts';
import type { World, WorldOptions } from '../world.ts';

/** Where the objects of ./examples are served from. It is all that differs between two runs of the scenarios. */
export interface ScenarioSource {
  /** What `start` has started; throws before. */
  readonly world: World;
  /** Starts a Fairlead that serves the examples from here. They may reach the edges a moment later. */
  start(around: Pick<WorldOptions, 'backends' | 'edges'>): Promise<void>;
  stop(): Promise<void>;
  /** Where the Service of the examples with this cluster IP has it here. */
  toClusterIp(address: string): string;
  /** Writes a Service with its endpoints as a user would, a new one or over an older one. */
  put(service: ServiceManifest): Promise<void>;
  remove(service: ServiceManifest): Promise<void>;
  /** Makes the second pod of `test-www`, which has failed its probe in the examples, ready; or lets it fail again. */
  setPodReady(ready: boolean): Promise<void>;
}

/** Throws when the world has not been started. */
export function requireWorld(world: World | undefined): World {
  if (world === undefined) throw new Error('the world of the scenarios has not been started');
  return world;
}
