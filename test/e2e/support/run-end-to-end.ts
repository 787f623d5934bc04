import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { findTraefik, probePrivateNetwork, runInPrivateNetwork, type Missing } from './private-network.ts';

/**
 * Runs vitest's project `e2e` in a private network; resolves with the exit status. Where something is missing it
 * says so at length and resolves with 0, or with 1 when FAIRLEAD_E2E is `required`.
 */
export async function runEndToEnd(args: readonly string[]): Promise<number> {
  const traefik = findTraefik();
  const network = probePrivateNetwork();
  if (typeof traefik !== 'string' || network.kind === 'unavailable') {
    const tools = network.kind === 'unavailable' ? network.missing : [];
    return skip(typeof traefik === 'string' ? tools : [traefik, ...tools]);
  }
  return runInPrivateNetwork(
    network.flags,
    [process.execPath, findVitest(), 'run', '--project', 'e2e', ...args],
    {
      TRAEFIK_BIN: traefik,
    },
  );
}

function findVitest(): string {
  const manifest = createRequire(import.meta.url).resolve('vitest/package.json');
  return join(dirname(manifest), 'vitest.mjs');
}

function skip(missing: readonly Missing[]): number {
  const required = process.env['FAIRLEAD_E2E'] === 'required';
  const bar = '!'.repeat(100);
  const lines = [
    bar,
    '!!  THE END-TO-END TESTS DID NOT RUN: nothing was tested against a real Traefik.',
    ...missing.flatMap(({ what, remedy }) => [`!!  - ${what}`, `!!    ${remedy}`]),
    required
      ? '!!  FAIRLEAD_E2E=required: this counts as a failure.'
      : '!!  Set FAIRLEAD_E2E=required to count this as a failure.',
    bar,
  ];
  console.log(lines.join('\n'));
  return required ? 1 : 0;
}
