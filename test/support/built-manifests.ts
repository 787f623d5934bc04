import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import * as z from 'zod';
import { fileSchema, type FileSettings } from '../../src/settings/schema.ts';

/** The folder of the project, with a slash at its end. */
export const root = new URL('../..', import.meta.url).pathname;

const anyObject = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});
/** An object as it stands in a manifest. */
export type AnyObject = z.infer<typeof anyObject>;

const labels = z.record(z.string(), z.string());
const port = z.looseObject({ name: z.string().optional(), containerPort: z.number() });
// What every container has to have: a schema that refuses is a test that fails.
const container = z.looseObject({
  image: z.string(),
  ports: z.array(port),
  securityContext: z.object({
    allowPrivilegeEscalation: z.literal(false),
    readOnlyRootFilesystem: z.literal(true),
    capabilities: z.object({ drop: z.tuple([z.literal('ALL')]), add: z.array(z.string()).default([]) }),
  }),
});
const pod = z.looseObject({
  hostNetwork: z.boolean().default(false),
  securityContext: z.looseObject({
    runAsUser: z.number(),
    runAsNonRoot: z.boolean().default(false),
    seccompProfile: z.object({ type: z.literal('RuntimeDefault') }),
  }),
  containers: z.tuple([container]),
});
const workload = z.looseObject({
  metadata: z.looseObject({ name: z.string(), namespace: z.string() }),
  spec: z.looseObject({
    selector: z.object({ matchLabels: labels }),
    template: z.looseObject({ metadata: z.object({ labels }), spec: pod }),
  }),
});
/** A Deployment or a DaemonSet of one container. */
export type Workload = z.infer<typeof workload>;

/** Whether `kubectl` is there; a line on the console says what is skipped when it is not. */
export function findKubectl(skipped: string): boolean {
  const found = spawnSync('kubectl', ['version', '--client']).status === 0;
  if (!found) console.log(`!!  SKIPPED: ${skipped}\n!!  - no kubectl on the PATH`);
  return found;
}

/** The objects that `kubectl apply -k` would send. @throws Error when the folder cannot be built. */
export function build(folder: string): AnyObject[] {
  const { status, stdout, stderr } = spawnSync('kubectl', ['kustomize', folder], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${folder}: ${stderr}`);
  return parseObjects(stdout);
}

/** The objects of a file. */
export function parseObjects(text: string): AnyObject[] {
  return parseAllDocuments(text).map((document) => anyObject.parse(document.toJS()));
}

/** Builds a folder of these files, with the project beside them as `fairlead`. */
export function buildFiles(files: Readonly<Record<string, string>>): AnyObject[] {
  const folder = makeFolder(files);
  try {
    return build(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Does `work` in such a folder. */
export async function inFolder<Result>(
  files: Readonly<Record<string, string>>,
  work: (folder: string) => Result | Promise<Result>,
): Promise<Result> {
  const folder = makeFolder(files);
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function makeFolder(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-manifests-'));
  symlinkSync(root, join(folder, 'fairlead'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

export function ofKind(objects: readonly AnyObject[], ...kinds: string[]): AnyObject[] {
  return objects.filter(({ kind }) => kinds.includes(kind));
}

export function workloadsOf(objects: readonly AnyObject[], name?: string): Workload[] {
  const all = ofKind(objects, 'Deployment', 'DaemonSet').map((object) => workload.parse(object));
  return all.filter(({ metadata }) => name === undefined || metadata.name === name);
}

/** The configuration that the pods get, checked. */
export function configOf(objects: readonly AnyObject[]): FileSettings {
  const [configMap] = ofKind(objects, 'ConfigMap');
  const { data } = z.looseObject({ data: z.object({ 'fairlead.yaml': z.string() }) }).parse(configMap);
  return fileSchema.parse(parse(data['fairlead.yaml']));
}

const selecting = z.looseObject({
  spec: z.looseObject({ selector: z.unknown().optional(), podSelector: z.unknown().optional() }),
});
const selector = z.union([
  z.object({ matchLabels: labels }).transform(({ matchLabels }) => matchLabels),
  labels,
]);

/** The labels that a Service, a NetworkPolicy, a budget or a workload selects by. */
export function selectorOf(object: AnyObject): Readonly<Record<string, string>> {
  const { spec } = selecting.parse(object);
  return selector.parse(spec.selector ?? spec.podSelector);
}
