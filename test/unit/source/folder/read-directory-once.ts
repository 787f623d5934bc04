import { resolve } from 'node:path';
import type { ObjectRef } from '../../../../src/model/object-ref.ts';
import type { SourceObject } from '../../../../src/model/objects.ts';
import type { FileLocation, Problem } from '../../../../src/model/problem.ts';
import { createDirectorySource } from '../../../../src/source/folder/folder-source.ts';

/** What a folder of manifests holds. */
export interface DirectoryContents {
  readonly objects: readonly SourceObject[];
  readonly problems: readonly Problem[];
  /** As `Source.locate`. */
  locate(ref: ObjectRef, field: string): Promise<FileLocation | undefined>;
}

/**
 * Reads a folder of manifests, or a single file, once. Never rejects: a folder that cannot be read is a problem. Messages
 * name files by the path as it is given here.
 */
export async function readDirectoryOnce(path: string, sourceName: string): Promise<DirectoryContents> {
  const source = createDirectorySource(sourceName, { path: resolve(path), shownAs: path, watch: false });
  const objects: SourceObject[] = [];
  let problems: readonly Problem[] = [];
  await new Promise<void>((done) => {
    source.start({
      changed: (changes) => {
        for (const change of changes) if (change.kind === 'set') objects.push(change.object);
      },
      problems: (list) => (problems = list),
      // The first state comes when all has been read, or nothing can be.
      state: () => done(),
    });
  });
  await source.stop();
  return { objects, problems, locate: (ref, field) => source.locate(ref, field) };
}
