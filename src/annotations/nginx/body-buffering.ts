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
  'Traefik also buffers answers until they are complete, so streams arrive only at their end.';
const unbuffered =
  'It only counts where Traefik buffers, which it does with proxy-body-size, proxy-buffering or proxy-request-buffering.';

const stays =
  'cannot be off while proxy-body-size is held, for which Traefik reads requests and answers whole';
const orStream = 'Remove proxy-body-size, or set it to "0", where something is streamed.';

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
      differs: `Without it there is no limit, where ingress-nginx has one of \`1m\`. With it, ${bufferedAnswers}`,
    },
    requests: {
      key: 'nginx.ingress.kubernetes.io/proxy-request-buffering',
      on: ['Ingress'],
      parse: isOn,
      whenInvalid: 'use-default',
      value: '`on` or `off` (default)',
      example: 'on',
      doc: 'Whether a request is read whole before the backend is asked.',
      isTuning: true,
      differs: `The default is \`off\`, in ingress-nginx \`on\`. With \`on\`, ${bufferedAnswers}`,
    },
    answers: {
      key: 'nginx.ingress.kubernetes.io/proxy-buffering',
      on: ['Ingress'],
      parse: isOn,
      whenInvalid: 'use-default',
      value: '`on` or `off` (default)',
      example: 'off',
      doc: 'Whether an answer is read whole from the backend before the client gets it.',
      isTuning: true,
      differs:
        'With `on` Traefik also reads requests whole. ingress-nginx passes on a part of the answer as soon as a buffer is full.',
    },
    memory: {
      key: 'nginx.ingress.kubernetes.io/client-body-buffer-size',
      on: ['Ingress'],
      parse: size,
      whenInvalid: 'use-default',
      value: 'a size in bytes, with `k` or `m`; default `16k`',
      example: '1m',
      doc: 'How much of a request is kept in memory; the rest goes to the disk of Traefik.',
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
      doc: 'With `proxy-buffers-number`: how much of an answer is kept in memory.',
      differs: `The headers of an answer need no room of their own in Traefik. ${unbuffered}`,
      isTuning: true,
    },
    buffers: {
      key: 'nginx.ingress.kubernetes.io/proxy-buffers-number',
      on: ['Ingress'],
      parse: integer(1, 1_000),
      whenInvalid: 'use-default',
      value: 'a count; default `4`',
      example: '8',
      doc: 'How many times `proxy-buffer-size` of an answer is kept in memory.',
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
      doc: 'How much of an answer nginx sends on while it reads the rest.',
      differs: 'Traefik has no such limit: there is nothing to set.',
      isTuning: true,
    },
    file: {
      key: 'nginx.ingress.kubernetes.io/proxy-max-temp-file-size',
      on: ['Ingress'],
      parse: size,
      whenInvalid: 'use-default',
      value: 'a size in bytes, with `k`, `m` or `g`',
      example: '1024m',
      doc: 'How much of an answer nginx keeps on its disk.',
      differs: 'Traefik has no such limit: there is nothing to set.',
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
