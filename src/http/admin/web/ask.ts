/** The server could not give what was asked for; the message is for who looks. */
export class AskError extends Error {
  override readonly name = 'AskError';
  readonly status: number;

  constructor(message: string, status = 0) {
    super(message);
    this.status = status;
  }
}

/** The GET of an address below the page, as JSON. @throws AskError, and an `AbortError` when it was called off. */
export async function ask<T>(path: string, signal: AbortSignal): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, { signal, headers: { Accept: 'application/json' } });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new AskError('Fairlead does not answer');
  }
  if (response.ok) return (await response.json()) as T;
  throw new AskError(await readError(response), response.status);
}

async function readError(response: Response): Promise<string> {
  try {
    const body: unknown = await response.json();
    if (typeof body === 'object' && body !== null && 'error' in body) return String(body.error);
  } catch {
    // Then the status has to do.
  }
  return `Fairlead answered ${response.status}`;
}
