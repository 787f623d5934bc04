import type { MiddlewareOf } from '../../traefik/http-middleware.ts';
import { defineFeature } from '../feature.ts';
import { accept, integer, oneOf, size, type Parser } from '../parsers.ts';

const onOff = oneOf('on', 'off');

/** `off` asks for what Traefik does by itself, hence for nothing. */
const isOn: Parser<boolean> = (text) => {
  const parsed = onOff(text);
  return parsed.ok ? accept(parsed.value === 'on') : parsed;
};

const bodyKey = 'nginx.ingress.kubernetes.io/proxy-body-size';
const bufferedAnswers =
  'Traefik also buffers each response until it is complete, so a stream reaches the client only at its end.';
const unbuffered =
  'It has an effect only if Traefik buffers: with proxy-body-size, proxy-buffering or proxy-request-buffering.';

const stays =
  'cannot be off together with proxy-body-size: to enforce it, Traefik buffers whole requests and responses';
const orStream = 'If the backend streams, remove proxy-body-size, or set it to "0".';

/** Defaults of ingress-nginx, in bytes. */
const byDefault = { request: 16 * 1024, answer: 8 * 1024, buffers: 4 };

/** How large requests may be, and what is held back of them and of answers, in the words of ingress-nginx. */
export const bodyBuffering = defineFeature({
  name: 'body-buffering',
  annotations: {
    maxBody: {
      key: bodyKey,
      on: ['Ingress'],
      parse: size,
      whenInvalid: 'withhold',
      value: 'a size in bytes, with `k`, `m` or `g`; `0`: no limit',
      example: '8m',
      doc: 'Answers 413 to larger request bodies.',
      differs: `Without it there is no limit; in ingress-nginx the default is \`1m\`. With it, ${bufferedAnswers}`,
    },
    requests: {
      key: 'nginx.ingress.kubernetes.io/proxy-request-buffering',
      on: ['Ingress'],
      parse: isOn,
      whenInvalid: 'use-default',
      value: '`on` or `off` (default)',
      example: 'on',
      doc: 'Whether a request is read completely before it is sent to the backend.',
      isTuning: true,
      differs: `The default is \`off\`; in ingress-nginx it is \`on\`. With \`on\`, ${bufferedAnswers}`,
    },
    answers: {
      key: 'nginx.ingress.kubernetes.io/proxy-buffering',
      on: ['Ingress'],
      parse: isOn,
      whenInvalid: 'use-default',
      value: '`on` or `off` (default)',
      example: 'off',
      doc: 'Whether a response is read completely before it is sent to the client.',
      isTuning: true,
      differs:
        'With `on` Traefik also buffers requests, and sends nothing of a response before its end. nginx sends each buffer as soon as it is full.',
    },
    memory: {
      key: 'nginx.ingress.kubernetes.io/client-body-buffer-size',
      on: ['Ingress'],
      parse: size,
      whenInvalid: 'use-default',
      value: 'a size in bytes, with `k` or `m`; default `16k`',
      example: '1m',
      doc: 'How much of a request Traefik keeps in memory. It writes the rest to disk.',
      differs: unbuffered,
      isTuning: true,
    },
    bufferSize: {
      key: 'nginx.ingress.kubernetes.io/proxy-buffer-size',
      on: ['Ingress'],
      parse: size,
      whenInvalid: 'use-default',
      value: 'a size in bytes, with `k` or `m`; default `8k`',
      example: '16k',
      doc: 'The size of one buffer. Traefik keeps this size, times `proxy-buffers-number`, of a response in memory.',
      differs: `Response headers need no buffer in Traefik. ${unbuffered}`,
      isTuning: true,
    },
    buffers: {
      key: 'nginx.ingress.kubernetes.io/proxy-buffers-number',
      on: ['Ingress'],
      parse: integer(1, 1_000),
      whenInvalid: 'use-default',
      value: 'a count; default `4`',
      example: '8',
      doc: 'How many buffers of `proxy-buffer-size` a response may fill in memory. Traefik writes the rest to disk.',
      differs: unbuffered,
      isTuning: true,
    },
    busy: {
      key: 'nginx.ingress.kubernetes.io/proxy-busy-buffers-size',
      on: ['Ingress'],
      parse: size,
      whenInvalid: 'use-default',
      value: 'a size in bytes, with `k` or `m`',
      example: '16k',
      doc: 'In nginx: how much of a response is sent to the client while the rest is still read.',
      differs: 'Traefik has no such limit, so it has no effect.',
      isTuning: true,
    },
    file: {
      key: 'nginx.ingress.kubernetes.io/proxy-max-temp-file-size',
      on: ['Ingress'],
      parse: size,
      whenInvalid: 'use-default',
      value: 'a size in bytes, with `k`, `m` or `g`',
      example: '1024m',
      doc: 'In nginx: how much of a response may be kept on disk.',
      differs: 'Traefik has no such limit, so it has no effect.',
      isTuning: true,
    },
  },
  apply: ({ maxBody, requests, answers, memory, bufferSize, buffers }, { inPart }) => {
    if (maxBody === undefined && requests !== true && answers !== true) return {};
    if (maxBody !== undefined && maxBody > 0) {
      if (requests === false) inPart('requests', `proxy-request-buffering ${stays}`, orStream);
      if (answers === false) inPart('answers', `proxy-buffering ${stays}`, orStream);
    }
    const isLimited = maxBody !== undefined && maxBody > 0;
    if (!isLimited && requests !== true && answers !== true)
      return { middlewares: [{ stage: 'buffer', role: 'max-body', middleware: null }] };
    const inMemory = (bufferSize ?? byDefault.answer) * (buffers ?? byDefault.buffers);
    const buffering: MiddlewareOf<'buffering'> = {
      ...(isLimited && { maxRequestBodyBytes: maxBody }),
      ...((isLimited || requests === true) && { memRequestBodyBytes: memory ?? byDefault.request }),
      ...((isLimited || answers === true) && { memResponseBodyBytes: inMemory }),
    };
    return { middlewares: [{ stage: 'buffer', role: 'max-body', middleware: { buffering } }] };
  },
});
