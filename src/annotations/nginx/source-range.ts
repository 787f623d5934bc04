import { toComplement } from '../../lib/complement.ts';
import { defineFeature } from '../feature.ts';
import { accept, cidr, list, refuse, type Parser } from '../parsers.ts';
import type { Directives, MiddlewareDirective } from '../directives.ts';
import type { HttpMiddleware } from '../../traefik/http-middleware.ts';

const networks = list(cidr);

/** As many as Traefik may be sent in place of the networks that are denied. */
const mostNetworks = 1_000;

/** Everybody but these: Traefik knows lists of who may come in only. */
const others: Parser<readonly string[]> = (text) => {
  const denied = networks(text);
  if (!denied.ok) return denied;
  const allowed = toComplement(denied.value, mostNetworks);
  return allowed === undefined
    ? refuse(
        `the addresses that are left make more than ${mostNetworks} networks`,
        'Deny fewer or larger networks, or use allowlist-source-range.',
      )
    : accept(allowed);
};

/** No client has this address, and an empty list is no list to Traefik. */
const nobody = '255.255.255.255/32';

/** A list that everybody is in limits nothing: cert-manager writes such a one on the Ingress of each challenge. */
function limitTo(role: string, allowed: readonly string[] | undefined): Directives['middlewares'] {
  if (allowed === undefined) return [];
  const isOpen = toComplement(allowed, mostNetworks)?.length === 0;
  const sourceRange = allowed.length === 0 ? [nobody] : [...allowed];
  const limit: MiddlewareDirective<HttpMiddleware> = {
    stage: 'access',
    role,
    middleware: isOpen ? null : { ipAllowList: { sourceRange } },
  };
  return [limit];
}

/** Who may send requests, by address, as ingress-nginx has it. */
export const sourceRange = defineFeature({
  name: 'source-range',
  annotations: {
    whitelist: {
      key: 'nginx.ingress.kubernetes.io/whitelist-source-range',
      on: ['Ingress'],
      parse: networks,
      whenInvalid: 'withhold',
      value: 'networks in CIDR notation, comma-separated',
      example: '10.0.0.0/8',
      doc: 'Only clients in these networks have access; others get 403. `0.0.0.0/0,::/0` limits nothing.',
    },
    allowlist: {
      key: 'nginx.ingress.kubernetes.io/allowlist-source-range',
      on: ['Ingress'],
      parse: networks,
      whenInvalid: 'withhold',
      value: 'networks in CIDR notation, comma-separated',
      example: '10.0.0.0/8',
      doc: 'The newer name of `whitelist-source-range`. If an Ingress has both, clients must be in both.',
      differs: 'If an Ingress has both, clients must be in both. In ingress-nginx only this one applies.',
    },
    denylist: {
      key: 'nginx.ingress.kubernetes.io/denylist-source-range',
      on: ['Ingress'],
      parse: others,
      whenInvalid: 'withhold',
      value: 'networks in CIDR notation, comma-separated',
      example: '192.0.2.0/24',
      doc: 'Clients in these networks get 403. Traefik gets an allow-list of all other networks, of at most 1,000.',
    },
  },
  apply: ({ whitelist, allowlist, denylist }) => {
    const middlewares = [
      ...(limitTo('allowlist', allowlist) ?? []),
      ...(limitTo('denylist', denylist) ?? []),
      ...(limitTo('whitelist', whitelist) ?? []),
    ];
    return middlewares.length === 0 ? {} : { middlewares };
  },
});
