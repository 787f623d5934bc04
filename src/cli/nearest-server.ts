import { namesCluster } from '../app/choose-cluster.ts';
import type { Io } from '../app/io.ts';
import { isOriginNamed, type SettingsOrigin } from '../app/read-settings.ts';
import { UsageError } from '../app/usage-error.ts';
import { isObject } from '../lib/raw-object.ts';
import { embeddedSettings } from '../settings/embedded.ts';
import type { Options } from './command.ts';
import { toListenUrl } from './listen-url.ts';
import { readServerAccess, type ServerAccess } from './server-options.ts';

/** It is on this machine: it answers at once, or is not there. */
const patienceMs = 1_000;

/**
 * The Fairlead to ask: that of `--server`; else, where nothing says what to read, one that runs on this machine where its admin listener is
 * by default, which a line on standard error says. Undefined where nobody is to be asked.
 * @throws UsageError
 */
export async function readNearestServer(
  options: Options,
  origin: SettingsOrigin,
  io: Io,
): Promise<ServerAccess | undefined> {
  const named = options.text('server');
  if (named !== undefined && (origin.directories.length > 0 || namesCluster(origin.cluster)))
    throw new UsageError(
      `--server is for a running Fairlead, and ${origin.directories.length > 0 ? 'folders are' : 'a cluster is'} named; leave out one of them`,
    );
  if (named !== undefined || isOriginNamed(origin, io)) return readServerAccess(options, io);
  const url = toListenUrl(embeddedSettings(io).listen.admin, 'http');
  if (!(await isFairlead(url))) return readServerAccess(options, io);
  io.err(`fairlead: no configuration: asking the Fairlead at ${url}\n`);
  return readServerAccess(options, io, url);
}

async function isFairlead(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/readyz`, {
      redirect: 'error',
      signal: AbortSignal.timeout(patienceMs),
    });
    const body: unknown = await response.json();
    return isObject(body) && ['draining', 'ready', 'starting'].includes(String(body['status']));
  } catch {
    return false;
  }
}
