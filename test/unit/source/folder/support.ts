import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect } from 'vitest';
import { toObjectPath } from '../../../../src/model/object-ref.ts';
import type { SourceObject } from '../../../../src/model/objects.ts';
import type { Problem } from '../../../../src/model/problem.ts';
import type { Change } from '../../../../src/model/snapshot.ts';
import { createDirectorySource, type DirectoryTiming } from '../../../../src/source/folder/folder-source.ts';
import type { Source, SourceState } from '../../../../src/source/source.ts';

const cleanUps: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

/** A new folder, removed after the test. */
export async function createFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-test-'));
  cleanUps.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** What a started source has reported so far. */
export interface Watching {
  readonly source: Source;
  readonly objects: Map<string, SourceObject>;
  readonly batches: (readonly Change[])[];
  readonly states: SourceState[];
  problems: readonly Problem[];
  codes(): string[];
}

/** Starts a source on a folder; it is stopped after the test. */
export function watchFolder(path: string, timing: Partial<DirectoryTiming> = {}, watch = true): Watching {
  const source = createDirectorySource('vms', { path, shownAs: 'vms', watch, timing });
  const watching: Watching = {
    source,
    objects: new Map(),
    batches: [],
    states: [],
    problems: [],
    codes: () => watching.problems.map(({ code }) => code),
  };
  source.start({
    changed(changes) {
      watching.batches.push(changes);
      for (const change of changes) {
        if (change.kind === 'set') watching.objects.set(toObjectPath(change.object.meta.ref), change.object);
        else expect(watching.objects.delete(toObjectPath(change.ref))).toBe(true);
      }
    },
    problems: (problems) => (watching.problems = problems),
    state: (state) => watching.states.push(state),
  });
  cleanUps.push(() => source.stop());
  return watching;
}

/** Starts a source and waits until it has read its folder. */
export async function watchSynced(path: string, timing: Partial<DirectoryTiming> = {}): Promise<Watching> {
  const watching = watchFolder(path, timing);
  await until(() => watching.states.at(-1)?.kind === 'synced');
  return watching;
}

/** Waits until something holds; fails after fifteen seconds: a busy machine is slow. */
export async function until(holds: () => boolean): Promise<void> {
  const end = performance.now() + 15_000;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`never came true: ${holds.toString()}`);
    await pause(2);
  }
}

/** Watches the event loop; the function that it gives ends that, and says for how many milliseconds it stood still at most. */
export function watchStalls(): () => number {
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 1);
  return () => {
    clearInterval(timer);
    return longest;
  };
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** A Service as YAML. */
export function serviceYaml(name: string, port = 80): string {
  return `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\nspec:\n  ports:\n    - port: ${port}\n`;
}

export function portOf(watching: Watching, name: string): number | undefined {
  const object = watching.objects.get(`Service/default/${name}`);
  return object?.kind === 'Service' ? object.ports[0]?.port : undefined;
}
