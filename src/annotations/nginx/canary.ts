import { canaryKey } from '../../model/canary.ts';
import { re2Mistake } from '../../traefik/re2.ts';
import type { CanaryDirective } from '../directives.ts';
import { defineFeature } from '../feature.ts';
import { accept, boolean, integer, oneOf, quote, refuse, toValue, type Parser } from '../parsers.ts';
import { cookieName, headerName, headerValue } from '../header-parsers.ts';

const weight = integer(0, 1_000_000);
const canaryBehavior = oneOf('sticky', 'legacy');

/** A pattern may match anywhere in the value of the header. */
const pattern: Parser<string> = (text) => {
  const value = toValue(text);
  const mistake = re2Mistake(toAnywhere(value));
  return mistake === null && value !== ''
    ? accept(value)
    : refuse(
        `${quote(text)} ${value === '' ? 'is empty' : (mistake ?? '')}`,
        'Write an RE2 regular expression of at most 300 characters.',
      );
};

function toAnywhere(expression: string): string {
  return `(?s:.*)(?:${expression})(?s:.*)`;
}

/** An Ingress as a part of another one, for some of its requests. */
export const canary = defineFeature({
  name: 'canary',
  annotations: {
    on: {
      key: canaryKey,
      on: ['Ingress'],
      parse: boolean,
      whenInvalid: 'use-default',
      value: '`"true"` or `"false"` (default)',
      example: 'true',
      doc: 'Makes the Ingress a canary: it gets some of the requests for its hosts and paths, by header, cookie or weight. Another Ingress of the namespace, the main one, must have the same host, path and path type. The annotations of the main Ingress apply to all requests. Only those for sessions and load balancing can be set on the canary. If a path has several canaries, the oldest with endpoints is used.',
      differs:
        'A canary applies only to its own paths. In ingress-nginx and Traefik it applies to every path of the main Ingress that leads to the same Service.',
    },
    weight: {
      key: 'nginx.ingress.kubernetes.io/canary-weight',
      on: ['Ingress'],
      parse: weight,
      whenInvalid: 'use-default',
      value: 'a number up to `canary-weight-total`; default `0`',
      example: '20',
      doc: 'The share of requests that goes to the canary, of those that neither header nor cookie decides.',
      needs: canaryKey,
    },
    total: {
      key: 'nginx.ingress.kubernetes.io/canary-weight-total',
      on: ['Ingress'],
      parse: weight,
      whenInvalid: 'use-default',
      value: 'a number from 100 (default)',
      example: '1000',
      doc: 'The total of which `canary-weight` is a part. Less than 100 counts as 100.',
      needs: 'nginx.ingress.kubernetes.io/canary-weight',
    },
    header: {
      key: 'nginx.ingress.kubernetes.io/canary-by-header',
      on: ['Ingress'],
      parse: headerName,
      whenInvalid: 'use-default',
      value: 'the name of a header',
      example: 'X-Canary',
      doc: 'Requests with `always` in this header go to the canary, and those with `never` do not. For all others the cookie decides, then the weight.',
      needs: canaryKey,
    },
    value: {
      key: 'nginx.ingress.kubernetes.io/canary-by-header-value',
      on: ['Ingress'],
      parse: headerValue,
      whenInvalid: 'use-default',
      value: 'a text',
      example: 'beta-testers',
      doc: 'Requests with this value in the header go to the canary. `always` and `never` then have no meaning.',
      needs: 'nginx.ingress.kubernetes.io/canary-by-header',
    },
    pattern: {
      key: 'nginx.ingress.kubernetes.io/canary-by-header-pattern',
      on: ['Ingress'],
      parse: pattern,
      whenInvalid: 'use-default',
      value: 'an RE2 regular expression',
      example: '^v2\\.',
      doc: 'Requests go to the canary if the expression matches any part of the header. It has no effect together with `canary-by-header-value`.',
      differs: 'RE2 has no look-around and no back-references.',
      needs: 'nginx.ingress.kubernetes.io/canary-by-header',
    },
    cookie: {
      key: 'nginx.ingress.kubernetes.io/canary-by-cookie',
      on: ['Ingress'],
      parse: cookieName,
      whenInvalid: 'use-default',
      value: 'the name of a cookie',
      example: 'canary',
      doc: 'If no header decides: requests with `always` in this cookie go to the canary, and those with `never` do not.',
      needs: canaryKey,
    },
    behavior: {
      key: 'nginx.ingress.kubernetes.io/affinity-canary-behavior',
      on: ['Ingress'],
      parse: canaryBehavior,
      whenInvalid: 'use-default',
      value: '`sticky` (default) or `legacy`',
      example: 'legacy',
      doc: 'With `sticky`, a client with a session (`affinity`) stays with the canary, or with the main Ingress, once the weight has decided. With `legacy` the weight decides again for each request.',
      needs: canaryKey,
    },
  },
  apply: (values) => (values.on === true ? { canary: toDirective(values) } : {}),
});

interface Values {
  readonly weight?: number;
  readonly total?: number;
  readonly header?: string;
  readonly value?: string;
  readonly pattern?: string;
  readonly cookie?: string;
  readonly behavior?: 'legacy' | 'sticky';
}

function toDirective({
  weight: part = 0,
  total = 100,
  header,
  value,
  pattern: expression,
  cookie,
  behavior,
}: Values): CanaryDirective {
  const whole = Math.max(total, 100);
  return {
    on: true,
    weight: Math.min(part, whole),
    ...(part > 0 && { total: whole }),
    ...(header !== undefined && { header }),
    ...(header !== undefined && value !== undefined && { value }),
    ...(header !== undefined &&
      value === undefined &&
      expression !== undefined && { pattern: toAnywhere(expression) }),
    ...(cookie !== undefined && { cookie }),
    ...(behavior === 'legacy' && { legacy: true }),
  };
}
