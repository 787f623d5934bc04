import { isObject } from '../../lib/raw-object.ts';
import { allKinds } from '../../kinds/index.ts';
import { toProblem, type FileLocation, type Problem } from '../../model/problem.ts';

/** Why a file is passed over: it holds something else than Kubernetes objects, or a template that has to be rendered first. */
export type PassedOver = 'foreign' | 'template';

const readKinds = new Set<string>(['List', ...allKinds.map(({ kind }) => kind)]);
/** A key of an object at the start of a line, in YAML or JSON. */
const objectKey = /^[ \t"'{[,-]*(?:apiVersion|kind)["']?[ \t]*:/m;
/** A mark of Go templates or Jinja that is no part of a text. */
const templateMark = /^[ \t]*\{\{|[:-][ \t]+\{\{|\{\{-|-\}\}|\{%/m;
/** What a name holds that is filled in later: by templates, envsubst and the like. */
const placeholder = /\{\{|\$[{(A-Z_]|<[^>]*>/;

/** Why a text that cannot be read is no manifest; undefined when it looks like one, and has to be mended. */
export function findOrigin(text: string): PassedOver | undefined {
  if (templateMark.test(text)) return 'template';
  return objectKey.test(text) ? undefined : 'foreign';
}

/** Whether a value means to be a Kubernetes object: then what it lacks is a mistake. */
export function isManifest(raw: unknown): boolean {
  if (!isObject(raw)) return false;
  const { kind, apiVersion, metadata } = raw;
  if (typeof kind === 'string') return typeof apiVersion === 'string' || readKinds.has(kind);
  return typeof apiVersion === 'string' && isObject(metadata);
}

/** Whether the name of an object is still to be filled in. */
export function isTemplate(raw: unknown): boolean {
  const metadata = isObject(raw) ? raw['metadata'] : undefined;
  if (!isObject(metadata)) return false;
  return [metadata['name'], metadata['namespace']].some(
    (text) => typeof text === 'string' && placeholder.test(text),
  );
}

/** One problem for all files that are passed over for one reason; none without such files. `files` as users know them. */
export function toPassedProblem(
  source: string,
  why: PassedOver,
  files: readonly string[],
): readonly Problem[] {
  const [first] = files;
  if (first === undefined) return [];
  const subject = { source, kind: 'Source', namespace: '', name: source };
  const location: FileLocation = { file: first, line: 1, column: 1 };
  const which = toNames(files);
  if (why === 'foreign') {
    const message = `Without Kubernetes objects, and passed over: ${which}.`;
    const hint = 'Name them in .fairleadignore, and they are not read at all.';
    return [toProblem('file-skipped', subject, { message, hint, location })];
  }
  const message = `Templates, which are not read: ${which}.`;
  const hint = 'Render them first, for instance helm template CHART | fairlead check -.';
  return [toProblem('file-template', subject, { message, hint, location })];
}

/** The problem of a folder without any object. */
export function toEmptyProblem(source: string, shown: string): Problem {
  const subject = { source, kind: 'Source', namespace: '', name: source };
  const message = `No .yaml, .yml or .json file of ${shown} holds a Kubernetes object.`;
  return toProblem('source-empty', subject, { message, hint: 'Mend the path, or put manifests there.' });
}

function toNames(files: readonly string[]): string {
  const shown = files.slice(0, 3).join(', ');
  return files.length > 3 ? `${shown} and ${files.length - 3} more files` : shown;
}
