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
        `${quote(text)} is no address of the client, and Traefik takes the hash of nothing else`,
        'Write "$remote_addr", or keep clients at their endpoint by the cookie of affinity.',
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
      doc: 'Keeps a client at one endpoint by the hash of its address.',
      differs:
        'Traefik takes the hash of the address of the client alone, where ingress-nginx takes one of any text with variables; which endpoint a client comes to is different.',
    },
    algorithm: {
      key: 'nginx.ingress.kubernetes.io/load-balance',
      on: ['Ingress'],
      parse: algorithm,
      whenInvalid: 'use-default',
      value: '`round_robin` (default) or `ewma`',
      example: 'ewma',
      doc: 'How a request picks its endpoint: in turn, or the one that has answered fastest of late.',
      differs:
        'In place of `ewma`, which compares two random endpoints, Traefik takes the fastest of all (`leasttime`).',
    },
    serviceUpstream: {
      key: 'nginx.ingress.kubernetes.io/service-upstream',
      on: ['Ingress'],
      parse: boolean,
      whenInvalid: 'use-default',
      value: '`"true"` or `"false"` (default)',
      example: 'true',
      doc: 'Sends requests to the cluster IP of the Service in place of its endpoints.',
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
