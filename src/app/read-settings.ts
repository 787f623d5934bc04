import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { toDocument } from '../settings/config-file.ts';
import { describeEmbedded, embeddedSettings } from '../settings/embedded.ts';
import { isConfigured, loadSettings } from '../settings/load-settings.ts';
import { resolveSettings, type SettingsCheck } from '../settings/resolve-settings.ts';
import type { Settings } from '../settings/settings.ts';
import {
  chooseCluster,
  describeCluster,
  namesCluster,
  withCluster,
  type ClusterChoice,
  type ClusterRequest,
} from './choose-cluster.ts';
import type { Io } from './io.ts';
import { UsageError } from './usage-error.ts';

/** What a command line says of the configuration to run on. */
export interface SettingsOrigin {
  /** As given by `-c`. */
  readonly config?: string | undefined;
  /** Folders named on the command line, in place of the configured sources. */
  readonly directories: readonly string[];
  /** Of the commands that can be told which cluster to read. */
  readonly cluster?: ClusterRequest | undefined;
}

interface Found {
  readonly settings: Settings;
  /** What they are, where nobody has said. */
  readonly notice?: string;
}

/**
 * The configuration that a command runs on: that of the folders named, else what is configured, else that of a cluster that is named or
 * that kubectl would take, else the examples.
 * @throws UsageError, SettingsError
 */
export function readSettings(origin: SettingsOrigin, io: Io, check?: SettingsCheck): Settings {
  return find(origin, io, check).settings;
}

/** As `readSettings`; says on standard error what is read where nothing is configured. */
export function readSettingsAloud(origin: SettingsOrigin, io: Io, check?: SettingsCheck): Settings {
  const { settings, notice } = find(origin, io, check);
  if (notice !== undefined) io.err(`fairlead: ${notice}\n`);
  return settings;
}

/** Whether a command line or the environment says what is to be read. */
export function isOriginNamed({ config, directories, cluster }: SettingsOrigin, { env, cwd }: Io): boolean {
  return directories.length > 0 || namesCluster(cluster) || isConfigured({ configPath: config, env, cwd });
}

function find({ config, directories, cluster }: SettingsOrigin, io: Io, check?: SettingsCheck): Found {
  const { env, cwd } = io;
  const request = { configPath: config, env, cwd, directories, check };
  if (directories.length > 0) {
    checkDirectories(directories, io);
    if (namesCluster(cluster))
      throw new UsageError(
        '--kubeconfig and --context are for clusters, and folders are named; leave out one of them',
      );
    return { settings: loadSettings(request) };
  }
  if (isConfigured(request)) {
    const adapt = (settings: Settings): Settings => placeCluster(settings, cluster, io);
    return { settings: loadSettings({ ...request, adapt }) };
  }
  const choice = cluster && chooseUnconfigured(cluster, io);
  return choice === undefined
    ? toExamples(io)
    : { settings: toClusterSettings(choice, io, check), notice: toNotice(choice) };
}

function checkDirectories(directories: readonly string[], { cwd }: Io): void {
  const missing = directories.find((directory) => !existsSync(resolve(cwd, directory)));
  if (missing !== undefined)
    throw new UsageError(`there is no folder ${missing}; name a folder of manifests`);
}

function toExamples({ env, cwd }: Io): Found {
  const settings = embeddedSettings({ env, cwd });
  return { settings, notice: describeEmbedded(settings) };
}

/** What a configuration leaves to the pod that it is for is, elsewhere, what kubectl takes. */
function placeCluster(settings: Settings, cluster: ClusterRequest | undefined, io: Io): Settings {
  if (cluster === undefined) return settings;
  if (!namesCluster(cluster)) {
    const places = settings.sources.flatMap((source) => ('kubernetes' in source ? [source.kubernetes] : []));
    const [place, ...others] = places;
    const isOpen = place?.kubeconfig === null && others.length === 0 && !isInPod(io);
    if (!isOpen || !followsKubectl(io)) return settings;
  }
  const choice = chooseCluster(cluster, io);
  return choice === undefined ? settings : withCluster(settings, choice);
}

function chooseUnconfigured(cluster: ClusterRequest, io: Io): ClusterChoice | undefined {
  if (!namesCluster(cluster) && io.isPlugin !== true && !(cluster.current === true && followsKubectl(io)))
    return undefined;
  const choice = chooseCluster(cluster, io);
  if (choice !== undefined) return choice;
  throw new UsageError(
    'there is no kubeconfig, and no folder or configuration is named; set KUBECONFIG, or name one of them',
  );
}

/** Somebody who has set this means it for what reads clusters; `~/.kube/config` may just lie there. */
function followsKubectl({ env, isPlugin }: Io): boolean {
  return isPlugin === true || (env['KUBECONFIG'] ?? '') !== '';
}

function isInPod({ env }: Io): boolean {
  return (env['KUBERNETES_SERVICE_HOST'] ?? '') !== '';
}

/** As in manifests/base: the ledger names its sources. */
const sourceName = 'cluster';

function toClusterSettings(choice: ClusterChoice, { env, cwd }: Io, check?: SettingsCheck): Settings {
  return resolveSettings({
    document: toDocument({ sources: [{ name: sourceName, kubernetes: {} }] }),
    env,
    folder: cwd,
    adapt: (settings) => withCluster(settings, choice),
    check,
  });
}

function toNotice(choice: ClusterChoice): string {
  return `no configuration: reading the cluster of ${describeCluster(choice)} with the defaults; name the configuration of your Fairlead by -c`;
}
