import type { Port } from '../model/port.ts';
import { toPortOf } from '../model/allocated-key.ts';

/** The key of the annotation with the addresses of all exposed ports: `mysql=edge.example.com:26735,kafka.kafka-0=...`. */
export const addressesKey = 'fairlead.dev/addresses';

/** One item of it. */
export interface WrittenAddress {
  /** Of the Service port, its number when it has no name; of that of an endpoint as `toPartName` has it. */
  readonly name: string;
  /** A host name or an IP address, without brackets. */
  readonly host: string;
  readonly port: Port;
}

/** More than a Service with every port of a pool on several addresses has; what comes after is not ours. */
const longest = 256 * 1024;

/**
 * The items of the annotation; whatever is none is left out. Anybody may have written it, so each character is looked at once:
 * the name ends at the first `=`, the port begins after the last `:`.
 */
export function readAddresses(text: string): readonly WrittenAddress[] {
  const addresses: WrittenAddress[] = [];
  for (const item of text.slice(0, longest).split(',')) {
    const equals = item.indexOf('=');
    const colon = item.lastIndexOf(':');
    if (equals < 1 || colon <= equals + 1) continue;
    const port = toPortOf(item.slice(colon + 1));
    const name = item.slice(0, equals).trim();
    if (port !== undefined && name !== '')
      addresses.push({ name, host: withoutBrackets(item.slice(equals + 1, colon)), port });
  }
  return addresses;
}

function withoutBrackets(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
}
