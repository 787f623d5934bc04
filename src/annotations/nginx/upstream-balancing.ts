import { accept, boolean, oneOf, quote, refuse, toValue, type Parser } from '../parsers.ts';
import { defineFeature } from '../feature.ts';

const algorithm = oneOf('round_robin', 'ewma');

/** The variables of nginx that stand for the client. */
const ofClient = /^\$(?:binary_remote_addr|remote_addr|the_real_ip|realip_remote_addr)$/;

const hashKey: Parser<string> = (text) => {
  const value = toValue(text).replaceAll(/[{}]/g, '');
  return ofClient.test(value)
    ? accept(value)
    : refuse(
        `Traefik can only hash the address of the client, not ${quote(text)}`,
        'Write "$remote_addr", or use a cookie: affinity.',
      );
};

/** How requests are spread over the endpoints, and what those are, in the words of ingress-nginx. */
export const upstreamBalancing = defineFeature({
  name: 'upstream-balancing',
  annotations: {
    hash: {
      key: 'nginx.ingress.kubernetes.io/upstream-hash-by',
      on: ['Ingress'],
      parse: hashKey,
      whenInvalid: 'use-default',
      value: '`$remote_addr` or `$binary_remote_addr`',
      example: '$remote_addr',
      doc: 'Keeps each client at one endpoint, by a hash of its address.',
      differs:
        'Traefik can only hash the address of the client; ingress-nginx hashes any text with variables. A client may get another endpoint than with ingress-nginx.',
    },
    algorithm: {
      key: 'nginx.ingress.kubernetes.io/load-balance',
      on: ['Ingress'],
      parse: algorithm,
      whenInvalid: 'use-default',
      value: '`round_robin` (default) or `ewma`',
      example: 'ewma',
      doc: 'How an endpoint is chosen for a request: each in turn, or the one with the lowest response time.',
      differs:
        'For `ewma` Traefik uses `leasttime`, which compares all endpoints; ingress-nginx compares two that it picks at random.',
    },
    serviceUpstream: {
      key: 'nginx.ingress.kubernetes.io/service-upstream',
      on: ['Ingress'],
      parse: boolean,
      whenInvalid: 'use-default',
      value: '`"true"` or `"false"` (default)',
      example: 'true',
      doc: 'Sends requests to the cluster IP of the Service instead of its endpoints.',
    },
  },
  apply: ({ hash, algorithm: chosen, serviceUpstream }) => {
    const strategy = hash !== undefined ? 'hrw' : chosen && strategies[chosen];
    return {
      ...(strategy && { loadBalancer: { strategy } }),
      ...(serviceUpstream === true && { backends: 'clusterip' as const }),
    };
  },
});

const strategies = { round_robin: 'wrr', ewma: 'leasttime' } as const;
