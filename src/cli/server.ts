import { confirmHeader } from '../http/admin/confirm.ts';
import { isObject } from '../lib/raw-object.ts';
import type { Io } from '../app/io.ts';
import { UsageError } from '../app/usage-error.ts';
import type { ServerAccess } from './server-options.ts';

/**
 * Asks the admin listener of a running Fairlead. Undefined when it knows no such thing (404). While it starts, which may leave
 * out anything, a line on standard error says so.
 * @throws UsageError when it cannot be reached or does not answer as a Fairlead does.
 */
export async function askServer<T>(
  { server, authorization }: ServerAccess,
  path: string,
  { err }: Pick<Io, 'err'>,
): Promise<T | undefined> {
  const url = toServerUrl(server, path);
  // Before the answer: what is asked for later is only more complete.
  const waitingFor = await readWaitingFor(toServerUrl(server, '/readyz'));
  if (waitingFor !== undefined)
    err(`fairlead: ${url.origin} is starting and does not know everything yet: it waits for ${waitingFor}\n`);
  const response = await get(url, authorization);
  if (response.status === 404) return undefined;
  await throwIfRefused(response, url, authorization);
  if (!response.ok)
    throw new UsageError(
      `${url.href} answered ${response.status}; give the URL of the admin listener of a Fairlead`,
    );
  // The other end is a Fairlead of the same release: its answers are ours to trust.
  return (await response.json()) as T;
}

/**
 * Tells a running Fairlead that a loss of a source, or of all, was meant. Resolves with the sources of which something was held back.
 * @throws UsageError when it cannot be reached or refuses.
 */
export async function confirmAt(
  { server, authorization }: ServerAccess,
  source: string | undefined,
): Promise<readonly string[]> {
  const url = toServerUrl(server, '/api/confirm');
  if (source !== undefined) url.searchParams.set('source', source);
  const response = await get(url, authorization, { method: 'POST', headers: { [confirmHeader]: 'yes' } });
  await throwIfRefused(response, url, authorization);
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw new UsageError(`${url.origin} refuses: ${toReason(body, response)}`);
  const confirmed = isObject(body) ? body['confirmed'] : undefined;
  return Array.isArray(confirmed) ? confirmed.map(String) : [];
}

async function throwIfRefused(
  response: Response,
  { origin }: URL,
  authorization: string | undefined,
): Promise<void> {
  if (response.status === 421 || response.status === 403)
    throw new UsageError(`${origin} refuses: ${await readRefusal(response)}; ask it on its own machine`);
  if (response.status === 401)
    throw new UsageError(
      `${origin} ${authorization === undefined ? 'lets nobody look without' : 'does not know this'} token or password; give one of admin.tokens by --token-file, or one of admin.users by --user and --password-file`,
    );
  if (response.status === 429)
    throw new UsageError(`${origin} is asked with too many passwords; try it again in a minute`);
}

/** Why a Fairlead refuses a request, as it says itself. */
async function readRefusal(response: Response): Promise<string> {
  return toReason(await response.json().catch(() => undefined), response);
}

function toReason(body: unknown, { status }: Response): string {
  return isObject(body) && typeof body['error'] === 'string' ? body['error'] : `status ${status}`;
}

async function get(
  url: URL,
  authorization?: string,
  init: { readonly method?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<Response> {
  const headers = { ...init.headers, ...(authorization !== undefined && { authorization }) };
  const signal = AbortSignal.timeout(10_000);
  try {
    return await fetch(url, { ...init, headers, redirect: 'error', signal });
  } catch (error) {
    const cause =
      error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new UsageError(
      `no Fairlead answers at ${url.origin} (${cause}); give the URL of its admin listener`,
    );
  }
}

/** What a Fairlead that starts is waiting for; undefined of one that is ready, and of anything that is no Fairlead. */
async function readWaitingFor(readyz: URL): Promise<string | undefined> {
  const response = await get(readyz);
  const body: unknown = await response.json().catch(() => undefined);
  if (response.status !== 503 || !isObject(body) || !Array.isArray(body['waitingFor'])) return undefined;
  return body['waitingFor'].join(', ') || 'its first configuration';
}

/** The URL of a path at a Fairlead. @throws UsageError when what was named is none. */
export function toServerUrl(server: string, path: string): URL {
  try {
    return new URL(path, server);
  } catch {
    throw new UsageError(`${JSON.stringify(server)} is not a URL; write for instance http://127.0.0.1:9081`);
  }
}
