import { UsageError } from './usage-error.ts';

/**
 * Asks the admin listener of a running Fairlead. Undefined when it knows no such thing (404).
 * @throws UsageError when it cannot be reached or does not answer as a Fairlead does.
 */
export async function askServer<T>(server: string, path: string): Promise<T | undefined> {
  const url = toUrl(server, path);
  let response: Response;
  try {
    response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  } catch (error) {
    const cause =
      error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new UsageError(
      `no Fairlead answers at ${url.origin} (${cause}); give the URL of its admin listener`,
    );
  }
  if (response.status === 404) return undefined;
  if (!response.ok)
    throw new UsageError(
      `${url.href} answered ${response.status}; give the URL of the admin listener of a Fairlead`,
    );
  // The other end is a Fairlead of the same release: its answers are ours to trust.
  return (await response.json()) as T;
}

function toUrl(server: string, path: string): URL {
  try {
    return new URL(path, server);
  } catch {
    throw new UsageError(`${JSON.stringify(server)} is not a URL; write for instance http://127.0.0.1:9081`);
  }
}
