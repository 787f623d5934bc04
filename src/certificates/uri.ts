import { isIPv6 } from 'node:net';

/**
 * Whether Go reads a text as the URI of a certificate, by its rules for URLs and for the host in them. It takes no part in
 * what a certificate is for: one that Go cannot read costs the whole certificate.
 */
export function isReadableUri(text: string): boolean {
  const [whole, fragment] = cut(text, '#');
  if (/[\0-\x1f\x7f]/.test(whole) || whole.startsWith(':')) return false;
  if (fragment !== undefined && !hasWholeEscapes(fragment)) return false;
  if (whole === '*') return true;
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(whole)?.[1];
  const [rest] = cut(scheme === undefined ? whole : whole.slice(scheme.length + 1), '?');
  if (!rest.startsWith('/'))
    return scheme !== undefined || (!cut(rest, '/')[0].includes(':') && hasWholeEscapes(rest));
  if (!rest.startsWith('//') || (scheme === undefined && rest.startsWith('///')))
    return hasWholeEscapes(rest);
  const [authority] = cut(rest.slice(2), '/');
  return isAuthority(authority, scheme?.toLowerCase()) && hasWholeEscapes(rest.slice(2 + authority.length));
}

function isAuthority(authority: string, scheme: string | undefined): boolean {
  const at = authority.lastIndexOf('@');
  const user = authority.slice(0, Math.max(0, at));
  const host = authority.slice(at + 1);
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(user) || !hasWholeEscapes(user)) return false;
  const bracket = host.lastIndexOf('[');
  if (bracket > 0) return false;
  if (bracket === 0) return isLiteral(host);
  const colon = scheme === 'http' || scheme === 'https' ? host.indexOf(':') : host.lastIndexOf(':');
  if (colon >= 0 && !/^:[0-9]*$/.test(host.slice(colon))) return false;
  return isHost(host);
}

/** An address in brackets. One with a zone, which no certificate has, is not taken. */
function isLiteral(host: string): boolean {
  const [, address = '', port = ''] = /^\[([^\]]*)\](.*)$/.exec(host) ?? [];
  return isIPv6(address) && !address.includes('%') && /^(:[0-9]*)?$/.test(port);
}

/** Escapes stand for bytes beyond ASCII only, and such a byte is none of a domain name: so that there are none. */
function isHost(host: string): boolean {
  return (
    /^[A-Za-z0-9\-._~!$&'()*+,;=:[\]<>"]*$/.test(host) &&
    !host.endsWith('.') &&
    !(host.startsWith('.') || host.includes('..'))
  );
}

function hasWholeEscapes(text: string): boolean {
  return !/%(?![0-9A-Fa-f]{2})/.test(text);
}

/** The text before the first separator, and what follows it. */
function cut(text: string, separator: string): readonly [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
