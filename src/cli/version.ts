import { newestMinor } from '../traefik/versions.ts';
import type { Command } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import * as sharedOptions from './shared-options.ts';

/** `fairlead version`: of the program and of what it works with. */
export const version: Command = {
  spec: {
    name: 'version',
    summary: 'Print the version, the commit it was built of, and the versions of Traefik it is for',
    options: { output: sharedOptions.output },
    examples: ['fairlead version', 'fairlead version --output json'],
  },
  run({ options }, io) {
    const { commit = '' } = io;
    const node = process.versions.node;
    const traefik = { from: '3.0', to: `3.${newestMinor}` };
    if (options.oneOf('output', ['text', 'json']) === 'json') {
      const known = { version: io.version, ...(commit !== '' && { commit }), node, traefik };
      io.out(`${JSON.stringify(known, null, 2)}\n`);
    } else {
      io.out(`fairlead ${io.version}${commit === '' ? '' : ` (commit ${commit})`}\n`);
      io.out(`Node ${node}\nTraefik ${traefik.from} to ${traefik.to}\n`);
    }
    return Promise.resolve(exitCodes.ok);
  },
};
