import type { ListenAddress } from '../settings/settings.ts';

/** A listener could not be started. The message is one line for the user, with the way out. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/** `setting` is the field that holds the address, such as `listen.provider`. */
export function toListenError(error: unknown, address: ListenAddress, setting: string): ListenError {
  const where = `cannot listen on ${formatAddress(address)} (${setting})`;
  return new ListenError(`${where}: ${toReason(error, address)}`, { cause: error });
}

/** `127.0.0.1:9080` or `[::1]:9080`. */
export function formatAddress({ host, port }: ListenAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function toReason(error: unknown, { host, port }: ListenAddress): string {
  switch (toCode(error)) {
    case 'EADDRINUSE':
      return `another process listens there already, perhaps another Fairlead ("ss -ltnp 'sport = :${port}'" shows which); stop it or choose another address`;
    case 'EACCES':
      return `this user may not open port ${port}; choose one from 1024 on, or grant CAP_NET_BIND_SERVICE`;
    case 'EADDRNOTAVAIL':
      return `no network interface of this host has the address ${host}; choose one that exists, or 0.0.0.0 for all`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the name ${host} cannot be resolved; use an IP address`;
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

function toCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
