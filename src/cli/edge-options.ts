import { hostname } from 'node:os';
import { isIP } from 'node:net';
import path from 'node:path';
import type { Io } from '../app/io.ts';
import { UsageError } from '../app/usage-error.ts';
import { parseDuration } from '../lib/units.ts';
import { readRegularFileSync } from '../lib/read-regular-file.ts';
import { toReadErrorText } from '../lib/error-text.ts';
import { type ProviderTlsFiles, tokenVariable } from '../traefik/static/static-config.ts';
import type { OptionSpec, Options } from './command.ts';
import { parseHttpUrl } from './parse-http-url.ts';
import { demandToken, readSecretFile } from './read-secret-file.ts';
import { readStaticFile } from './static-file.ts';

/** The options of `fairlead edge`. */
export const edgeOptions: Readonly<Record<string, OptionSpec>> = {
  server: {
    value: 'URL',
    help: 'the provider listener of Fairlead, such as https://fairlead.example.com:9080',
  },
  fleet: { value: 'NAME', help: 'the fleet (default: the first)' },
  traefik: { value: 'PATH', help: 'the program (default: traefik on the PATH)' },
  dir: {
    value: 'DIR',
    help: 'where the configurations of the Traefiks are kept (default: ./fairlead-edge)',
  },
  'token-file': {
    value: 'FILE',
    help: `one of provider.tokens (default: the environment variable ${tokenVariable}, if set)`,
  },
  ca: { value: 'FILE', help: 'the authority of provider.tls (default: those that this host trusts)' },
  cert: { value: 'FILE', help: 'the certificate of this host, for provider.tls.clientCA' },
  key: { value: 'FILE', help: 'its key' },
  host: { value: 'NAME', help: 'the name of this host, one of its own (default: its hostname)' },
  bind: {
    value: 'IP',
    help: 'listen on this address of the host, with /ready (default: on all, and /ready on 127.0.0.1)',
  },
  static: {
    value: 'FILE',
    help: 'more static configuration for each Traefik, as YAML: access log, metrics, certificate resolvers',
  },
  grace: {
    value: 'DURATION',
    help: 'how long open connections may go on when a Traefik ends (default: as the fleet says, 300s)',
  },
  replace: {
    help: 'when a static configuration changes: start a Traefik with the new one beside the old one, then end that',
  },
};

/** What `fairlead edge` was called with. Paths are absolute, but for a program that is looked for on the PATH. */
export interface EdgeArguments {
  /** Without `/` at its end. */
  readonly server: string;
  readonly fleet: string | undefined;
  readonly traefik: string;
  readonly folder: string;
  /** Reads the token again. @throws UsageError */
  readonly readToken: () => Promise<string | undefined>;
  readonly tls: ProviderTlsFiles | undefined;
  readonly host: string;
  readonly bind: string | undefined;
  /** Of `--static`; empty: nothing. */
  readonly more: Readonly<Record<string, unknown>>;
  readonly graceMs: number | undefined;
  readonly replace: boolean;
}

/** @throws UsageError */
export function readEdgeArguments(options: Options, { cwd, env }: Io): EdgeArguments {
  const server = options.text('server');
  if (server === undefined)
    throw new UsageError('--server is missing; give the URL of the provider listener of a Fairlead');
  const url = parseHttpUrl('--server', server);
  const traefik = options.text('traefik') ?? 'traefik';
  const tokenFile = options.text('token-file');
  const file = options.text('static');
  return {
    server: url.href.replace(/\/+$/, ''),
    fleet: options.text('fleet'),
    traefik: traefik.includes('/') ? path.resolve(cwd, traefik) : traefik,
    folder: path.resolve(cwd, options.text('dir') ?? 'fairlead-edge'),
    readToken: () =>
      tokenFile === undefined
        ? Promise.resolve(readTokenVariable(env[tokenVariable]))
        : readTokenFile(path.resolve(cwd, tokenFile)),
    tls: readTls(options, url, cwd),
    host: readHost(options.text('host') ?? hostname()),
    bind: readBind(options.text('bind')),
    more: file === undefined ? {} : readStaticFile(path.resolve(cwd, file)),
    graceMs: readGrace(options.text('grace')),
    replace: options.flag('replace'),
  };
}

function readTls(options: Options, url: URL, cwd: string): ProviderTlsFiles | undefined {
  const [ca, cert, key] = ['ca', 'cert', 'key'].map((name) => {
    const file = options.text(name);
    return file === undefined ? undefined : path.resolve(cwd, file);
  });
  if ((cert === undefined) !== (key === undefined))
    throw new UsageError('--cert and --key go together; give both');
  if (ca === undefined && cert === undefined) return undefined;
  if (url.protocol !== 'https:')
    throw new UsageError(
      `${ca === undefined ? '--cert' : '--ca'} is of no use with ${url.origin}; give an https URL by --server`,
    );
  for (const [option, file] of Object.entries({ ca, cert, key })) {
    if (file !== undefined) checkReadable(option, file);
  }
  return { ...(ca !== undefined && { ca }), ...(cert !== undefined && key !== undefined && { cert, key }) };
}

function checkReadable(option: string, file: string): void {
  try {
    readRegularFileSync(file, 1 << 20);
  } catch (error) {
    throw new UsageError(`--${option} ${file} cannot be read: ${toReadErrorText(error)}`, { cause: error });
  }
}

async function readTokenFile(file: string): Promise<string> {
  return demandToken(
    await readSecretFile('--token-file', file, 'one of provider.tokens'),
    file,
    'provider.tokens',
  );
}

function readTokenVariable(text = ''): string | undefined {
  const token = text.trim();
  return token === '' ? undefined : demandToken(token, tokenVariable, 'provider.tokens');
}

function readHost(name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,252}$/.test(name)) return name;
  throw new UsageError(
    `${JSON.stringify(name)} is no name for a host; give one of letters, digits, dots and hyphens by --host`,
  );
}

function readBind(address: string | undefined): string | undefined {
  if (address === undefined || isIP(address) !== 0) return address;
  throw new UsageError(`--bind ${JSON.stringify(address)} is no IP address; write for instance 192.0.2.10`);
}

function readGrace(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const grace = parseDuration(text);
  if (grace.ok) return grace.value;
  throw new UsageError(`--grace ${JSON.stringify(text)} ${grace.message}; ${grace.hint}`);
}
