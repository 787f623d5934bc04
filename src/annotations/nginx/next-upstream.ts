import type { MiddlewareOf } from '../../traefik/http-middleware.ts';
import { defineFeature } from '../feature.ts';
import { accept, integer, quote, refuse, toValue, type Parser } from '../parsers.ts';

const words = ['error', 'timeout', 'invalid_header', 'non_idempotent', 'off'] as const;
type Condition = (typeof words)[number] | `http_${string}`;

/** As many attempts as there are endpoints, in the original: how many these are changes more often than what is written about them. */
const untilAllTried = 10;
/** Bytes; as much of a request is kept to be sent again, as ingress-nginx has it. */
const mostBody = 1024 * 1024;

const conditions: Parser<readonly Condition[]> = (text) => {
  const given = toValue(text).split(/\s+/);
  const odd = given.find((word) => !isCondition(word));
  return odd === undefined
    ? accept(given.filter(isCondition))
    : refuse(
        `${quote(odd)} is no condition of proxy-next-upstream`,
        'Write conditions such as "error timeout http_502", or "off".',
      );
};

function isCondition(word: string): word is Condition {
  return words.some((each) => each === word) || /^http_(?:403|404|429|500|502|503|504)$/.test(word);
}

/** The default of ingress-nginx: two more attempts where an endpoint cannot be reached. */
export const defaultRetry: MiddlewareOf<'retry'> = { attempts: 3 };

/** Asking another endpoint, in the words of ingress-nginx. */
export const nextUpstream = defineFeature({
  name: 'next-upstream',
  annotations: {
    conditions: {
      key: 'nginx.ingress.kubernetes.io/proxy-next-upstream',
      on: ['Ingress'],
      parse: conditions,
      whenInvalid: 'use-default',
      value:
        '`off`, or some of `error`, `timeout`, `invalid_header`, `http_403`, `http_404`, `http_429`, `http_500`, `http_502`, `http_503`, `http_504` and `non_idempotent`; default in the nginx dialect `error timeout`',
      example: 'error timeout http_502',
      doc: 'When a request is sent again, to another endpoint. Because of a status this is done only for requests of up to 1 MiB.',
      differs:
        'Traefik sends a request again only if it could not reach the endpoint, or for these statuses. It does not if the response is late or is no valid HTTP. Statuses need Traefik 3.7.',
    },
    tries: {
      key: 'nginx.ingress.kubernetes.io/proxy-next-upstream-tries',
      on: ['Ingress'],
      parse: integer(0, 100),
      whenInvalid: 'use-default',
      value: 'a count; default in the nginx dialect `3`',
      example: '2',
      doc: 'To how many endpoints a request is sent at most.',
      differs: '`"0"` means 10 attempts; in ingress-nginx it means one for each endpoint.',
    },
    timeout: {
      key: 'nginx.ingress.kubernetes.io/proxy-next-upstream-timeout',
      on: ['Ingress'],
      parse: integer(0, 86_400),
      whenInvalid: 'use-default',
      value: 'seconds, without a unit; `0` (default): no limit',
      example: '10',
      doc: 'How long after the first attempt a request may still be sent again. Needs Traefik 3.7.',
    },
  },
  apply: ({ conditions: given, tries, timeout }, { fault }) => {
    if ((given ?? tries ?? timeout) === undefined) return {};
    const cases = given ?? ['error', 'timeout'];
    const status = cases.flatMap((each) => (each.startsWith('http_') ? each.slice('http_'.length) : []));
    const isOff = cases.includes('off');
    const byNetwork = cases.includes('error') || cases.includes('timeout');
    if (!isOff && !byNetwork && status.length === 0) {
      fault(
        'conditions',
        'Traefik sends a request again for none of these conditions',
        'Add "error" or a status such as "http_502", or write "off".',
      );
      return {};
    }
    const retry: MiddlewareOf<'retry'> = {
      attempts: tries === undefined ? 3 : tries === 0 ? untilAllTried : tries,
      ...(status.length > 0 && { status, maxRequestBodyBytes: mostBody }),
      ...(!byNetwork && { disableRetryOnNetworkError: true }),
      ...(status.length > 0 && cases.includes('non_idempotent') && { retryNonIdempotentMethod: true }),
      ...(timeout !== undefined && timeout > 0 && { timeout: `${timeout}s` }),
    };
    return { middlewares: [{ stage: 'retry', role: 'retries', middleware: isOff ? null : { retry } }] };
  },
});
