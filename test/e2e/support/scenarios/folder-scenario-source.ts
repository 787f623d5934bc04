import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../fairlead.ts';
import { toManifests, type ServiceManifest } from '../manifests.ts';
import { startWorld, type World, type WorldOptions } from '../world.ts';
import { requireWorld, type ScenarioSource } from './scenario-source.ts';

const podFile = 'traefik-daemonset/test.yaml';
const failed = 'ready: false, serving: false, terminating: false';

/** The folder of the examples, served without any configuration, as `npm start` does. */
export class FolderScenarioSource implements ScenarioSource {
  #world: World | undefined;

  get world(): World {
    return requireWorld(this.#world);
  }

  async start(around: Pick<WorldOptions, 'backends' | 'edges'>): Promise<void> {
    this.#world = await startWorld({ ...around, examples: true });
  }

  async stop(): Promise<void> {
    await this.#world?.stop();
  }

  toClusterIp(address: string): string {
    return address;
  }

  async put(service: ServiceManifest): Promise<void> {
    this.world.write(`${service.name}.yaml`, toManifests(service));
  }

  async remove({ name }: ServiceManifest): Promise<void> {
    this.world.remove(`${name}.yaml`);
  }

  async setPodReady(ready: boolean): Promise<void> {
    const text = readFileSync(join(projectRoot, 'examples', podFile), 'utf8');
    if (!text.includes(failed)) throw new Error(`no pod in ${podFile} has failed`);
    writeFileSync(join(this.world.folder, podFile), ready ? text.replace(failed, 'ready: true') : text);
  }
}
