import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { readConfigFile, toDocument } from './config-file.ts';
import { hasVariables, type Environment } from './environment.ts';
import { resolveSettings, type SettingsCheck } from './resolve-settings.ts';
import type { Settings } from './settings.ts';

/** The file that is read when none is named. */
export const standardConfigFile = 'fairlead.yaml';

/** Where the configuration comes from. */
export interface SettingsRequest {
  /** As given by `-c`. Relative to `cwd`, as is `FAIRLEAD_CONFIG`. */
  readonly configPath?: string | undefined;
  readonly env: Environment;
  readonly cwd: string;
  /** Folders to take instead of the configured sources; read once, not watched. Relative to `cwd`. */
  readonly directories?: readonly string[] | undefined;
  /** As in `SettingsParts`. */
  readonly adapt?: ((settings: Settings) => Settings) | undefined;
  readonly check?: SettingsCheck | undefined;
}

/**
 * Reads the configuration: the named file, else that of `FAIRLEAD_CONFIG`, else `./fairlead.yaml` if it is there; over
 * it the environment. Relative paths count from the folder of the file, or from `cwd` without one.
 * @throws SettingsError with every mistake there is.
 */
export function loadSettings(request: SettingsRequest): Settings {
  const { env, cwd, directories = [], adapt, check } = request;
  const named = nameConfigFile(request);
  const path = findConfigFile(request);
  return resolveSettings({
    document: path === undefined || named === undefined ? toDocument({}) : readConfigFile(path, named),
    env,
    folder: path === undefined ? cwd : dirname(path),
    ...(directories.length > 0 && { sources: toSources(directories, cwd) }),
    adapt,
    check,
  });
}

/** Whether a file or the environment says where objects come from; without, `embeddedSettings` apply. */
export function isConfigured(request: SettingsRequest): boolean {
  return nameConfigFile(request) !== undefined || hasVariables(request.env, 'sources');
}

/** The absolute path of the configuration file; undefined without one. */
export function findConfigFile(request: SettingsRequest): string | undefined {
  const named = nameConfigFile(request);
  return named === undefined ? undefined : resolve(request.cwd, named);
}

/** As it is called where it was named. */
function nameConfigFile({ configPath, env, cwd }: SettingsRequest): string | undefined {
  if (configPath !== undefined) return configPath;
  const fromEnvironment = env['FAIRLEAD_CONFIG'];
  if (fromEnvironment !== undefined && fromEnvironment !== '') return fromEnvironment;
  return existsSync(resolve(cwd, standardConfigFile)) ? standardConfigFile : undefined;
}

/** Folders as sources, each named after its last part; `-2`, `-3` and so on keep equal names apart. */
function toSources(directories: readonly string[], cwd: string): readonly unknown[] {
  const taken = new Set<string>();
  return directories.map((directory) => {
    const path = resolve(cwd, directory);
    const stem = toLabel(basename(path));
    let name = stem;
    for (let number = 2; taken.has(name); number++) name = `${stem}-${number}`;
    taken.add(name);
    return { name, directory: { path, watch: false } };
  });
}

function toLabel(text: string): string {
  const label = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 56)
    .replaceAll(/^-+|-+$/g, '');
  return label === '' ? 'source' : label;
}
