import { defineFeature } from '../feature.ts';
import { toCanonicalAddress } from '../../lib/canonical-address.ts';
import { cookieName } from '../header-parsers.ts';
import { accept, integer, list, oneOf, quote, refuse, type Parser } from '../parsers.ts';

const weight = integer(0, 1_000_000);

const weightPair: Parser<readonly [string, number]> = (pair) => {
  const at = pair.lastIndexOf('=');
  const address = pair.slice(0, at).trim();
  const value = weight(pair.slice(at + 1));
  return at < 1 || address === '' || address.length > 253 || !value.ok
    ? refuse(
        `${quote(pair)} is not an address with a weight`,
        'Write pairs such as "192.168.7.57=5,192.168.7.58=1".',
      )
    : accept([toCanonicalAddress(address), value.value]);
};

const weightPairs = list(weightPair);

/** `address=weight` pairs. An address may be an IP address or the host name of an endpoint, or `*` for those that are not named. */
const weightList: Parser<ReadonlyMap<string, number>> = (text) => {
  const pairs = weightPairs(text);
  return pairs.ok ? accept(new Map(pairs.value)) : pairs;
};

const balancingStrategy = oneOf('wrr', 'p2c', 'hrw', 'leasttime');

/** How requests are spread over the endpoints. */
export const balancing = defineFeature({
  name: 'balancing',
  annotations: {
    weights: {
      key: 'fairlead.dev/weights',
      on: ['Service', 'EndpointSlice', 'Endpoints'],
      parse: weightList,
      isList: true,
      whenInvalid: 'use-default',
      value: 'pairs `address=weight`, comma-separated',
      example: '192.168.7.57=5,192.168.7.58=1',
      doc: 'How much of the traffic each endpoint gets, over HTTP, TCP and UDP, by its address or hostname. `*` stands for all others, which otherwise have weight 1. Weight 0 takes an endpoint out. On an EndpointSlice it holds for the endpoints of this slice, and comes before the annotation of the Service.',
    },
    strategy: {
      key: 'fairlead.dev/strategy',
      on: ['Service'],
      parse: balancingStrategy,
      whenInvalid: 'use-default',
      value: '`wrr` (default), `p2c`, `hrw` or `leasttime`',
      example: 'p2c',
      doc: 'How an HTTP request picks its endpoint: weighted round robin, the better of two random ones, by the hash of the client address, or the fastest.',
    },
    cookie: {
      key: 'fairlead.dev/sticky-cookie',
      on: ['Service'],
      parse: cookieName,
      whenInvalid: 'use-default',
      value: 'a cookie name',
      example: 'route',
      doc: 'Keeps a client on the endpoint of its first HTTP request by a cookie of this name.',
    },
  },
  apply: ({ weights, strategy, cookie }) => ({
    ...(weights && { weights }),
    ...((strategy ?? cookie) !== undefined && {
      loadBalancer: {
        ...(strategy && { strategy }),
        ...(cookie !== undefined && { sticky: { cookie: { name: cookie, httpOnly: true } } }),
      },
    }),
  }),
});
