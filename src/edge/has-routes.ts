import { fetch } from 'undici';

const timeoutMs = 2_000;

/**
 * Whether a Traefik has applied an answer of Fairlead, by the API of that very process: `/ready` would be answered by any of two
 * that listen on one port. No document is without routers, since the free ports of a pool have one, and so does `/ready`.
 * @param api Such as `127.0.0.1:40123`. What does not answer has no routes.
 */
export async function hasRoutes(api: string): Promise<boolean> {
  for (const protocol of ['tcp', 'http', 'udp']) {
    if (await hasRouter(`http://${api}/api/${protocol}/routers?search=%40http&per_page=1`)) return true;
  }
  return false;
}

async function hasRouter(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    const rows = await response.json();
    return response.ok && Array.isArray(rows) && rows.length > 0;
  } catch {
    return false;
  }
}
