// Bundles src/main.ts into dist/fairlead.mjs, and writes what starts it: dist/fairlead.js. Says nothing when all is well.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { toLicenses } from './bundle-licenses.mjs';
import { bundlePage } from './bundle-page.mjs';
import { bundleParser, common } from './bundle-parser.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version, engines } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
const pluginFolder = `${root}/traefik/plugins-local/src/fairlead.dev/gateway`;
const plugin = Object.fromEntries(
  readdirSync(pluginFolder).map((name) => [name, readFileSync(`${pluginFolder}/${name}`, 'utf8')]),
);
const inputs = new Set();

const { metafile } = await build({
  ...common,
  entryPoints: ['src/main.ts'],
  outfile: `${root}/dist/fairlead.mjs`,
  format: 'esm',
  sourcemap: 'linked',
  metafile: true,
  // V8 keeps the whole text in memory. Names stay, and lines are short: a stack trace in a report should be of use without the map, which is not published.
  minifyWhitespace: true,
  lineLimit: 200,
  banner: { js: "const require = (await import('node:module')).createRequire(import.meta.url);" },
  define: {
    FAIRLEAD_VERSION: JSON.stringify(version),
    FAIRLEAD_COMMIT: JSON.stringify(findCommit()),
    FAIRLEAD_PAGE: JSON.stringify(await bundlePage(inputs)),
    FAIRLEAD_PLUGIN: JSON.stringify(plugin),
    FAIRLEAD_PARSER: JSON.stringify(await bundleParser(inputs)),
  },
});
for (const path of Object.keys(metafile.inputs)) inputs.add(path);
// For one character beyond Latin-1 V8 keeps the whole text in two bytes each. esbuild escapes those of texts, and leaves those of comments and
// regular expressions as they are; an escape means the same there.
const bundle = `${root}/dist/fairlead.mjs`;
writeFileSync(bundle, readFileSync(bundle, 'utf8').replaceAll(/[^\u0000-\u007f]/g, toEscape));
writeFileSync(`${root}/dist/THIRD-PARTY-LICENSES`, toLicenses(root, inputs));

const launcher = readFileSync(`${root}/scripts/launcher.js`, 'utf8');
const least = /\d+\.\d+/.exec(engines.node)[0];
writeFileSync(`${root}/dist/fairlead.js`, launcher.replaceAll('LEAST_NODE', least));
chmodSync(`${root}/dist/fairlead.js`, 0o755);
// Of a build before the bundle had a launcher.
rmSync(`${root}/dist/fairlead.js.map`, { force: true });

function toEscape(unit) {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Of the sources, as the builder of an image says or as git knows; empty where nobody does. */
function findCommit() {
  const said = process.env.SOURCE_COMMIT ?? '';
  if (said !== '' || !existsSync(`${root}/.git`)) return said;
  try {
    const args = ['describe', '--always', '--dirty', '--abbrev=12', '--exclude=*'];
    return execFileSync('git', args, {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return '';
  }
}
