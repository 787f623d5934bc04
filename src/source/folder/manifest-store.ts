import { join } from 'node:path';
import { compareText, toObjectPath, type ObjectRef } from '../../model/object-ref.ts';
import { toProblem, type FileLocation, type Problem } from '../../model/problem.ts';
import type { SourceObject } from '../../model/objects.ts';
import type { Change } from '../../model/snapshot.ts';
import { createTimeSlice } from '../../lib/time-slice.ts';
import { Catalog, toEntryKey, type Claim } from './catalog.ts';
import type { ScannedFile, UnreadablePart } from './folder-scan.ts';
import {
  readLines,
  readManifestFile,
  toFileProblem,
  type FileReading,
  type ManifestEntry,
  type ManifestFileName,
} from './manifest-file.ts';
import type { LineAndColumn } from '../../lib/text-lines.ts';

/** A look at the folder, or at some files of it. */
export interface Look {
  readonly files: readonly ScannedFile[];
  /** Files that are not there. */
  readonly gone: readonly string[];
  /** Whether unchanged files are read all the same: a watcher has named them. */
  readonly named: boolean;
}

/** The stamp of a look, or `gone`, and when it was seen first, on the clock of `performance.now`. */
interface Doubt {
  readonly stamp: string;
  readonly since: number;
}

interface FileState {
  /** Of the content that `entries` and `problems` come from. */
  readonly stamp: string;
  readonly entries: readonly ManifestEntry[];
  readonly problems: readonly Problem[];
  /** Set while a look that takes something away waits to be confirmed. */
  readonly doubt?: Doubt;
  /** Where each entry starts; found when it is first needed. */
  lines?: readonly LineAndColumn[];
}

/** A file that was written this shortly before it was read may be written again without a sign: clocks of file systems are coarse. */
const coarseMs = 50;

/** The last good state of every file of a folder, and what follows from it. */
export class ManifestStore {
  readonly #source: string;
  readonly #root: string;
  readonly #shownRoot: string;
  readonly #files = new Map<string, FileState>();
  readonly #catalog = new Catalog();
  #unreadable: readonly UnreadablePart[] = [];

  constructor(source: string, root: string, shownRoot: string) {
    this.#source = source;
    this.#root = root;
    this.#shownRoot = shownRoot;
  }

  /** Files in doubt: a change that breaks a file or takes objects away is believed when it has stood for a moment. */
  get doubted(): readonly string[] {
    return [...this.#files].flatMap(([path, state]) => (state.doubt === undefined ? [] : [path]));
  }

  /** What a whole scan makes of the files that are known but were not seen: those in parts that cannot be read stay. */
  toGone(seen: readonly ScannedFile[], unreadable: readonly UnreadablePart[]): readonly string[] {
    this.#unreadable = unreadable;
    const there = new Set(seen.map(({ path }) => path));
    const isHidden = (path: string): boolean =>
      unreadable.some((part) => path === part.path || path.startsWith(`${part.path}/`));
    return [...this.#files.keys()].filter((path) => !there.has(path) && !isHidden(path));
  }

  /** Reads what has changed. A loss is believed when it has stood for `confirmMs`. Ends early when `stopped` says so. */
  async update(look: Look, confirmMs: number, stopped: () => boolean): Promise<void> {
    const breathe = createTimeSlice();
    for (const path of look.gone) this.#drop(path, confirmMs);
    for (const file of look.files) {
      if (stopped()) return;
      const state = this.#files.get(file.path);
      if (!look.named && state?.stamp === file.stamp && state.doubt === undefined) continue;
      const readAt = Date.now();
      const name = this.#toName(file.path);
      const reading = await readManifestFile(name, state?.entries ?? [], breathe);
      const settled = readAt - file.modifiedMs > coarseMs;
      this.#unreadable = this.#unreadable.filter((part) => part.path !== file.path);
      if (reading.kind === 'gone') this.#drop(file.path, confirmMs);
      else this.#take(file, reading, confirmMs, settled);
      await breathe();
    }
  }

  takeChanges(): readonly Change[] {
    return this.#catalog.takeChanges();
  }

  objects(): readonly SourceObject[] {
    return this.#catalog.objects();
  }

  /** All problems of the files, in the order of their places. */
  async problems(): Promise<readonly Problem[]> {
    const problems = this.#unreadable.map(({ path, reason }) => {
      const hint = 'Let the user that Fairlead runs as read it.';
      const name = { shown: join(this.#shownRoot, path), source: this.#source };
      return toFileProblem(
        'source-unreadable',
        name,
        `This part of the folder cannot be read (${reason}).`,
        hint,
      );
    });
    for (const state of this.#files.values()) problems.push(...state.problems);
    for (const claims of this.#catalog.repeated()) problems.push(...(await this.#toDuplicates(claims)));
    return problems.sort(byLocation);
  }

  /** Where an object, or the nearest existing part of one of its fields, stands in the files as they are now. */
  async locate(ref: ObjectRef, field: string): Promise<FileLocation | undefined> {
    const claim = this.#catalog.find(ref);
    if (claim === undefined) return undefined;
    const name = this.#toName(claim.file);
    const [at] = (await readLines(name, [claim.entry.place], field, createTimeSlice())) ?? [];
    return at && { file: name.shown, ...at };
  }

  #toName(path: string): ManifestFileName {
    return { absolute: join(this.#root, path), shown: join(this.#shownRoot, path), source: this.#source };
  }

  #take(
    file: ScannedFile,
    reading: Exclude<FileReading, { kind: 'gone' }>,
    confirmMs: number,
    settled: boolean,
  ): void {
    const former = this.#files.get(file.path) ?? { stamp: '', entries: [], problems: [] };
    const less = reading.kind === 'broken' || losesObjects(former.entries, reading.entries);
    if (former.doubt?.stamp === 'gone') this.#catalog.setFading(file.path, false, former.entries);
    if (less && !isOver(former.doubt, file.stamp, confirmMs)) {
      this.#files.set(file.path, { ...former, doubt: toDoubt(former.doubt, file.stamp) });
      return;
    }
    const problems = reading.kind === 'broken' ? [reading.problem] : reading.problems;
    const entries = reading.kind === 'broken' ? former.entries : reading.entries;
    const isUnreadable = reading.kind === 'broken' && reading.problem.code === 'source-unreadable';
    // An empty stamp equals none: such a file is read again at the next whole scan.
    this.#files.set(file.path, { stamp: settled && !isUnreadable ? file.stamp : '', entries, problems });
    if (entries !== former.entries) this.#catalog.replace(file.path, former.entries, entries);
  }

  #drop(path: string, confirmMs: number): void {
    const state = this.#files.get(path);
    this.#unreadable = this.#unreadable.filter((part) => part.path !== path);
    if (state === undefined) return;
    if (!isOver(state.doubt, 'gone', confirmMs)) {
      this.#files.set(path, { ...state, doubt: toDoubt(state.doubt, 'gone') });
      this.#catalog.setFading(path, true, state.entries);
      return;
    }
    this.#files.delete(path);
    this.#catalog.setFading(path, false, []);
    this.#catalog.replace(path, state.entries, []);
  }

  async #toDuplicates([winner, ...losers]: readonly Claim[]): Promise<readonly Problem[]> {
    if (winner === undefined) return [];
    const used = await this.#toStart(winner);
    const problems: Problem[] = [];
    for (const loser of losers) {
      const { ref } = loser.entry.object.meta;
      const location = await this.#toStart(loser);
      const places = `${used.file}:${used.line} and in ${location.file}:${location.line}`;
      problems.push(
        toProblem('object-duplicate', ref, {
          message: `${toObjectPath(ref)} stands in ${places}, and the first one is used.`,
          hint: 'Remove one of them, or give it another name.',
          location,
        }),
      );
    }
    return problems;
  }

  async #toStart({ file, index }: Claim): Promise<FileLocation> {
    const name = this.#toName(file);
    const state = this.#files.get(file);
    if (state !== undefined && state.lines === undefined) {
      const places = state.entries.map(({ place }) => place);
      const lines = await readLines(name, places, '', createTimeSlice());
      if (lines !== undefined) state.lines = lines;
    }
    return { file: name.shown, ...(state?.lines?.[index] ?? { line: 1, column: 1 }) };
  }
}

function isOver(doubt: Doubt | undefined, stamp: string, confirmMs: number): boolean {
  if (confirmMs === 0) return true;
  // Timers may be early by a little.
  return doubt?.stamp === stamp && performance.now() - doubt.since >= confirmMs - 2;
}

function toDoubt(former: Doubt | undefined, stamp: string): Doubt {
  return former?.stamp === stamp ? former : { stamp, since: performance.now() };
}

function losesObjects(before: readonly ManifestEntry[], after: readonly ManifestEntry[]): boolean {
  const left = new Set(after.map(toEntryKey));
  return before.some((entry) => !left.has(toEntryKey(entry)));
}

function byLocation(a: Problem, b: Problem): number {
  const [one, other] = [a.location, b.location];
  return (
    compareText(one?.file ?? '', other?.file ?? '') ||
    (one?.line ?? 0) - (other?.line ?? 0) ||
    compareText(toObjectPath(a.subject), toObjectPath(b.subject)) ||
    compareText(a.field, b.field) ||
    compareText(a.code, b.code)
  );
}
