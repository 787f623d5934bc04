// Bundles src/main.ts into dist/fairlead.js, the one file that runs. Says nothing when all is well.
import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundlePage } from './bundle-page.mjs';
import { bundleParser, common } from './bundle-parser.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
const pluginFolder = `${root}/traefik/plugins-local/src/fairlead.dev/gateway`;
const plugin = Object.fromEntries(
  readdirSync(pluginFolder).map((name) => [name, readFileSync(`${pluginFolder}/${name}`, 'utf8')]),
);
const outfile = `${root}/dist/fairlead.js`;

// Stands before everything else, so that an old Node gets this line and not a syntax error from the middle of the bundle.
const banner = `#!/usr/bin/env node
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error('fairlead: Node ' + process.versions.node + ' is too old; install Node 20.19 or later');
  process.exit(2);
}
const require = (await import('node:module')).createRequire(import.meta.url);`;

await build({
  ...common,
  entryPoints: ['src/main.ts'],
  outfile,
  format: 'esm',
  sourcemap: 'linked',
  banner: { js: banner },
  define: {
    FAIRLEAD_VERSION: JSON.stringify(version),
    FAIRLEAD_PAGE: JSON.stringify(await bundlePage()),
    FAIRLEAD_PLUGIN: JSON.stringify(plugin),
    FAIRLEAD_PARSER: JSON.stringify(await bundleParser()),
  },
});
chmodSync(outfile, 0o755);
