import { isIP, isIPv6 } from 'node:net';
import { parseNamespacedName, parseSubdomain } from './names.ts';
import { accept, refuse, type Parsed } from '../lib/parsed.ts';
import type { AddressSource, ListenAddress } from './settings.ts';

/** `127.0.0.1:9080`, `localhost:9080`, `[::1]:9080`, `:9080` (every address of the machine). Port 0 takes a free one. */
export function parseListenAddress(text: string): Parsed<ListenAddress> {
  const match = /^(?:\[([^\]]*)\]|([^:[\]]*)):(\d+)$/.exec(text);
  const port = Number(match?.[3]);
  if (!match || port > 65535) {
    return refuse(
      'is not an address to listen on',
      'write host:port, such as 127.0.0.1:9080, [::1]:9080 or :9080',
    );
  }
  const [, bracketed, plain = ''] = match;
  if (bracketed !== undefined) {
    if (!isIPv6(bracketed)) return refuse('has no IPv6 address in its brackets', 'write it as [::1]:9080');
    return accept({ host: bracketed, port });
  }
  if (plain === '' || plain === '*') return accept({ host: '', port });
  return parseHost(plain).ok
    ? accept({ host: plain, port })
    : refuse('does not begin with a host name or an IP address', 'write it as 127.0.0.1:9080 or :9080');
}

/** A host name or an IP address, without a scheme and a port. */
export function parseHost(text: string): Parsed<string> {
  const name = parseSubdomain(text.toLowerCase());
  // A name of digits only is an address with a slip in it: no top-level domain is a number.
  if (isIP(text) !== 0 || (name.ok && !/(^|\.)\d+$/.test(text))) return accept(text);
  return refuse(
    'is not a host name or an IP address',
    'write it without scheme and port, such as edge.example.com or 192.0.2.1',
  );
}

/** An address of a fleet as it is configured: as it stands, or where it is looked up. */
export type FleetAddress = { readonly kind: 'fixed'; readonly address: string } | AddressSource;

/** `edge.example.com`, `192.0.2.1`, `service:namespace/name`, `endpoints:namespace/name`. */
export function parseFleetAddress(text: string): Parsed<FleetAddress> {
  const [, kind, of = ''] = /^(service|endpoints):(.*)$/.exec(text) ?? [];
  if (kind !== 'service' && kind !== 'endpoints') {
    const host = parseHost(text);
    return host.ok ? accept({ kind: 'fixed', address: host.value }) : host;
  }
  if (!parseNamespacedName(of).ok)
    return refuse('does not name a Service', `write ${kind}:namespace/name, such as ${kind}:traefik/traefik`);
  const [namespace = '', name = ''] = of.split('/');
  return accept({ kind, namespace, name });
}

/** `10.0.0.0/8`, `2001:db8::/32`. */
export function parseCidr(text: string): Parsed<string> {
  const match = /^([^/]+)\/(\d{1,3})$/.exec(text);
  const family = isIP(match?.[1] ?? text);
  if (!match) {
    if (family === 0) return refuse('is not a CIDR', 'write address/length, such as 10.0.0.0/8');
    return refuse('has no prefix length', `write ${text}/${family === 4 ? 32 : 128} for this one address`);
  }
  if (family === 0)
    return refuse('does not begin with an IP address', 'write it as 10.0.0.0/8 or 2001:db8::/32');
  const longest = family === 4 ? 32 : 128;
  if (Number(match[2]) > longest)
    return refuse('has too long a prefix', `an IPv${family} prefix has at most ${longest} bits`);
  return accept(text);
}
