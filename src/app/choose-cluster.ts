import { KubeConfigError } from '../kubernetes/access-error.ts';
import { readKubeConfig, toShownPaths } from '../kubernetes/kube-config.ts';
import { findStandardKubeConfigs } from '../kubernetes/standard-kube-configs.ts';
import { resolveHome } from '../lib/home-path.ts';
import type { KubernetesSettings, Settings, SourceSettings } from '../settings/settings.ts';
import type { Io } from './io.ts';
import { UsageError } from './usage-error.ts';

/** Which cluster a command line names, as in kubectl. */
export interface ClusterRequest {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  /** Where nothing is configured and none is named: that of `KUBECONFIG`, if that is set. */
  readonly current?: true;
}

/** A cluster that is read in place of the one that a configuration names. */
export type ClusterChoice = Pick<KubernetesSettings, 'context' | 'kubeconfig'>;

type Outside = Pick<Io, 'cwd' | 'env'>;

/** Whether a command line names a cluster. */
export function namesCluster({ kubeconfig, context }: ClusterRequest = {}): boolean {
  return kubeconfig !== undefined || context !== undefined;
}

/**
 * The cluster that a command line names, else that of kubectl: the current context in the files of `KUBECONFIG`, or in `~/.kube/config`.
 * Undefined where there is none and none is named.
 * @throws UsageError when what is named, or what kubectl has, cannot work.
 */
export function chooseCluster(request: ClusterRequest, { cwd, env }: Outside): ClusterChoice | undefined {
  const { kubeconfig, context = null } = request;
  const paths =
    kubeconfig === undefined ? findStandardKubeConfigs(env, cwd) : resolveHome(cwd, kubeconfig, env['HOME']);
  if (paths.length === 0) {
    if (context === null) return undefined;
    throw new UsageError(
      `--context ${context}: there is no kubeconfig; name one by --kubeconfig or KUBECONFIG, or put it to ~/.kube/config`,
    );
  }
  const choice = { kubeconfig: paths, context };
  try {
    readKubeConfig(choice);
  } catch (error) {
    if (!(error instanceof KubeConfigError)) throw error;
    throw new UsageError(`${error.message}; ${error.hint}`, { cause: error });
  }
  return choice;
}

/** `context prod of /home/me/.kube/config`, for messages. */
export function describeCluster(choice: ClusterChoice): string {
  const context = choice.context ?? readKubeConfig(choice).getCurrentContext();
  return `context ${context} of ${toShownPaths(choice.kubeconfig ?? '')}`;
}

/**
 * Settings whose one cluster is the chosen one, whatever they say of where it is; all else stays.
 * @throws UsageError when they have none or several.
 */
export function withCluster(settings: Settings, choice: ClusterChoice): Settings {
  const clusters = settings.sources.filter((source) => 'kubernetes' in source).map(({ name }) => name);
  if (clusters.length !== 1) {
    const has = clusters.length === 0 ? 'no cluster' : `several clusters (${clusters.join(', ')})`;
    throw new UsageError(
      `--kubeconfig and --context say where the one cluster of a configuration is, and this one has ${has}; mend it, or leave them out`,
    );
  }
  return { ...settings, sources: settings.sources.map((source) => withPlace(source, choice)) };
}

function withPlace(source: SourceSettings, choice: ClusterChoice): SourceSettings {
  return 'kubernetes' in source ? { ...source, kubernetes: { ...source.kubernetes, ...choice } } : source;
}
