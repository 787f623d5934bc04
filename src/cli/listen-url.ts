import type { ListenAddress } from '../settings/settings.ts';
import { formatAddress } from '../http/listen-error.ts';

/** The URL of a listener for a client on the same machine: an address that means "all" is not one to connect to. */
export function toListenUrl({ host, port }: ListenAddress, scheme: 'http' | 'https'): string {
  const isAll = host === '' || host === '0.0.0.0' || host === '::';
  return `${scheme}://${formatAddress({ host: isAll ? '127.0.0.1' : host, port })}`;
}
