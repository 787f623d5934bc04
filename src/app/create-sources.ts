import { relative } from 'node:path';
import type { Logger } from 'pino';
import type { Observer } from '../model/observer.ts';
import type { Settings, SourceSettings } from '../settings/settings.ts';
import { createClusterSource, type ClusterSource } from '../source/cluster/cluster-source.ts';
import { createDirectorySource } from '../source/folder/folder-source.ts';
import { lastKnownGoodTiming, withLastKnownGood } from '../source/last-known-good.ts';
import type { Source } from '../source/source.ts';

/** The sources of a configuration, in its order. */
export interface Sources {
  readonly sources: readonly Source[];
  /** Those that are clusters, by name: they can be written to. */
  readonly clusters: ReadonlyMap<string, ClusterSource>;
}

/** How messages name files: from the folder `cwd`, and the one that holds standard input as `-`. Without it they name whole paths. */
export interface Naming {
  readonly cwd: string;
  readonly stream?: string | undefined;
}

/** @param observer Hears of what clusters do. */
export function createSources(
  settings: Settings,
  log: Logger,
  { naming, observer }: { readonly naming?: Naming; readonly observer?: Observer } = {},
): Sources {
  const clusters = new Map<string, ClusterSource>();
  const folder = settings.lastKnownGood;
  const create = (source: SourceSettings): Source => {
    if ('directory' in source) {
      const shownAs = toShown(source.directory.path, naming);
      return createDirectorySource(source.name, { ...source.directory, shownAs }, log);
    }
    const cluster = createClusterSource({ name: source.name, ...source.kubernetes, observer }, log);
    clusters.set(source.name, cluster);
    return cluster;
  };
  const sources = settings.sources.map((source) => {
    const made = create(source);
    return folder === null ? made : withLastKnownGood(made, { folder, ...lastKnownGoodTiming }, log);
  });
  return { sources, clusters };
}

/** As it is written from the folder that the user is in, where that is shorter. */
function toShown(path: string, naming: Naming | undefined): string {
  if (naming === undefined) return path;
  if (path === naming.stream) return '-';
  const near = relative(naming.cwd, path) || '.';
  return near.length < path.length ? near : path;
}
