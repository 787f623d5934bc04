import { defineFeature } from '../feature.ts';
import { accept, integer, oneOf, quote, refuse, toValue, type Parser } from '../parsers.ts';
import type { StickyCookie } from '../../traefik/http-service.ts';
import { traefikPrefix } from './keys.ts';
import { flag, goBoolean } from './values.ts';

/** Traefik writes `_` for what a name must not have. */
const cookieName: Parser<string> = (text) => {
  const name = toValue(text);
  return /^[\x20-\x7e]{1,200}$/.test(name)
    ? accept(name.replaceAll(/[^A-Za-z0-9!#$%&'*+.^`|~-]/g, '_'))
    : refuse(`${quote(text)} is not a cookie name`, 'Use letters, digits, "-" and "_".');
};

const cookiePath: Parser<string> = (text) =>
  /^\/[^;\s\p{C}]{0,200}$/u.test(toValue(text))
    ? accept(toValue(text))
    : refuse(`${quote(text)} is not a path`, 'Write a path such as "/".');

const cookieDomain: Parser<string> = (text) =>
  /^\.?[A-Za-z0-9._-]{1,200}$/.test(toValue(text))
    ? accept(toValue(text))
    : refuse(`${quote(text)} is not a domain`, 'Write a domain such as "example.com".');

const sameSite = oneOf('none', 'lax', 'strict');
const seconds = integer(-2_147_483_648, 2_147_483_647);
const needs = `${traefikPrefix}service.sticky.cookie`;
const rest = { on: ['Service'], whenInvalid: 'use-default' } as const;
const yesOrNo = {
  ...rest,
  parse: goBoolean,
  value: '`"true"` or `"false"` (default)',
  example: 'true',
} as const;
const key = (name: string): string => `${needs}.${name}`;

/** Keeping clients at the endpoint of their first request, by the annotations of Traefik's own provider. */
export const traefikSticky = defineFeature({
  name: 'traefik-sticky',
  annotations: {
    sticky: {
      ...yesOrNo,
      parse: flag,
      key: `${traefikPrefix}service.sticky`,
      doc: 'Does nothing by itself, as in Traefik: set `service.sticky.cookie`. `"false"` switches that off.',
      needs,
    },
    cookie: {
      ...yesOrNo,
      parse: flag,
      key: needs,
      isSwitch: true,
      doc: 'Keeps clients at the endpoint of their first request by a cookie. Without `service.sticky.cookie.name` the cookie has the name that Traefik gives it, so that sessions outlive the move. Any of the annotations below switches it on as well, `"false"` switches all of them off.',
    },
    name: {
      ...rest,
      key: key('name'),
      parse: cookieName,
      value: 'a cookie name',
      example: 'route',
      doc: 'The name of the cookie.',
    },
    secure: { ...yesOrNo, key: key('secure'), doc: 'Whether the cookie is for HTTPS alone.' },
    httpOnly: { ...yesOrNo, key: key('httponly'), doc: 'Whether scripts cannot read the cookie.' },
    sameSite: {
      ...rest,
      key: key('samesite'),
      parse: sameSite,
      value: '`none`, `lax` or `strict`',
      example: 'lax',
      doc: 'When browsers send the cookie with requests that come from other sites.',
    },
    maxAge: {
      ...rest,
      key: key('maxage'),
      parse: seconds,
      value: 'seconds; 0 (default): until the browser is closed',
      example: '3600',
      doc: 'How long browsers keep the cookie.',
    },
    path: {
      ...rest,
      key: key('path'),
      parse: cookiePath,
      value: 'a path (default `/`)',
      example: '/shop',
      doc: 'For which paths the cookie is. Traefik has this from 3.3 on.',
    },
    domain: {
      ...rest,
      key: key('domain'),
      parse: cookieDomain,
      value: 'a domain',
      example: 'example.com',
      doc: 'For which domain the cookie is. Traefik has this from 3.4 on.',
    },
  },
  apply: ({ sticky, cookie: isOn, ...options }) => {
    if (sticky === false || isOn === false) return {};
    const given = Object.entries(options).filter(([, value]) => value !== undefined);
    if (isOn !== true && given.length === 0) return {};
    const cookie: StickyCookie = Object.fromEntries(given);
    return { loadBalancer: { sticky: { cookie: given.length === 0 ? true : cookie } } };
  },
});
