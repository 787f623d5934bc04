import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import * as z from 'zod';
import { root } from './built-manifests.ts';
import { printed } from './printed.ts';

/** docs/kubernetes.md. */
export const guide = readFileSync(join(root, 'docs/kubernetes.md'), 'utf8');

/** A file that the guide shows, or a part of one: a block of YAML that begins with a line such as `# added to kustomization.yaml`. */
export interface ShownFile {
  readonly part: 'whole' | 'in' | 'added to' | 'changed in';
  readonly name: string;
  readonly text: string;
}

const parts: Readonly<Record<string, ShownFile['part']>> = {
  in: 'in',
  'added to': 'added to',
  'changed in': 'changed in',
};

export const shownFiles: readonly ShownFile[] = [
  ...guide.matchAll(/^ *```yaml\n( *)# (?:(in|added to|changed in) )?([\w-]+\.yaml)\n([^]*?)^ *```/gm),
].map(([, indent = '', part = '', name = '', text = '']) => ({
  part: parts[part] ?? 'whole',
  name,
  text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
}));

/** The texts of one file, in the order of the guide. */
export function shown(part: ShownFile['part'], name: string): readonly string[] {
  return shownFiles.filter((each) => each.part === part && each.name === name).map(({ text }) => text);
}

const fields = z.record(z.string(), z.unknown());
const list = z.array(z.unknown()).default([]);

/** `kustomization.yaml` with what is added to it: each list at its end. */
export function withAdded(kustomization: string, added: string): string {
  const before = fields.parse(parse(kustomization));
  const more = Object.entries(fields.parse(parse(added)));
  const joined = more.map(([key, value]) => [key, [...list.parse(before[key]), ...list.parse(value)]]);
  return stringify({ ...before, ...fields.parse(Object.fromEntries(joined)) });
}

/** `kustomization.yaml` with these fields in the place of its own. */
export function withChanged(kustomization: string, changed: object): string {
  return stringify({ ...fields.parse(parse(kustomization)), ...changed });
}

const printing = /^ *((?:[A-Z_]+=\S+ )*)node fairlead\/dist\/fairlead\.js ([^>\n]+) > (\S+)$/gm;
const commands = [...guide.replaceAll(/ *\\\n */g, ' ').matchAll(printing)];

/** Runs the command by which the guide prints this file, in a folder with a `fairlead.yaml`. */
export function printShown(file: string, cwd: string): Promise<string> {
  const [, variables = '', args = ''] = commands.find(([, , , name]) => name === file) ?? [];
  const env = variables
    .trim()
    .split(' ')
    .map((each) => each.split('='));
  return printed(args.split(' '), { cwd, env: Object.fromEntries(env) });
}

/** Runs the shell block of the guide that this text stands in, without any cluster. @throws Error when it fails. */
export function runShown(text: string, cwd: string): void {
  const blocks = [...guide.matchAll(/^```sh(?: \w+)?\n([^]*?)^```/gm)].map(([, block = '']) => block);
  const block = blocks.find((each) => each.includes(text)) ?? 'false';
  const { status, stderr } = spawnSync('bash', ['-eu', '-c', block], {
    cwd,
    env: { ...process.env, KUBECONFIG: '/dev/null' },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${block}: ${stderr}`);
}
