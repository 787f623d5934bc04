import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { resolveHome } from '../lib/home-path.ts';

/**
 * Where kubectl finds its clusters: in the files of `KUBECONFIG`, of which some may not be there, else in `~/.kube/config`.
 * Absolute paths; empty where there are none.
 */
export function findStandardKubeConfigs(
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): readonly string[] {
  const { KUBECONFIG: named = '', HOME: home = '' } = env;
  const paths = named.split(delimiter).filter((path) => path !== '');
  if (paths.length > 0) return [...new Set(paths.map((path) => resolveHome(cwd, path, home)))];
  const standard = join(home, '.kube', 'config');
  return home !== '' && existsSync(standard) ? [standard] : [];
}
