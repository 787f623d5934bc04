import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { buildApiServer } from './apiserver.ts';
import { buildFairlead, BUILT_VARIABLE, projectRoot } from './fairlead.ts';
import { countLanes, select, toLanes, type Selection } from './lanes.ts';
import { findTraefik, probePrivateNetwork, runInPrivateNetwork, type Missing } from './private-network.ts';
import { runLanes } from './run-lanes.ts';

const folder = 'test/e2e';

const selections: Readonly<Record<string, Selection>> = { '--long': 'long', '--short': 'short' };

/**
 * Runs vitest's project `e2e`: without arguments all of it, in lanes side by side, with `--short` or `--long` a part of it (see
 * `longFiles`); else with these arguments, in one private network. Resolves with the exit status. Where something is missing it says so at length and resolves with 0, or with 1
 * when FAIRLEAD_E2E is `required`.
 */
export async function runEndToEnd(args: readonly string[]): Promise<number> {
  const traefik = findTraefik();
  const network = probePrivateNetwork();
  if (typeof traefik !== 'string' || network.kind === 'unavailable') {
    const tools = network.kind === 'unavailable' ? network.missing : [];
    return skip(typeof traefik === 'string' ? tools : [traefik, ...tools]);
  }
  const hasApiServer = buildApiServer();
  await buildFairlead();
  const env = { TRAEFIK_BIN: traefik, [BUILT_VARIABLE]: '1' };
  const selection = args.length === 0 ? 'all' : selections[args.join(' ')];
  // Those of the long run wait even more than the others.
  const count = countLanes() + (selection === 'long' ? 1 : 0);
  const lanes = selection === undefined ? [] : toLanes(select(listFiles(), selection), count);
  const status =
    lanes.length > 1
      ? await runLanes(lanes, (files) => vitest('run', files), network.flags, env)
      : await runInPrivateNetwork(network.flags, vitest('run', args), env);
  if (!hasApiServer) {
    shout('EVERY TEST THAT NEEDS A KUBERNETES API SERVER WAS SKIPPED, about half of them.', [
      {
        what: 'no API server',
        remedy: 'CONTRIBUTING.md says how to get one, under "The rest of the tests".',
      },
    ]);
  }
  return status;
}

function listFiles(): readonly string[] {
  const names = readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.e2e.ts')).map((name) => join(folder, name));
}

function vitest(command: 'run' | 'list', args: readonly string[]): readonly string[] {
  const manifest = createRequire(import.meta.url).resolve('vitest/package.json');
  return [process.execPath, join(dirname(manifest), 'vitest.mjs'), command, '--project', 'e2e', ...args];
}

/** Says what is missing, and the count in the words of vitest, so that a sum over all output has it. */
function skip(missing: readonly Missing[]): number {
  const required = process.env['FAIRLEAD_E2E'] === 'required';
  shout(
    'THE END-TO-END TESTS DID NOT RUN: nothing was tested against a real Traefik.',
    missing,
    required
      ? 'FAIRLEAD_E2E=required: this counts as a failure.'
      : 'Set FAIRLEAD_E2E=required to count this as a failure.',
  );
  const count = countTests();
  console.log(`\n      Tests  ${count} skipped (${count})`);
  return required ? 1 : 0;
}

/** All tests, those included that need an API server. NaN when they cannot be listed. */
function countTests(): number {
  const [node = process.execPath, ...args] = vitest('list', ['--json', '--no-isolate']);
  const { stdout } = spawnSync(node, args, {
    cwd: projectRoot,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    // Any file does: nothing of it runs.
    env: { ...process.env, APISERVER_BIN: process.execPath },
  });
  const list = z.array(z.unknown()).safeParse(JSON.parse(stdout.slice(stdout.indexOf('['))));
  return list.data?.length ?? Number.NaN;
}

function shout(headline: string, missing: readonly Missing[], last?: string): void {
  const bar = '!'.repeat(100);
  const reasons = missing.flatMap(({ what, remedy }) => [`!!  - ${what}`, `!!    ${remedy}`]);
  const end = last === undefined ? [] : [`!!  ${last}`];
  console.log([bar, `!!  ${headline}`, ...reasons, ...end, bar].join('\n'));
}
