import { execFileSync } from 'node:child_process';
import { isPrivateNetwork } from '../test/e2e/support/local-address.ts';
import {
  findTraefik,
  probePrivateNetwork,
  runInPrivateNetwork,
} from '../test/e2e/support/private-network.ts';

/**
 * Runs a benchmark with a Traefik in a private network, in which it has all ports: this program starts once more in there. Resolves with
 * the exit status; without a Traefik or such a network it says what is missing.
 * @param program The path of the program, with its arguments.
 */
export async function inPrivateNetwork(
  program: readonly string[],
  run: () => Promise<void>,
): Promise<number> {
  const traefik = findTraefik();
  if (typeof traefik !== 'string') {
    console.log(`This needs Traefik (${traefik.what}). ${traefik.remedy}`);
    return 1;
  }
  if (isPrivateNetwork()) {
    // The processes have other numbers here than outside.
    execFileSync('mount', ['-t', 'proc', 'proc', '/proc']);
    await run();
    return 0;
  }
  const network = probePrivateNetwork();
  if (network.kind === 'unavailable') {
    for (const { what, remedy } of network.missing)
      console.log(`This needs a private network (${what}). ${remedy}`);
    return 1;
  }
  const self = [process.execPath, '--import', import.meta.resolve('tsx'), ...program];
  return runInPrivateNetwork(network.flags, self, { TRAEFIK_BIN: traefik });
}
