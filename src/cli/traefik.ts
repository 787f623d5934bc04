import { toDocumentName } from '../model/document-name.ts';
import { toStaticConfigText } from '../traefik/static/format.ts';
import { findTlsGaps, providerTlsOptions, readProviderTls } from './provider-tls.ts';
import { toProviderUrl } from './provider-url.ts';
import type { Command } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { chooseBank, chooseFleet, readSettingsAloud } from '../app/open-replay.ts';
import * as sharedOptions from './shared-options.ts';

/** `fairlead traefik`: the static configuration that goes with a fleet. */
export const traefik: Command = {
  spec: {
    name: 'traefik',
    summary: 'Print the matching static configuration of Traefik',
    options: {
      config: sharedOptions.config,
      fleet: { value: 'NAME', help: 'the fleet (default: the first)' },
      bank: sharedOptions.bank,
      format: {
        value: 'yaml|args|helm|manifest',
        help: 'traefik.yml, command line, Helm values or DaemonSet (default: yaml)',
      },
      'provider-url': {
        value: 'URL',
        help: 'where Traefik reaches Fairlead (default: from listen.provider)',
      },
      ...providerTlsOptions,
    },
    examples: [
      'fairlead traefik > traefik.yml',
      'fairlead traefik --bank 1 --format manifest | kubectl apply --server-side -f -',
      'fairlead traefik --format helm --provider-url http://fairlead.fairlead-system:9080',
    ],
  },
  run({ options }, io) {
    const settings = readSettingsAloud({ config: options.text('config'), directories: [] }, io);
    const fleet = chooseFleet(settings, options.text('fleet'));
    const bank = chooseBank(fleet, options.text('bank'));
    const format = options.oneOf('format', ['yaml', 'args', 'helm', 'manifest']);
    const providerUrl = toProviderUrl(
      settings,
      toDocumentName(fleet.name, bank),
      options.text('provider-url'),
    );
    const { holdMs, tokens } = settings.provider;
    const tls = readProviderTls(options, providerUrl);
    for (const line of findTlsGaps(settings, tls, format === 'helm' || format === 'manifest'))
      io.err(`fairlead: ${line}\n`);
    io.out(toStaticConfigText(format, fleet, { bank, providerUrl, holdMs, token: tokens.length > 0, tls }));
    return Promise.resolve(exitCodes.ok);
  },
};
