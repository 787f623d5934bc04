import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toDocument } from './config-file.ts';
import type { Environment } from './environment.ts';
import { resolveSettings } from './resolve-settings.ts';
import type { Settings } from './settings.ts';

/**
 * What `fairlead serve` runs with when nothing is configured, so that a newcomer sees it work with no cluster: one source
 * `examples`, every Ingress taken, Services that ask with `ingress: haproxy-ingress` understood, `localhost` published.
 * The examples are those of the current folder, or else those that come with the program. All else has its default,
 * and the environment can still change every field.
 * @throws SettingsError when the environment has mistakes.
 */
export function embeddedSettings({
  env,
  cwd,
}: {
  readonly env: Environment;
  readonly cwd: string;
}): Settings {
  const document = toDocument({
    sources: [{ name: 'examples', directory: { path: findExamples(cwd) } }],
    fleets: [{ addresses: ['localhost'] }],
    ingress: { unclassed: 'take' },
    services: { annotations: { expose: 'ingress=haproxy-ingress', allocated: 'haproxy-ingress/{port}' } },
  });
  return resolveSettings({ document, env, folder: cwd });
}

/** One line for the start: what is served, and how to serve something else. */
export function describeEmbedded({ sources: [source] }: Settings): string {
  const folder = source && 'directory' in source ? source.directory.path : './examples';
  return `no configuration: using the manifests in ${folder}; write a fairlead.yaml or set FAIRLEAD_SOURCES to use your own`;
}

function findExamples(cwd: string): string {
  const own = resolve(cwd, 'examples');
  if (existsSync(own)) return own;
  // From dist/ when bundled, from src/settings/ when not.
  return ['../', '../../'].map(toShipped).find((folder) => folder !== undefined) ?? own;
}

function toShipped(up: string): string | undefined {
  const root = fileURLToPath(new URL(up, import.meta.url));
  const examples = resolve(root, 'examples');
  return existsSync(resolve(root, 'package.json')) && existsSync(examples) ? examples : undefined;
}
