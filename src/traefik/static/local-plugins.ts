import type { FleetSettings } from '../../settings/settings.ts';

/** The Go module of the plugin for the Gateway API. */
const moduleName = 'fairlead.dev/gateway';
/** What middlewares call it. */
const pluginName = 'fairlead-gateway';

/** Where Traefik looks for its files: in this folder of the one that it is started in. */
export const pluginFolder = `plugins-local/src/${moduleName}`;

/** The files of the plugin by their names, such as `gateway.go`. */
export type PluginFiles = Readonly<Record<string, string>>;

/** The section `experimental` of a static configuration. */
export interface Experimental {
  readonly localPlugins: Readonly<Record<string, { readonly moduleName: string }>>;
}

/** The plugins of the Traefiks of a bank; undefined when they have none. Without HTTP, as in other banks than 0, nothing uses them. */
export function toExperimental(
  { plugins }: Pick<FleetSettings, 'plugins'>,
  bank: number,
): Experimental | undefined {
  if (bank > 0 || !plugins.includes('gateway')) return undefined;
  return { localPlugins: { [pluginName]: { moduleName } } };
}

/** Whether a static configuration, as it came from elsewhere, wants the files of the plugin. */
export function wantsPlugin(experimental: unknown): boolean {
  return JSON.stringify(experimental ?? {}).includes(`"moduleName":"${moduleName}"`);
}
