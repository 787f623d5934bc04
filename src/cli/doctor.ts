import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { chooseFleet, openReplay, type ReplayRequest } from '../app/open-replay.ts';
import type { Io } from '../app/io.ts';
import { UsageError } from '../app/usage-error.ts';
import type { Facts } from '../doctor/facts.ts';
import type { Finding } from '../doctor/finding.ts';
import { gatherFacts } from '../doctor/gather/gather.ts';
import { diagnose } from '../doctor/rules.ts';
import { toReadErrorText } from '../lib/error-text.ts';
import { LedgerUnavailableError } from '../ports/ledger/ledger.ts';
import type { Settings } from '../settings/settings.ts';
import { parseTraefikApiUrl } from '../settings/traefik-api-url.ts';
import { clusterOptions, readCluster } from './cluster-options.ts';
import type { Command, Options } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { toListenUrl } from './listen-url.ts';
import { parseHttpUrl } from './parse-http-url.ts';
import * as sharedOptions from './shared-options.ts';

/** `fairlead doctor`: what is wrong with a set-up, and how to mend it. */
export const doctor: Command = {
  spec: {
    name: 'doctor',
    summary:
      'Find what is wrong with Traefiks, clusters, this machine and the configuration, and how to mend it',
    options: {
      config: sharedOptions.config,
      ...clusterOptions,
      traefik: {
        value: 'URL',
        multiple: true,
        help: 'the API of a Traefik; may be given several times (default: fleets[].api)',
      },
      static: {
        value: 'FILE',
        multiple: true,
        help: 'a static configuration of Traefik: traefik.yml, a file of arguments, or a manifest',
      },
      fleet: {
        value: 'NAME',
        help: 'the fleet of those Traefiks (default: that whose entryPoints they have)',
      },
      server: {
        value: 'URL',
        help: 'the provider listener that Traefiks ask (default, with a Traefik: listen.provider)',
      },
      output: sharedOptions.output,
    },
    finds: 'when it finds something',
    examples: [
      'fairlead doctor -c fairlead.yaml',
      'fairlead doctor --traefik http://127.0.0.1:8080 --static /etc/traefik/traefik.yml',
    ],
  },
  async run({ options }, io) {
    const given = options.texts('traefik').map(toApiUrl);
    const files = await Promise.all(options.texts('static').map((name) => readStaticFile(name, io)));
    const server = options.text('server');
    if (server !== undefined) parseHttpUrl('--server', server);
    const { settings, replay } = await openAnyway(
      { config: options.text('config'), cluster: readCluster(options), directories: [] },
      io,
    );
    const traefiks = given.length > 0 ? given : settings.fleets.flatMap(({ api = [] }) => api);
    const facts = await gatherFacts({
      settings,
      replay,
      traefiks,
      files,
      fleet: options.text('fleet') === undefined ? undefined : chooseFleet(settings, options.text('fleet')),
      server: server?.replace(/\/+$/, '') ?? (traefiks.length > 0 ? toOwnServer(settings) : undefined),
    });
    const findings = diagnose(facts);
    print(findings, facts, options, io);
    return findings.length === 0 ? exitCodes.ok : exitCodes.problems;
  },
};

function toApiUrl(text: string): string {
  const url = parseTraefikApiUrl(text);
  if (url.ok) return url.value;
  throw new UsageError(`--traefik ${JSON.stringify(text)} ${url.message}; ${url.hint}`);
}

async function readStaticFile(
  name: string,
  { cwd }: Io,
): Promise<{ readonly name: string; readonly text: string }> {
  try {
    return { name, text: await readFile(resolve(cwd, name), 'utf8') };
  } catch (error) {
    throw new UsageError(`--static ${name} cannot be read: ${toReadErrorText(error)}`, { cause: error });
  }
}

/** Also where the ledger cannot be read: why not is what is to be found. */
async function openAnyway(request: ReplayRequest, io: Io): ReturnType<typeof openReplay> {
  try {
    return await openReplay(request, io);
  } catch (error) {
    if (!(error instanceof LedgerUnavailableError)) throw error;
    return openReplay({ ...request, withoutLedger: true }, { ...io, err: () => undefined });
  }
}

/** Undefined where it may have a certificate that this machine does not trust, or a port that nobody knows. */
function toOwnServer({ listen, provider }: Settings): string | undefined {
  return provider.tls !== null || listen.provider.port === 0
    ? undefined
    : toListenUrl(listen.provider, 'http');
}

function print(findings: readonly Finding[], facts: Facts, options: Options, io: Io): void {
  const looked = {
    traefiks: facts.traefiks.map(({ name }) => name),
    clusters: facts.clusters.map(({ source }) => source),
    server: facts.server?.url ?? null,
  };
  if (options.oneOf('output', ['text', 'json']) === 'json') {
    io.out(`${JSON.stringify({ findings, looked }, null, 2)}\n`);
    return;
  }
  for (const { code, where, message, mend } of findings)
    io.out(`${code}: ${where}\n  ${message}.\n  Mend: ${mend}.\n\n`);
  const count = findings.length === 1 ? '1 finding' : `${findings.length} findings`;
  const verdict = findings.length === 0 ? 'Sound' : count;
  io.out(
    `${verdict}. Looked at this machine, ${describe('Traefik', looked.traefiks)}, ${describe('cluster', looked.clusters)}.\n`,
  );
  if (looked.traefiks.length === 0)
    io.out(
      'To look at Traefiks, name their APIs by --traefik or fleets[].api, or their static configurations by --static.\n',
    );
}

function describe(what: string, names: readonly string[]): string {
  if (names.length === 0) return `no ${what}`;
  const some = names.slice(0, 5).join(', ');
  const more = names.length > 5 ? ` and ${names.length - 5} more` : '';
  return `${names.length} ${what}${names.length === 1 ? '' : 's'} (${some}${more})`;
}
