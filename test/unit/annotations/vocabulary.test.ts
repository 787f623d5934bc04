import { describe, expect, it } from 'vitest';
import { findUnusable, suggestKey } from '../../../src/annotations/vocabulary.ts';

describe('an annotation that no feature declares', () => {
  it.each([
    ['fairlead.dev/no-such-thing', 'unknown'],
    ['nginx.ingress.kubernetes.io/enable-global-auth', 'limits-access'],
    ['nginx.ingress.kubernetes.io/mirror-target', 'not-supported'],
    ['nginx.ingress.kubernetes.io/limit-rate', 'not-supported'],
    ['nginx.ingress.kubernetes.io/enable-modsecurity', 'limits-access'],
    ['nginx.ingress.kubernetes.io/auth-tls-match-cn', 'limits-access'],
    ['nginx.ingress.kubernetes.io/auth-no-such-thing', 'limits-access'],
    ['nginx.ingress.kubernetes.io/no-such-thing', 'unknown'],
    ['traefik.ingress.kubernetes.io/router.middleware', 'unknown'],
    ['example.com/auth-url', undefined],
    ['kubectl.kubernetes.io/restartedAt', undefined],
  ])('%s on an Ingress: %s', (key, kind) => expect(findUnusable(key, '', 'Ingress')?.kind).toBe(kind));

  it.each(['false', ' FALSE '])('asks for nothing when it is %j', (value) =>
    expect(findUnusable('nginx.ingress.kubernetes.io/enable-modsecurity', value, 'Ingress')).toEqual({
      kind: 'asks-for-nothing',
    }),
  );

  it('is none of our business on a Service, unless it is ours', () => {
    expect(findUnusable('nginx.ingress.kubernetes.io/auth-url', '', 'Service')).toBeUndefined();
    expect(findUnusable('fairlead.dev/nothing', '', 'Service')).toEqual({ kind: 'unknown' });
  });
});

describe('a suggestion', () => {
  const declared = ['fairlead.dev/host', 'fairlead.dev/path', 'fairlead.dev/retries'];

  it.each([
    ['fairlead.dev/hosts', 'fairlead.dev/host'],
    ['fairlead.dev/retrys', 'fairlead.dev/retries'],
    ['fairlead.dev/patch', 'fairlead.dev/path'],
    ['fairlead.dev/completely-different', undefined],
  ])('for %s is %s', (key, suggestion) => expect(suggestKey(key, declared)).toBe(suggestion));

  it.each([
    ['nginx.ingress.kubernetes.io/limit-rates', 'nginx.ingress.kubernetes.io/limit-rate'],
    ['nginx.ingress.kubernetes.io/enable-modsecurit', 'nginx.ingress.kubernetes.io/enable-modsecurity'],
  ])('for %s is %s, though no feature declares it', (key, suggestion) =>
    expect(suggestKey(key, declared)).toBe(suggestion),
  );

  it('is the nearest, and of equals the first', () => {
    expect(suggestKey('fairlead.dev/a', ['fairlead.dev/abc', 'fairlead.dev/ab'])).toBe('fairlead.dev/ab');
    expect(suggestKey('fairlead.dev/a', ['fairlead.dev/b', 'fairlead.dev/c'])).toBe('fairlead.dev/b');
  });
});
