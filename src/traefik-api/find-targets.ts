import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { ApiTarget } from './ask-api.ts';

/** So many Traefiks behind one name are asked. */
const mostAddresses = 50;

/**
 * The Traefiks behind one URL: the name of a headless Service, or of several hosts, stands for each of its addresses. A name that cannot be
 * looked up is one target, whose error says so when it is asked.
 */
export async function findTargets(url: string, timeoutMs: number): Promise<readonly ApiTarget[]> {
  const host = new URL(url).hostname.replaceAll(/[[\]]/g, '');
  const found =
    isIP(host) === 0 && host !== 'localhost' ? await lookup(host, { all: true }).catch(() => []) : [];
  const addresses = [...new Set(found.map(({ address }) => address))].sort().slice(0, mostAddresses);
  return addresses.length < 2
    ? [{ url, timeoutMs }]
    : addresses.map((address) => ({ url, timeoutMs, address }));
}

/** What a Traefik is called in everything that is shown. */
export function toTargetName({ url, address }: Pick<ApiTarget, 'address' | 'url'>): string {
  return address === undefined ? url : `${url} (${address})`;
}
