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
        'Write a regular expression of RE2, at most 300 characters long.',
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
      doc: 'Makes the Ingress a canary: of the requests for its hosts and paths it gets a part, as the annotations below say. Another Ingress of the namespace must have the same host, path and path type. Its annotations hold for all requests, except those about sessions and balancing, which a canary may set itself. Of several canaries for one path the oldest with endpoints counts.',
      differs:
        'A canary counts for the places of its own paths; ingress-nginx and Traefik take it for every path of the Ingress that leads to the same Service.',
    },
    weight: {
      key: 'nginx.ingress.kubernetes.io/canary-weight',
      on: ['Ingress'],
      parse: weight,
      whenInvalid: 'use-default',
      value: 'a number, of `canary-weight-total`; default `0`',
      example: '20',
      doc: 'How much of the requests that no header and no cookie decides about the canary gets.',
      needs: canaryKey,
    },
    total: {
      key: 'nginx.ingress.kubernetes.io/canary-weight-total',
      on: ['Ingress'],
      parse: weight,
      whenInvalid: 'use-default',
      value: 'a number from 100 (default)',
      example: '1000',
      doc: 'What `canary-weight` is a part of; less than 100 counts as 100.',
      needs: 'nginx.ingress.kubernetes.io/canary-weight',
    },
    header: {
      key: 'nginx.ingress.kubernetes.io/canary-by-header',
      on: ['Ingress'],
      parse: headerName,
      whenInvalid: 'use-default',
      value: 'the name of a header',
      example: 'X-Canary',
      doc: 'Requests whose header says `always` go to the canary, those whose header says `never` do not; of others cookie and weight decide.',
      needs: canaryKey,
    },
    value: {
      key: 'nginx.ingress.kubernetes.io/canary-by-header-value',
      on: ['Ingress'],
      parse: headerValue,
      whenInvalid: 'use-default',
      value: 'a text',
      example: 'beta-testers',
      doc: 'The value of the header with which requests go to the canary, in place of `always` and `never`.',
      needs: 'nginx.ingress.kubernetes.io/canary-by-header',
    },
    pattern: {
      key: 'nginx.ingress.kubernetes.io/canary-by-header-pattern',
      on: ['Ingress'],
      parse: pattern,
      whenInvalid: 'use-default',
      value: 'a regular expression of RE2',
      example: '^v2\\.',
      doc: 'The same for values in which the expression matches somewhere. Counts only without `canary-by-header-value`.',
      differs: 'Regular expressions are those of RE2, without look-around and back-references.',
      needs: 'nginx.ingress.kubernetes.io/canary-by-header',
    },
    cookie: {
      key: 'nginx.ingress.kubernetes.io/canary-by-cookie',
      on: ['Ingress'],
      parse: cookieName,
      whenInvalid: 'use-default',
      value: 'the name of a cookie',
      example: 'canary',
      doc: 'Requests whose cookie says `always` go to the canary, those whose cookie says `never` do not, where no header decides.',
      needs: canaryKey,
    },
    behavior: {
      key: 'nginx.ingress.kubernetes.io/affinity-canary-behavior',
      on: ['Ingress'],
      parse: canaryBehavior,
      whenInvalid: 'use-default',
      value: '`sticky` (default) or `legacy`',
      example: 'legacy',
      doc: 'Whether sessions (`affinity`) stay with the canary, or without it, once the weight has decided; `legacy` decides about each request.',
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
