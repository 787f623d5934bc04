import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import * as z from 'zod';
import { ofKind, parseObjects, root, type AnyObject } from './built-manifests.ts';

/** The chart of the project. */
export const chart = join(root, 'charts/fairlead');

/** Values as in a values.yaml of a user. */
export type Values = Readonly<Record<string, unknown>>;

const program = [process.env['HELM_BIN'] ?? '', join(homedir(), '.cache/fairlead/helm')].find(
  (path) => path !== '' && existsSync(path),
);

/** A name or path of `helm` that can be run, when there is one. */
export function findHelmProgram(): string | undefined {
  const name = program ?? 'helm';
  return spawnSync(name, ['version']).status === 0 ? name : undefined;
}

/** Whether `helm` is there: HELM_BIN, `~/.cache/fairlead/helm` or one on the PATH. A line on the console says what is skipped otherwise. */
export function findHelm(skipped: string): boolean {
  const found = findHelmProgram() !== undefined;
  if (!found)
    console.log(`!!  SKIPPED: ${skipped}\n!!  - no helm on the PATH (CONTRIBUTING.md says how to get one)`);
  return found;
}

/** What `helm` prints. @throws Error with what it says when it fails. */
export function helm(args: readonly string[], values: Values): string {
  const input = stringify(values);
  const { status, stdout, stderr } = spawnSync(program ?? 'helm', [...args, '--values', '-'], {
    input,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(stderr + stdout);
  return stdout;
}

export interface Release {
  readonly name?: string;
  readonly namespace?: string;
  /** Default: that of the project. */
  readonly folder?: string;
}

/** The objects that a release would have. A helm that was built by `go install` takes every cluster for a very old one. */
export function render(values: Values, release: Release = {}): AnyObject[] {
  const { name = 'fairlead', namespace = 'fairlead-system', folder = chart } = release;
  const args = ['template', name, folder, '--namespace', namespace, '--kube-version', '1.33.0'];
  return parseObjects(helm(args, values));
}

/** What the user reads after an installation: `helm template` leaves it out, so it is rendered as the text of an object. */
export function renderNotes(values: Values): string {
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-chart-'));
  try {
    cpSync(chart, folder, { recursive: true });
    const notes = readFileSync(join(chart, 'templates/NOTES.txt'), 'utf8').replaceAll(/^/gm, '    ');
    const head = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: notes }\ndata:\n  notes: |\n';
    writeFileSync(join(folder, 'templates/notes.yaml'), head + notes);
    const found = ofKind(render(values, { folder }), 'ConfigMap').find(
      ({ metadata }) => metadata.name === 'notes',
    );
    return z.looseObject({ data: z.object({ notes: z.string() }) }).parse(found).data.notes;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
