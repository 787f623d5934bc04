import { readdirSync, readFileSync } from 'node:fs';
import { pluginFolder, type PluginFiles } from '../traefik/static/local-plugins.ts';

/** The files themselves, in the program that is built. */
declare const FAIRLEAD_PLUGIN: PluginFiles | undefined;

/** The files of the plugin for Traefik, by their names. */
export function readPluginFiles(): PluginFiles {
  if (typeof FAIRLEAD_PLUGIN === 'object') return FAIRLEAD_PLUGIN;
  const folder = new URL(`../../traefik/${pluginFolder}/`, import.meta.url);
  return Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]),
  );
}
