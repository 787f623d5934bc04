import type { Section } from '../../../src/traefik/sections.ts';
import { certificate } from './one-of-each.ts';

/**
 * What Traefik makes of an element that is refused here: `refused`: it refuses the whole document; `disabled`: every router that has it
 * is in error; `silent`: it takes it for something else, or fails on each request.
 */
export type Effect = 'refused' | 'disabled' | 'silent';

const lb = (server: object): object => ({ loadBalancer: { servers: [server] } });
const router = (more: object): object => ({
  entryPoints: ['web'],
  rule: 'Host("a.test")',
  service: 'ok',
  ...more,
});

/** Elements that must not reach Traefik: section, element, the reason that is reported, and what would happen. */
export const refusedElements: readonly (readonly [Section, object, string, Effect])[] = [
  ['http.routers', router({ wrong: 1 }), 'has no field wrong', 'refused'],
  ['http.routers', router({ priority: 1.5 }), 'priority is no int', 'refused'],
  ['http.routers', router({ priority: 'high' }), 'priority is no number', 'refused'],
  ['http.routers', router({ observability: {} }), 'observability is an empty object', 'refused'],
  ['http.routers', router({ entryPoints: ['nowhere', 'no where'] }), 'entryPoints[1] is no name', 'disabled'],
  ['http.routers', router({ service: 'api@internal' }), 'service names something inside Traefik', 'silent'],
  ['http.routers', router({ entryPoints: [] }), 'entryPoints is an empty list', 'silent'],
  ['http.routers', router({ tls: 'nope' }), 'tls is no object', 'silent'],
  ['http.routers', router({ rule: '' }), 'rule is no rule', 'disabled'],
  ['http.services', {}, 'has no kind', 'disabled'],
  [
    'http.services',
    { loadBalancer: { servers: [] }, weighted: { services: [] } },
    'has the kinds loadBalancer and weighted',
    'disabled',
  ],
  ['http.services', { loadBalancer: {} }, 'loadBalancer.servers is missing', 'refused'],
  [
    'http.services',
    lb({ url: 'http://%zz' }),
    'loadBalancer.servers[0].url is no URL with http, https or h2c and a host',
    'disabled',
  ],
  [
    'http.services',
    lb({ url: 'gopher://a' }),
    'loadBalancer.servers[0].url is no URL with http, https or h2c and a host',
    'silent',
  ],
  [
    'http.services',
    lb({ url: 'http://a:1', weight: 'x' }),
    'loadBalancer.servers[0].weight is no number',
    'refused',
  ],
  [
    'http.services',
    { loadBalancer: { servers: [], strategy: 'best' } },
    'loadBalancer.strategy is none of wrr, p2c, hrw, leasttime',
    'disabled',
  ],
  [
    'http.services',
    { loadBalancer: { servers: [], healthCheck: { path: '/', interval: '5 minutes' } } },
    'loadBalancer.healthCheck.interval is no duration such as 30s or 1m30s',
    'refused',
  ],
  [
    'http.services',
    { loadBalancer: { servers: [], serversTransport: 'of@internal' } },
    'loadBalancer.serversTransport names something inside Traefik',
    'silent',
  ],
  ['http.middlewares', {}, 'has no kind', 'disabled'],
  [
    'http.middlewares',
    { chain: { middlewares: [] }, retry: { attempts: 1 } },
    'has the kinds chain and retry',
    'disabled',
  ],
  ['http.middlewares', { appRoot: { path: '/x' } }, 'appRoot is unknown', 'disabled'],
  // What Traefik's own provider for the Gateway API has, and no other.
  [
    'http.middlewares',
    { requestHeaderModifier: { set: {} } },
    'requestHeaderModifier is unknown',
    'disabled',
  ],
  ['http.middlewares', { responseHeaderModifier: {} }, 'responseHeaderModifier is unknown', 'disabled'],
  ['http.middlewares', { requestRedirect: { hostname: 'a' } }, 'requestRedirect is unknown', 'disabled'],
  ['http.middlewares', { URLRewrite: { hostname: 'a' } }, 'URLRewrite is unknown', 'disabled'],
  [
    'http.middlewares',
    { redirectRegex: { regex: '.', replacement: 'a', statusCode: 308 } },
    'redirectRegex has no field statusCode',
    'silent',
  ],
  [
    'http.services',
    { weighted: { services: [{ name: 'a', status: 500 }] } },
    'weighted.services[0] has no field status',
    'silent',
  ],
  ['http.middlewares', { retry: { attempts: 0 } }, 'retry.attempts is below 1', 'disabled'],
  [
    'http.middlewares',
    { ipAllowList: { sourceRange: [] } },
    'ipAllowList.sourceRange is an empty list',
    'disabled',
  ],
  [
    'http.middlewares',
    { ipAllowList: { sourceRange: ['10.0.0.0/33'] } },
    'ipAllowList.sourceRange[0] is no IP address or CIDR',
    'disabled',
  ],
  [
    'http.middlewares',
    { ipAllowList: { sourceRange: ['10.0.0.0/8'], ipStrategy: { excludedIPs: ['all'] } } },
    'ipAllowList.ipStrategy.excludedIPs[0] is no IP address or CIDR',
    'disabled',
  ],
  [
    'http.middlewares',
    { redirectRegex: { regex: '^/(?=a)', replacement: '/b' } },
    'redirectRegex.regex uses look-around, which Traefik does not have',
    'disabled',
  ],
  [
    'http.middlewares',
    { replacePathRegex: { regex: String.raw`^/(a)\1`, replacement: '/b' } },
    'replacePathRegex.regex uses a back-reference, which Traefik does not have',
    'disabled',
  ],
  ['http.middlewares', { basicAuth: { users: ['ann'] } }, 'basicAuth.users[0] is no name:hash', 'disabled'],
  ['http.middlewares', { basicAuth: { users: [] } }, 'basicAuth.users is an empty list', 'silent'],
  ['http.middlewares', { addPrefix: { prefix: '' } }, 'addPrefix.prefix is no path', 'disabled'],
  [
    'http.middlewares',
    { redirectScheme: { scheme: '' } },
    'redirectScheme.scheme is none of http, https',
    'disabled',
  ],
  [
    'http.middlewares',
    { compress: { includedContentTypes: ['a/b'], excludedContentTypes: ['c/d'] } },
    'compress has both excludedContentTypes and includedContentTypes',
    'disabled',
  ],
  [
    'http.middlewares',
    { circuitBreaker: { expression: 'Sometimes' } },
    'circuitBreaker.expression is no expression',
    'disabled',
  ],
  [
    'http.middlewares',
    { errors: { status: ['5xx'], service: 'ok' } },
    'errors.status[0] is no HTTP status or range of them',
    'disabled',
  ],
  ['http.middlewares', { headers: {} }, 'headers is an empty object', 'refused'],
  [
    'http.middlewares',
    { headers: { customRequestHeaders: {} } },
    'headers.customRequestHeaders is an empty object',
    'refused',
  ],
  [
    'http.middlewares',
    { headers: { accessControlAllowMethods: ['GET\u2551POST'] } },
    'headers.accessControlAllowMethods[0] holds U+2551 or white space at its ends, which Traefik would split or trim',
    'silent',
  ],
  [
    'http.middlewares',
    { headers: { customResponseHeaders: { 'X-A': 'a\r\nSet-Cookie: b' } } },
    'headers.customResponseHeaders.X-A holds a control character',
    'silent',
  ],
  [
    'http.middlewares',
    { rateLimit: { average: 1, period: '-1s' } },
    'rateLimit.period is no duration such as 30s or 1m30s',
    'disabled',
  ],
  [
    'http.middlewares',
    { inFlightReq: { amount: 1, sourceCriterion: { ipStrategy: {} } } },
    'inFlightReq.sourceCriterion.ipStrategy is an empty object',
    'refused',
  ],
  [
    'http.serversTransports',
    { minVersion: 'VersionTLS12' },
    'has only one of minVersion and maxVersion, for which Traefik drops all its TLS settings',
    'silent',
  ],
  ['http.serversTransports', { rootCAs: ['/etc/passwd'] }, 'rootCAs[0] is no certificate in PEM', 'silent'],
  ['http.serversTransports', { forwardingTimeouts: {} }, 'forwardingTimeouts is an empty object', 'refused'],
  ['tcp.services', lb({ address: 'nowhere' }), 'loadBalancer.servers[0].address is no host:port', 'silent'],
  ['tcp.services', lb({ url: 'http://a:1' }), 'loadBalancer.servers[0].address is missing', 'refused'],
  [
    'tcp.middlewares',
    { ipAllowList: { sourceRange: ['x'] } },
    'ipAllowList.sourceRange[0] is no IP address or CIDR',
    'disabled',
  ],
  ['tcp.middlewares', { inFlightConn: { amount: 0 } }, 'inFlightConn.amount is below 1', 'silent'],
  [
    'udp.services',
    { loadBalancer: { servers: [{ address: '[::1:53' }] } },
    'loadBalancer.servers[0].address is no host:port',
    'silent',
  ],
  [
    'tls.certificates',
    { ...certificate, keyFile: '/etc/ssl/key.pem' },
    'keyFile is no private key in PEM',
    'silent',
  ],
  [
    'tls.options',
    { clientAuth: {} },
    'clientAuth.clientAuthType is none of NoClientCert, RequestClientCert, RequireAnyClientCert, VerifyClientCertIfGiven, RequireAndVerifyClientCert',
    'refused',
  ],
];
