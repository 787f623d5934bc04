import path from 'node:path';
import { placePlugin } from '../edge/place-plugin.ts';
import { readPluginFiles } from '../app/plugin-files.ts';
import { toExperimental, type PluginFiles } from '../traefik/static/local-plugins.ts';
import { toDocumentName } from '../model/document-name.ts';
import type { Io } from '../app/io.ts';
import { UsageError } from '../app/usage-error.ts';
import type { ImportedNumber } from '../model/imported-port.ts';
import type { FleetSettings, Settings } from '../settings/settings.ts';
import { withImported } from '../traefik/static/with-imported.ts';
import { webContainerPorts } from '../traefik/static/listener-entry-points.ts';
import { listPoolEntryPoints } from '../traefik/static/pool-entry-points.ts';
import { toStaticConfigText, type StaticConfigFormat } from '../traefik/static/format.ts';
import { findTlsGaps, providerTlsOptions, readProviderTls } from './provider-tls.ts';
import { toProviderUrl } from './provider-url.ts';
import type { Command } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { chooseBank, chooseFleet, openReplay, type ReplayRequest } from '../app/open-replay.ts';
import { readSettingsAloud } from '../app/read-settings.ts';
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
      'plugin-dir': {
        value: 'DIR',
        help: 'also write the plugin of the fleet for Traefik into plugins-local of DIR, where Traefik is started',
      },
      ...providerTlsOptions,
    },
    examples: [
      'fairlead traefik > traefik.yml',
      'fairlead traefik --bank 1 --format manifest | kubectl apply --server-side -f -',
      'fairlead traefik --format helm --provider-url http://fairlead.fairlead-system:9080',
    ],
  },
  async run({ options }, io) {
    const request = { config: options.text('config'), directories: [] };
    const settings = readSettingsAloud(request, io);
    const configured = chooseFleet(settings, options.text('fleet'));
    const fleet = withImported(configured, await readImported(request, settings, configured, io));
    const bank = chooseBank(fleet, options.text('bank'));
    const format = options.oneOf('format', ['yaml', 'args', 'helm', 'manifest']);
    if (format === 'helm' || format === 'manifest') checkContainerPorts(fleet, bank);
    const providerUrl = toProviderUrl(
      settings,
      toDocumentName(fleet.name, bank),
      options.text('provider-url'),
    );
    const { holdMs, tokens } = settings.provider;
    const tls = readProviderTls(options, providerUrl);
    for (const line of findTlsGaps(settings, tls, format === 'helm' || format === 'manifest'))
      io.err(`fairlead: ${line}\n`);
    const pluginFiles = readPluginFiles();
    const token = tokens.length > 0;
    await writePlugin({ fleet, bank, format, folder: options.text('plugin-dir'), files: pluginFiles }, io);
    io.out(toStaticConfigText(format, fleet, { bank, providerUrl, holdMs, token, tls, pluginFiles }));
    return exitCodes.ok;
  },
};

/** In a container HTTP and HTTPS are on other ports than on a host: there a pool may have these. */
function checkContainerPorts(fleet: FleetSettings, bank: number): void {
  const taken = listPoolEntryPoints(fleet, bank).find(
    ({ port, protocol }) => protocol === 'tcp' && bank === 0 && webContainerPorts.includes(port),
  );
  if (taken === undefined) return;
  throw new UsageError(
    `a pool of fleet ${fleet.name} contains ${taken.port}, where HTTP or HTTPS listens in the container; move the pool: two cannot listen on one port`,
  );
}

interface PluginRequest {
  readonly fleet: FleetSettings;
  readonly bank: number;
  readonly format: StaticConfigFormat;
  /** Where it is asked for. */
  readonly folder: string | undefined;
  readonly files: PluginFiles;
}

/** The formats for clusters hold its files themselves. */
async function writePlugin({ fleet, bank, format, folder, files }: PluginRequest, io: Io): Promise<void> {
  const isWanted = toExperimental(fleet, bank) !== undefined && (format === 'yaml' || format === 'args');
  if (folder !== undefined) {
    if (!isWanted)
      throw new UsageError('--plugin-dir is for a fleet with plugins, and the formats yaml and args');
    await placePlugin(path.resolve(io.cwd, folder), files);
  } else if (isWanted)
    io.err(
      `fairlead: the fleet ${fleet.name} has a plugin, whose files Traefik looks for where it is started: --plugin-dir DIR writes them\n`,
    );
}

/** The numbers of the fleet's imports: the only part that takes a look at the sources. */
async function readImported(
  request: ReplayRequest,
  { imports }: Settings,
  { name }: FleetSettings,
  io: Io,
): Promise<readonly ImportedNumber[]> {
  const own = imports.filter(({ fleet }) => fleet === name);
  if (own.length === 0) return [];
  const { replay } = await openReplay(request, io);
  const broken = replay.inspection
    .sources()
    .find((row) => row.state !== 'synced' && own.some(({ source }) => source === row.name));
  if (broken !== undefined)
    throw new UsageError(
      `source ${broken.name} could not be read, so that the ports of imports are not known: ${broken.detail}`,
    );
  return replay.inspection.importedNumbers();
}
