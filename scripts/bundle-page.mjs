import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** The status page as two texts: a module without imports, and its style sheet. Adds the paths of all that is in it to `inputs`. */
export async function bundlePage(inputs = new Set()) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: fileURLToPath(new URL('..', import.meta.url)),
    entryPoints: ['src/http/admin/web/main.tsx'],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    outdir: 'page',
    format: 'esm',
    platform: 'browser',
    target: ['chrome111', 'firefox113', 'safari16.4'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    // Nothing outside ASCII is left in it, so that no character set can be mistaken.
    charset: 'ascii',
    legalComments: 'none',
    logLevel: 'warning',
  });
  for (const path of Object.keys(metafile.inputs)) inputs.add(path);
  const find = (ending) => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? '';
  return { script: find('.js'), style: find('.css') };
}
