import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toManifests } from '../../manifests.ts';
import type { Random } from '../../random.ts';
import { backendAddresses } from '../../tenants.ts';

/** How many files there are at most. */
const files = 12;

/** A folder of manifests, with a Service in each file. The model is what was written last: who removes the folder writes it all again. */
export class ManifestFolder {
  readonly path: string;
  readonly #random: Random;
  readonly #exposes: boolean;
  readonly #texts = new Map<string, string>();

  /** @param exposes Whether its Services ask for pool ports as well. */
  constructor(path: string, random: Random, exposes: boolean) {
    this.path = path;
    this.#random = random;
    this.#exposes = exposes;
  }

  /** Somebody writes, replaces or deletes one of the files. */
  edit(): void {
    const name = this.pick();
    if (this.#texts.has(name) && this.#random.below(4) === 0) {
      this.#texts.delete(name);
      rmSync(join(this.path, name), { force: true });
    } else this.put(name, this.toText(name));
  }

  pick(): string {
    return `vm-${this.#random.below(files)}.yaml`;
  }

  /** In one go. */
  put(name: string, text: string): void {
    this.#texts.set(name, text);
    const partial = join(this.path, `.${name}.new`);
    writeFileSync(partial, text);
    renameSync(partial, join(this.path, name));
  }

  /** It was written by somebody else. */
  wrote(name: string, text: string): void {
    this.#texts.set(name, text);
  }

  /** What the file of this name may say next. */
  toText(name: string): string {
    const service = name.replace(/\.yaml$/, '');
    return toManifests({
      namespace: 'vms',
      name: service,
      annotations: {
        'fairlead.dev/host': `${service}-${this.#random.below(3)}.test`,
        ...(this.#exposes && this.#random.below(2) === 0 && { 'fairlead.dev/expose': 'db' }),
      },
      ports: [
        { name: 'http', port: 8080 },
        { name: 'db', port: 3306 },
      ],
      addresses: [this.#random.pick(backendAddresses)],
    });
  }

  /** Removes it with all that is in it. */
  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  /** Makes it again, with what was in it. */
  restore(): void {
    mkdirSync(this.path, { recursive: true });
    for (const [name, text] of this.#texts) this.put(name, text);
  }
}
