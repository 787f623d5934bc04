import { readSettings } from '../app/read-settings.ts';
import type { Command } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { toListenUrl } from './listen-url.ts';
import { confirmAt } from './server.ts';
import { readServerAccess, serverOptions } from './server-options.ts';
import * as sharedOptions from './shared-options.ts';

/** `fairlead confirm`: a loss of most routes was meant; what is held back goes at once. */
export const confirm: Command = {
  spec: {
    name: 'confirm',
    summary:
      'Say that a loss of most routes at once was meant: what a running Fairlead holds back of it goes',
    options: {
      source: { value: 'NAME', help: 'only of this source (default: of all)' },
      config: sharedOptions.config,
      ...serverOptions,
      server: {
        value: 'URL',
        help: 'the admin listener (default: the one that the configuration names)',
      },
    },
    examples: ['fairlead confirm', 'fairlead confirm --source prod --server http://127.0.0.1:9081'],
  },
  async run({ options }, io) {
    const request = { config: options.text('config'), directories: [] };
    const own = options.text('server') ?? toListenUrl(readSettings(request, io).listen.admin, 'http');
    const server = (await readServerAccess(options, io, own)) ?? { server: own };
    const confirmed = await confirmAt(server, options.text('source'));
    io.out(
      confirmed.length === 0
        ? 'Nothing was held back.\n'
        : `Confirmed: what was lost of ${confirmed.join(', ')} is not served any more.\n`,
    );
    return exitCodes.ok;
  },
};
