import { join } from 'node:path';
import { compareText, toObjectPath, type ObjectRef } from '../../model/object-ref.ts';
import type { FileLocation, Problem } from '../../model/problem.ts';
import type { SourceObject } from '../../model/objects.ts';
import type { Change } from '../../model/snapshot.ts';
import { createTimeSlice, type TimeSlice } from '../../lib/time-slice.ts';
import { Catalog, toEntryKey } from './catalog.ts';
import type { ScannedFile, UnreadablePart } from './folder-scan.ts';
import { toDuplicates } from './duplicates.ts';
import { FileStates, noState, type Doubt } from './file-states.ts';
import { toEmptyProblem, toPassedProblem, type PassedOver } from './foreign-files.ts';
import { limits, toSmallBytes } from './limits.ts';
import {
  readLine,
  readManifestFile,
  toFileProblem,
  type FileReading,
  type ManifestEntry,
  type ManifestFileName,
} from './manifest-file.ts';
import { ManifestFiles } from './manifest-files.ts';
import { SlowReads } from './slow-reads.ts';

/** A look at the folder, or at some files of it. */
export interface Look {
  readonly files: readonly ScannedFile[];
  /** Files that are not there. */
  readonly gone: readonly string[];
  /** Whether unchanged files are read all the same: a watcher has named them. */
  readonly named: boolean;
}

/** A file that was written this shortly before it was read may be written again without a sign: clocks of file systems are coarse. */
const coarseMs = 50;

/** The last good state of every file of a folder, and what follows from it. */
export class ManifestStore {
  readonly #source: string;
  readonly #root: string;
  readonly #shownRoot: string;
  readonly #files = new FileStates();
  readonly #catalog = new Catalog();
  readonly #reader = new ManifestFiles();
  readonly #slow = new SlowReads((file) => this.#readSlowly(file));
  readonly #arrived: () => void;
  /** The reading of each file that began last: one of a large file ends late, when the file may be another one. */
  readonly #latest = new Map<string, symbol>();
  #unreadable: readonly UnreadablePart[] = [];
  #confirmMs = 0;

  /** `arrived` is called when a large file has been read that `update` did not wait for. */
  constructor(source: string, root: string, shownRoot: string, arrived: () => void) {
    this.#source = source;
    this.#root = root;
    this.#shownRoot = shownRoot;
    this.#arrived = arrived;
  }

  /** Files in doubt: a change that breaks a file or takes objects away is believed when it has stood for a moment. */
  get doubted(): readonly string[] {
    return [...this.#files.entries()].flatMap(([path, state]) => (state.doubt === undefined ? [] : [path]));
  }

  /** What a whole scan makes of the files that are known but were not seen: those in parts that cannot be read stay. */
  toGone(seen: readonly ScannedFile[], unreadable: readonly UnreadablePart[]): readonly string[] {
    this.#unreadable = unreadable;
    const there = new Set(seen.map(({ path }) => path));
    const isHidden = (path: string): boolean =>
      unreadable.some((part) => path === part.path || path.startsWith(`${part.path}/`));
    return [...this.#files.entries()].flatMap(([path]) => (there.has(path) || isHidden(path) ? [] : path));
  }

  /**
   * Reads what has changed. A loss is believed when it has stood for `confirmMs`; without that time it waits for large files as well,
   * which are otherwise read later. Ends early when `stopped` says so.
   */
  async update(look: Look, confirmMs: number, stopped: () => boolean): Promise<void> {
    const breathe = createTimeSlice();
    this.#confirmMs = confirmMs;
    for (const path of look.gone) this.#drop(path);
    for (const file of look.files) {
      if (stopped()) return;
      const state = this.#files.get(file.path);
      if (!look.named && state?.stamp === file.stamp && state.doubt === undefined) continue;
      if (file.size > toSmallBytes(file.absolute)) this.#slow.add(file);
      else {
        this.#slow.forget(file.path);
        await this.#read(file, breathe);
      }
      await breathe();
    }
    if (confirmMs === 0) await this.#slow.settled();
  }

  /** Ends what goes on besides `update`. What was read stays. */
  async stop(): Promise<void> {
    this.#slow.clear();
    this.#reader.close();
    await this.#slow.settled();
  }

  takeChanges(): readonly Change[] {
    return this.#catalog.takeChanges();
  }

  objects(): readonly SourceObject[] {
    return this.#catalog.objects();
  }

  /** All problems of the files, in the order of their places. */
  problems(): readonly Problem[] {
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
    for (const [, state] of this.#files.entries()) problems.push(...state.problems);
    problems.push(...this.#toPassed());
    const toShown = (file: string): string => join(this.#shownRoot, file);
    for (const claims of this.#catalog.repeated()) problems.push(...toDuplicates(claims, toShown));
    return problems.sort(byLocation);
  }

  #toPassed(): readonly Problem[] {
    const states = [...this.#files.entries()];
    const toFiles = (why: PassedOver): readonly string[] =>
      states.flatMap(([path, { passed }]) => (passed === why ? [join(this.#shownRoot, path)] : []));
    const templates = toFiles('template');
    const isEmpty = templates.length === 0 && states.every(([, { manifests }]) => manifests === 0);
    return [
      ...toPassedProblem(this.#source, 'foreign', toFiles('foreign').toSorted(compareText)),
      ...toPassedProblem(this.#source, 'template', templates.toSorted(compareText)),
      ...(isEmpty && this.#unreadable.length === 0 ? [toEmptyProblem(this.#source, this.#shownRoot)] : []),
    ];
  }

  /** Where an object, or the nearest existing part of one of its fields, stands in the files as they are now. */
  async locate(ref: ObjectRef, field: string): Promise<FileLocation | undefined> {
    const claim = this.#catalog.find(ref);
    if (claim === undefined) return undefined;
    const name = this.#toName(claim.file, this.#files.get(claim.file)?.size ?? 0);
    const at = await readLine(this.#reader, name, claim.entry.place, field, createTimeSlice());
    return at && { file: name.shown, ...at };
  }

  async #readSlowly(file: ScannedFile): Promise<void> {
    await this.#read(file, createTimeSlice());
    this.#arrived();
  }

  async #read(file: ScannedFile, breathe: TimeSlice): Promise<void> {
    const readAt = Date.now();
    const turn = Symbol(file.path);
    this.#latest.set(file.path, turn);
    const name = this.#toName(file.path, file.size);
    const former = this.#files.get(file.path) ?? noState;
    const others = this.#files.without(file.path);
    const reading =
      others.size + file.size > limits.folderBytes
        ? toBeyond(name, `${limits.folderBytes} bytes`)
        : await readManifestFile(this.#reader, name, former.entries, breathe);
    if (this.#latest.get(file.path) !== turn) return;
    this.#latest.delete(file.path);
    this.#unreadable = this.#unreadable.filter((part) => part.path !== file.path);
    const settled = readAt - file.modifiedMs > coarseMs;
    if (reading.kind === 'gone') this.#drop(file.path);
    else if (reading.kind === 'good' && others.values + reading.values > limits.folderValues)
      this.#take(file, toBeyond(name, `${limits.folderValues} values`), settled);
    else this.#take(file, reading, settled);
  }

  #toName(path: string, size: number): ManifestFileName {
    const absolute = join(this.#root, path);
    const large = size > toSmallBytes(absolute);
    return { absolute, shown: join(this.#shownRoot, path), source: this.#source, large };
  }

  #take(file: ScannedFile, reading: Exclude<FileReading, { kind: 'gone' }>, settled: boolean): void {
    const former = this.#files.get(file.path) ?? noState;
    const less = reading.kind === 'broken' || losesObjects(former.entries, reading.entries);
    if (former.doubt?.stamp === 'gone') this.#catalog.setFading(file.path, false, former.entries);
    if (less && !isOver(former.doubt, file.stamp, this.#confirmMs)) {
      this.#files.set(file.path, { ...former, doubt: toDoubt(former.doubt, file.stamp) });
      return;
    }
    const { size } = file;
    const { entries, values, passed } = reading.kind === 'broken' ? former : reading;
    const manifests = reading.kind === 'broken' ? Math.max(1, former.manifests) : reading.manifests;
    const problems = reading.kind === 'broken' ? [reading.problem] : reading.problems;
    const isUnreadable = reading.kind === 'broken' && reading.problem.code === 'source-unreadable';
    // An empty stamp equals none: such a file is read again at the next whole scan.
    const stamp = settled && !isUnreadable ? file.stamp : '';
    const state = { stamp, entries, problems, size, values, manifests };
    this.#files.set(file.path, passed === undefined ? state : { ...state, passed });
    if (entries !== former.entries) this.#catalog.replace(file.path, former.entries, entries);
  }

  #drop(path: string): void {
    this.#slow.forget(path);
    this.#latest.delete(path);
    const state = this.#files.get(path);
    this.#unreadable = this.#unreadable.filter((part) => part.path !== path);
    if (state === undefined) return;
    if (!isOver(state.doubt, 'gone', this.#confirmMs)) {
      this.#files.set(path, { ...state, doubt: toDoubt(state.doubt, 'gone') });
      this.#catalog.setFading(path, true, state.entries);
      return;
    }
    this.#files.delete(path);
    this.#catalog.setFading(path, false, []);
    this.#catalog.replace(path, state.entries, []);
  }
}

function toBeyond(name: ManifestFileName, limit: string): Extract<FileReading, { kind: 'broken' }> {
  const message = `The file is not read: with it the folder would have more than ${limit}.`;
  const hint = 'Divide the folder into several sources.';
  return { kind: 'broken', problem: toFileProblem('syntax-error', name, message, hint) };
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
