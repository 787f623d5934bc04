import { headerName, headerValue } from './header-parsers.ts';
import { orOff, type Off } from './off.ts';
import { accept, quote, refuse, type Parsed, type Parser } from './parsers.ts';

type Headers = Readonly<Record<string, string>>;

/** More than any request or answer has. */
export const mostHeaders = 100;

/**
 * Those of single connections (RFC 9110, section 7.6.1), and what says where a message ends: Traefik manages them, and with another
 * value the next server may read one request as two, or take headers away that others rely on.
 */
const unchangeable: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** A host with an optional port. */
const host = /^(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/;

/** Lines `Name: value` into headers; those without a value are to be removed. Each name once, and at most `mostHeaders` of them. */
export function toHeaderLines(of: 'request' | 'response'): Parser<Headers | Off> {
  return orOff((text) => {
    const lines = text.split('\n', 10 * mostHeaders).map((line) => line.trim());
    const given = lines.filter((line) => line !== '');
    if (given.length === 0)
      return refuse('it names no header', 'Write lines such as "X-Tenant: shop", or remove the annotation.');
    if (given.length > mostHeaders) return refuse(`it has more than ${mostHeaders} headers`, 'Name fewer.');
    const headers = new Map<string, readonly [name: string, value: string]>();
    for (const line of given) {
      const parsed = toHeader(line, of);
      if (!parsed.ok) return parsed;
      const key = parsed.value[0].toLowerCase();
      if (headers.has(key))
        return refuse(`the header ${quote(parsed.value[0])} is set twice`, 'Write each header once.');
      headers.set(key, parsed.value);
    }
    return accept(Object.fromEntries(headers.values()));
  });
}

function toHeader(line: string, of: 'request' | 'response'): Parsed<readonly [string, string]> {
  const colon = line.indexOf(':');
  if (colon < 0)
    return refuse(`${quote(line)} is not "Name: value"`, 'Write lines such as "X-Tenant: shop".');
  const name = headerName(line.slice(0, colon));
  if (!name.ok) return name;
  const key = name.value.toLowerCase();
  if (unchangeable.has(key))
    return refuse(`the header ${quote(name.value)} is set by Traefik itself`, 'Remove that line.');
  const text = line.slice(colon + 1).trim();
  if (key === 'host' && of === 'request' && !host.test(text))
    return refuse(
      `${quote(text)} is not a host`,
      'Write a host such as "shop.example.com", or remove that line.',
    );
  const value = text === '' ? accept('') : headerValue(text);
  return value.ok ? accept([name.value, value.value]) : value;
}
