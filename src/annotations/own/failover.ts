import { defineFeature } from '../feature.ts';
import { accept, list, quote, refuse, size, type Parser } from '../parsers.ts';
import { serviceTarget } from '../service-target.ts';

const status: Parser<string> = (text) => {
  const [, from = '', to] = /^([45]\d\d)(?:-([45]\d\d))?$/.exec(text) ?? [];
  return from !== '' && (to === undefined || to >= from)
    ? accept(text)
    : refuse(`${quote(text)} is not a status from 400 to 599`, 'Write statuses such as "502,504-599".');
};

const statuses = list(status);

/** Traefik sets aside so much memory for each request, whatever its size. */
const mostBody = 10 * 1024 ** 2;

/** Parses how much of a request Traefik may keep in memory to send it once more. */
export const bodyBound: Parser<number> = (text) => {
  const parsed = size(text);
  return parsed.ok && (parsed.value === 0 || parsed.value > mostBody)
    ? refuse(`${quote(text)} is not a size from 1 to 10m`, 'Write a size such as "64k".')
    : parsed;
};

/** What answers in place of a Service that is down. */
export const failover = defineFeature({
  name: 'failover',
  annotations: {
    to: {
      key: 'fairlead.dev/failover-to',
      on: ['Service'],
      parse: serviceTarget,
      whenInvalid: 'use-default',
      value: 'a Service, as `name`, `namespace/name` or `source/namespace/name`, with `:port` or without',
      example: 'second-cluster/shop/shop',
      doc: 'HTTP requests go to that Service while this one has no ready endpoint, or none that passes its active health check (`fairlead.dev/health-path`). One of another namespace or source has to agree by `fairlead.dev/grant-to`.',
    },
    status: {
      key: 'fairlead.dev/failover-status',
      on: ['Service'],
      parse: (text) => {
        const parsed = statuses(text);
        return parsed.ok ? accept(parsed.value.slice(0, 50)) : parsed;
      },
      whenInvalid: 'use-default',
      value: 'statuses and ranges of them, from 400 to 599, comma-separated',
      example: '502,504',
      needs: 'fairlead.dev/failover-to',
      doc: 'A request that gets such an answer is sent to the Service of `fairlead.dev/failover-to` too, and the client gets the answer of that Service. Traefik answers 502 if an endpoint cannot be reached, 504 after a time-out, and 503 if there is no endpoint. Traefik has this from 3.7 on.',
    },
    maxBody: {
      key: 'fairlead.dev/failover-max-body',
      on: ['Service'],
      parse: bodyBound,
      whenInvalid: 'use-default',
      value: 'a size up to `10m` (default `1m`)',
      example: '256k',
      needs: 'fairlead.dev/failover-status',
      doc: 'The largest request body that can be sent again. Traefik answers 413 to larger ones, and reserves this memory for each request.',
    },
  },
  apply: ({ to, status: codes, maxBody }) =>
    to === undefined
      ? {}
      : { failover: { to, ...(codes && { statuses: codes, maxBodyBytes: maxBody ?? 1024 ** 2 }) } },
});
