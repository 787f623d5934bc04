import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pluginFolder, type PluginFiles } from '../traefik/static/local-plugins.ts';

/**
 * Puts the files of the plugin where a Traefik that is started in `folder` looks for them. What is there already is not touched: another
 * Traefik may just read it. Everybody may read them, since Traefik may run as another user.
 * @throws The error of the system.
 */
export async function placePlugin(folder: string, files: PluginFiles): Promise<void> {
  const target = path.join(folder, pluginFolder);
  await mkdir(target, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(target, name);
    const present = await readFile(file, 'utf8').catch(() => undefined);
    if (present !== text) await writeFile(file, text, { mode: 0o644 });
  }
}
