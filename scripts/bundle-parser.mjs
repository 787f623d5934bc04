import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** What both bundles have in common. */
export const common = {
  absWorkingDir: fileURLToPath(new URL('..', import.meta.url)),
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  logLevel: 'warning',
};

/**
 * The code of the thread that reads large manifest files, as one text for `new Worker`. Adds the paths of all that is in it to
 * `inputs`.
 */
export async function bundleParser(inputs = new Set()) {
  const { outputFiles, metafile } = await build({
    ...common,
    entryPoints: ['src/source/folder/parser-worker.ts'],
    format: 'cjs',
    minify: true,
    write: false,
    metafile: true,
  });
  for (const path of Object.keys(metafile.inputs)) inputs.add(path);
  return outputFiles[0].text;
}
