import { accept, boolean, integer, oneOf, quote, refuse, toValue, type Parser } from '../parsers.ts';
import { defineFeature } from '../feature.ts';
import { cookieName } from '../header-parsers.ts';
import type { StickyCookie } from '../../traefik/http-service.ts';

const kind = oneOf('cookie');
const mode = oneOf('balanced', 'persistent');
const sameSite = oneOf('None', 'Lax', 'Strict');
const seconds = integer(0, 2_000_000_000);

const cookiePath: Parser<string> = (text) => {
  const value = toValue(text);
  return /^\/[^;\s\x00-\x20\x7f…]{0,299}$/.test(value)
    ? accept(value)
    : refuse(`${quote(text)} is not the path of a cookie`, 'Write a path such as "/shop".');
};

const cookieDomain: Parser<string> = (text) => {
  const value = toValue(text);
  return /^\.?[A-Za-z0-9._-]{1,253}$/.test(value)
    ? accept(value)
    : refuse(`${quote(text)} is not the domain of a cookie`, 'Write a domain such as "example.com".');
};

const affinityKey = 'nginx.ingress.kubernetes.io/affinity';

/** Keeping a client at one endpoint, by a cookie. */
export const sessionAffinity = defineFeature({
  name: 'session-affinity',
  annotations: {
    affinity: {
      key: affinityKey,
      on: ['Ingress'],
      parse: kind,
      whenInvalid: 'use-default',
      value: '`cookie`',
      example: 'cookie',
      doc: 'Keeps a client at the endpoint of its first request, by a cookie.',
      differs:
        'Traefik does not know the cookies that nginx has set: when you change over, clients get a new endpoint.',
    },
    mode: {
      key: 'nginx.ingress.kubernetes.io/affinity-mode',
      on: ['Ingress'],
      parse: mode,
      whenInvalid: 'use-default',
      value: '`balanced` (default) or `persistent`',
      example: 'persistent',
      doc: 'Whether existing sessions are spread again when endpoints are added.',
      differs:
        'Traefik always does what `persistent` means: clients stay at their endpoint for as long as it exists.',
      isTuning: true,
    },
    name: {
      key: 'nginx.ingress.kubernetes.io/session-cookie-name',
      on: ['Ingress'],
      parse: cookieName,
      whenInvalid: 'use-default',
      value: 'the name of a cookie; default `INGRESSCOOKIE`',
      example: 'route',
      doc: 'The name of the cookie.',
      needs: affinityKey,
    },
    secure: {
      key: 'nginx.ingress.kubernetes.io/session-cookie-secure',
      on: ['Ingress'],
      parse: boolean,
      whenInvalid: 'use-default',
      value: '`"true"` or `"false"` (default)',
      example: 'true',
      doc: 'Whether browsers send the cookie only over HTTPS.',
      differs: 'Without it ingress-nginx sets `Secure` for clients that use HTTPS; Traefik does not.',
      needs: affinityKey,
    },
    path: {
      key: 'nginx.ingress.kubernetes.io/session-cookie-path',
      on: ['Ingress'],
      parse: cookiePath,
      whenInvalid: 'use-default',
      value: 'a path; default `/`',
      example: '/shop',
      doc: 'For which paths browsers send the cookie.',
      needs: affinityKey,
    },
    domain: {
      key: 'nginx.ingress.kubernetes.io/session-cookie-domain',
      on: ['Ingress'],
      parse: cookieDomain,
      whenInvalid: 'use-default',
      value: 'a domain; default: the host of the request',
      example: 'example.com',
      doc: 'For which hosts browsers send the cookie.',
      needs: affinityKey,
    },
    sameSite: {
      key: 'nginx.ingress.kubernetes.io/session-cookie-samesite',
      on: ['Ingress'],
      parse: sameSite,
      whenInvalid: 'use-default',
      value: '`None`, `Lax` or `Strict`; not set by default',
      example: 'Lax',
      doc: 'Whether browsers send the cookie with requests that come from other sites.',
      needs: affinityKey,
    },
    maxAge: {
      key: 'nginx.ingress.kubernetes.io/session-cookie-max-age',
      on: ['Ingress'],
      parse: seconds,
      whenInvalid: 'use-default',
      value: 'seconds; default: until the browser is closed',
      example: '172800',
      doc: 'How long browsers keep the cookie.',
      needs: affinityKey,
    },
    expires: {
      key: 'nginx.ingress.kubernetes.io/session-cookie-expires',
      on: ['Ingress'],
      parse: seconds,
      whenInvalid: 'use-default',
      value: 'seconds',
      example: '172800',
      doc: 'The same as `session-cookie-max-age`, which takes precedence.',
      differs: 'It is sent as Max-Age, which all current browsers support, and not as Expires.',
      isTuning: true,
    },
  },
  apply: ({ affinity, name, secure, path, domain, sameSite: site, maxAge, expires }) => {
    if (affinity === undefined) return {};
    const age = maxAge ?? expires ?? 0;
    const cookie: StickyCookie = {
      name: name ?? 'INGRESSCOOKIE',
      httpOnly: true,
      ...(secure === true && { secure }),
      ...(path !== undefined && path !== '/' && { path }),
      ...(domain !== undefined && { domain }),
      ...(site !== undefined && { sameSite: sameSites[site] }),
      ...(age > 0 && { maxAge: age }),
    };
    return { loadBalancer: { sticky: { cookie } } };
  },
});

const sameSites = { None: 'none', Lax: 'lax', Strict: 'strict' } as const;
