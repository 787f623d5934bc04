import { toRulePath } from '../../traefik/rule-text.ts';
import type { Directives } from '../directives.ts';
import { defineFeature } from '../feature.ts';
import { orOff, type Off } from '../off.ts';
import { accept, list, quote, refuse, type Parser } from '../parsers.ts';

/** Traefik compares with the path as it is without any encoding, and divides lists at U+2551. */
const prefix: Parser<string> = (text) => {
  const path = toRulePath(text);
  const why = path.kind === 'invalid' ? path.reason : describeOdd(path.value);
  return path.kind === 'valid' && why === undefined
    ? accept(path.value)
    : refuse(`the path ${quote(text)} ${why ?? ''}`, 'Write paths such as "/api".');
};

function describeOdd(path: string): string | undefined {
  if (path === '/') return 'has nothing to strip';
  return /[%\u2551]|\s$/.test(path) ? 'holds a reserved character in percent-encoding, or U+2551' : undefined;
}

const prefixList: Parser<Off | readonly string[]> = orOff(list(prefix));

/** Taking the beginning of the path away before the backend sees it. */
export const stripPrefix = defineFeature({
  name: 'strip-prefix',
  annotations: {
    prefixes: {
      key: 'fairlead.dev/strip-prefix',
      on: ['Service', 'Ingress'],
      parse: prefixList,
      whenInvalid: 'use-default',
      value: 'beginnings of paths, comma-separated; `off`: none',
      example: '/api',
      doc: 'Removes the first of these prefixes that matches from the path, by characters: for `/api/orders` the backend gets `/orders`, and the prefix in X-Forwarded-Prefix. It does not change which paths are routed.',
    },
  },
  apply: ({ prefixes }): Directives =>
    prefixes === undefined
      ? {}
      : {
          middlewares: [
            {
              stage: 'rewrite',
              role: 'strip-prefix',
              middleware: prefixes === false ? null : { stripPrefix: { prefixes: [...new Set(prefixes)] } },
            },
          ],
        },
});
