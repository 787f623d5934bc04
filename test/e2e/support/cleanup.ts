import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type Undo = () => void | Promise<void>;

/** What must be undone, newest first, whatever happens in between. */
export class Cleanup {
  readonly #undos: Undo[] = [];

  /** Registers a step; the last one registered is done first. */
  add(undo: Undo): void {
    this.#undos.push(undo);
  }

  /** Registers the `stop` of a thing, and returns the thing. */
  keep<T extends { stop(): Promise<void> }>(thing: T): T {
    this.add(() => thing.stop());
    return thing;
  }

  /** Does all steps, even when some fail; then throws the first failure. May be called again: what is done stays done. */
  async run(): Promise<void> {
    const failures: unknown[] = [];
    for (let undo = this.#undos.pop(); undo !== undefined; undo = this.#undos.pop()) {
      try {
        await undo();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}

const folders = new Set<string>();

function removeFolder(path: string): void {
  folders.delete(path);
  rmSync(path, { recursive: true, force: true });
}

process.once('exit', () => folders.forEach(removeFolder));

/** A new temporary folder; removed by `remove`, or else when this process exits. */
export function makeTempFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'fairlead-e2e-'));
  folders.add(path);
  return { path, remove: () => removeFolder(path) };
}
