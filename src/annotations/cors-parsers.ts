import type { MiddlewareOf } from '../traefik/http-middleware.ts';
import { toLiteralPattern } from '../traefik/re2.ts';
import { headerName } from './header-parsers.ts';
import { accept, list, quote, refuse, type Parser } from './parsers.ts';

/** Names of headers. */
export const headerNames: Parser<readonly string[]> = list(headerName);

const method: Parser<string> = (text) =>
  text === '*' || /^[A-Z-]{1,30}$/.test(text)
    ? accept(text)
    : refuse(`${quote(text)} is not a method`, 'Write methods such as "GET, POST".');

/** `https://shop.example.com:8443`, or with `*.` for one label before it. */
const origin: Parser<string> = (text) =>
  text === '*' ||
  text === 'null' ||
  /^[a-z][a-z0-9+.-]{0,30}:\/\/(?:\*\.)?[A-Za-z0-9._-]{1,253}(?::\d{1,5})?$/.test(text)
    ? accept(text)
    : refuse(
        `${quote(text)} is not an origin`,
        'Write "*", or origins such as "https://shop.example.com" or "https://*.example.com:8443".',
      );

/** Methods, or `*`. */
export const methodList: Parser<readonly string[]> = list(method);

/** Origins, of which each may begin with a wildcard of one label, or `*` for all. */
export const originList: Parser<readonly string[]> = list(origin);

/** The origins as Traefik's middleware takes them: as they are, and those with a wildcard as regular expressions. */
export function toOriginOptions(
  origins: readonly string[],
): Pick<MiddlewareOf<'headers'>, 'accessControlAllowOriginList' | 'accessControlAllowOriginListRegex'> {
  const plain = origins.filter((each) => !hasWildcard(each));
  const patterns = origins.filter(hasWildcard).map((each) => {
    const [scheme = '', rest = ''] = each.split('*.');
    return `^${toLiteralPattern(scheme)}[A-Za-z0-9-]+\\.${toLiteralPattern(rest)}$`;
  });
  return {
    ...(plain.length > 0 && { accessControlAllowOriginList: plain }),
    ...(patterns.length > 0 && { accessControlAllowOriginListRegex: patterns }),
  };
}

function hasWildcard(each: string): boolean {
  return each.includes('//*.');
}
