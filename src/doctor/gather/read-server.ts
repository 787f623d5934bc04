import { listBanks } from '../../model/bank.ts';
import { toDocumentName } from '../../model/document-name.ts';
import type { Settings } from '../../settings/settings.ts';
import { describeApiError } from '../../traefik-api/ask-api.ts';
import type { ServerFacts } from '../facts.ts';
import { request } from 'undici';

const timeoutMs = 3_000;

/**
 * What the Fairlead at a provider listener serves now. Never rejects.
 * @param url Of the listener, without a slash at its end.
 */
export async function readServer(url: string, { fleets, provider }: Settings): Promise<ServerFacts> {
  const revisions = new Map<string, string>();
  const [token] = provider.tokens;
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  let clockAheadMs: number | null = null;
  try {
    for (const fleet of fleets) {
      for (const bank of listBanks(fleet)) {
        const document = toDocumentName(fleet.name, bank);
        const answer = await request(`${url}/traefik/${document}`, {
          method: 'HEAD',
          headers,
          signal: AbortSignal.timeout(timeoutMs),
        });
        const revision = answer.headers['x-fairlead-revision'];
        const date = Date.parse(String(answer.headers['date']));
        if (!Number.isNaN(date)) clockAheadMs = date - Date.now();
        if (answer.statusCode === 200 && typeof revision === 'string') revisions.set(document, revision);
        else
          return {
            url,
            error: `it answered ${answer.statusCode} for /traefik/${document}`,
            clockAheadMs,
            revisions,
          };
      }
    }
    return { url, error: null, clockAheadMs, revisions };
  } catch (error) {
    return { url, error: describeApiError(error, timeoutMs), clockAheadMs, revisions };
  }
}
