import { readFileSync } from 'node:fs';
import { any, host, hostSniAny, all, pathPrefix } from '../../../src/traefik/rule.ts';
import type { HttpMiddlewareKind, MiddlewareOf } from '../../../src/traefik/http-middleware.ts';
import type { Elements } from '../../../src/traefik/sections.ts';

function readPem(name: string): string {
  return readFileSync(new URL(`../../e2e/fixtures/${name}`, import.meta.url), 'utf8');
}
export const certificate = {
  certFile: readPem('wildcard-test-com.crt'),
  keyFile: readPem('wildcard-test-com.key'),
};

const hash = '$apr1$H6uskkkW$IgXLP6ewTrSuBkTrqE8wj/';
const criterion = { ipStrategy: { depth: 1, excludedIPs: ['10.0.0.0/8'], ipv6Subnet: 64 } };

/** One of each kind of middleware, with as many of its fields as go together. */
const kinds: { readonly [K in HttpMiddlewareKind]: MiddlewareOf<K> } = {
  addPrefix: { prefix: '/v1' },
  basicAuth: { users: [`ann:${hash}`], realm: 'staff', removeHeader: true, headerField: 'X-User' },
  buffering: {
    maxRequestBodyBytes: 209_715_200,
    memRequestBodyBytes: 1_048_576,
    maxResponseBodyBytes: 0,
    memResponseBodyBytes: 1_048_576,
    retryExpression: 'IsNetworkError() && Attempts() < 3',
  },
  chain: { middlewares: ['addPrefix'] },
  circuitBreaker: {
    expression: 'NetworkErrorRatio() > 0.30 || ResponseCodeRatio(500, 600, 0, 600) > 0.25',
    checkPeriod: '100ms',
    fallbackDuration: '10s',
    recoveryDuration: '10s',
    responseCode: 503,
  },
  compress: { encodings: ['gzip', 'br'], defaultEncoding: 'gzip', minResponseBodyBytes: 1024 },
  contentType: true,
  digestAuth: { users: ['ann:staff:a2688e031edb4be6a3797f3882655c05'], realm: 'staff' },
  encodedCharacters: { allowEncodedSlash: true, allowEncodedHash: false },
  errors: {
    status: ['404', '500-599'],
    service: 'plain',
    query: '/{status}.html',
    statusRewrites: { '500-599': 503 },
    errorRequestHeaders: [''],
  },
  forwardAuth: {
    address: 'https://auth.test.com/check?kind=a',
    tls: { insecureSkipVerify: true },
    authResponseHeaders: ['X-User'],
    authResponseHeadersRegex: '^X-Auth-',
    authRequestHeaders: ['Cookie'],
    maxResponseBodySize: 4096,
    addAuthCookiesToResponse: ['session'],
    headerField: 'X-User',
    forwardBody: true,
    maxBodySize: 1024,
    preserveLocationHeader: true,
    preserveRequestMethod: true,
    authSigninURL: 'https://auth.test.com/login',
    trustForwardHeader: false,
  },
  grpcWeb: { allowOrigins: ['*'] },
  headers: {
    customRequestHeaders: { Host: 'inner.test', 'X-Gone': '' },
    customResponseHeaders: { 'X-Served-By': 'fairlead, "quoted" and ünicode' },
    accessControlAllowCredentials: true,
    accessControlAllowHeaders: ['*'],
    accessControlAllowMethods: ['GET', 'POST'],
    accessControlAllowOriginList: ['https://test.com'],
    accessControlAllowOriginListRegex: [String.raw`^https://[a-z]+\.test\.com$`],
    accessControlExposeHeaders: ['X-One'],
    accessControlMaxAge: 1_728_000,
    addVaryHeader: true,
    allowedHosts: ['test.com'],
    hostsProxyHeaders: ['X-Forwarded-Host'],
    sslProxyHeaders: { 'X-Forwarded-Proto': 'https' },
    stsSeconds: 31_536_000,
    stsIncludeSubdomains: true,
    stsPreload: true,
    forceSTSHeader: true,
    frameDeny: true,
    customFrameOptionsValue: 'SAMEORIGIN',
    contentTypeNosniff: true,
    browserXssFilter: true,
    customBrowserXSSValue: '1; mode=block',
    contentSecurityPolicy: "default-src 'self'",
    contentSecurityPolicyReportOnly: "default-src 'self'",
    publicKey: 'pin-sha256="x"',
    referrerPolicy: 'no-referrer',
    permissionsPolicy: 'camera=()',
    isDevelopment: false,
  },
  inFlightReq: { amount: 10, sourceCriterion: { requestHeaderName: 'X-Tenant' } },
  ipAllowList: {
    sourceRange: ['10.0.0.0/8', '2001:db8::/32', '192.168.7.57'],
    ipStrategy: { depth: 0 },
    rejectStatusCode: 404,
  },
  passTLSClientCert: {
    pem: true,
    info: { notAfter: true, subject: { organizationalUnit: true }, issuer: { country: true } },
  },
  plugin: {
    'fairlead-gateway': {
      addRequestHeaders: [{ name: 'X-Team', value: 'a' }],
      addResponseHeaders: [{ name: 'X-Team', value: 'a' }],
      redirect: { regex: '^(.*)$', replacement: '${1}/', status: 308 },
    },
  },
  rateLimit: {
    average: 100,
    period: '1m',
    burst: 50,
    sourceCriterion: criterion,
    redis: { endpoints: ['127.0.0.1:6379'], db: 1, dialTimeout: '1s' },
  },
  redirectRegex: { regex: '^http://(.*)$', replacement: 'https://${1}', permanent: true },
  redirectScheme: { scheme: 'https', port: '443', permanent: true },
  replacePath: { path: '/' },
  replacePathRegex: { regex: '(?i)^/a/(.*)', replacement: '/${1}' },
  retry: {
    attempts: 3,
    timeout: '5s',
    initialInterval: '100ms',
    maxRequestBodyBytes: 1_048_576,
    status: ['502-504'],
    disableRetryOnNetworkError: true,
    retryNonIdempotentMethod: true,
  },
  stripPrefix: { prefixes: ['/a', '/b'] },
  stripPrefixRegex: { regex: ['^/[a-z]+/'] },
};

const middlewares: Record<string, Elements['http.middlewares']> = {};
for (const [kind, value] of Object.entries(kinds)) {
  middlewares[kind] = { [kind]: value } as Elements['http.middlewares'];
}
middlewares['compressAsItIs'] = { compress: true };
middlewares['limitByHost'] = { rateLimit: { average: 0, sourceCriterion: { requestHost: true } } };

const servers = [{ url: 'http://10.244.1.17:8080' }, { url: 'https://[fd00::1]:8443', weight: 3 }];

const services: Record<string, Elements['http.services']> = {
  plain: { loadBalancer: { servers } },
  empty: { loadBalancer: { servers: [] } },
  full: {
    middlewares: ['addPrefix'],
    loadBalancer: {
      servers: [{ url: 'h2c://svc.test:80/base', weight: 0, preservePath: true }, ...servers],
      strategy: 'wrr',
      sticky: {
        cookie: {
          name: 'at',
          secure: true,
          httpOnly: true,
          sameSite: 'lax',
          maxAge: 3600,
          path: '/',
          domain: 'test.com',
        },
      },
      healthCheck: {
        path: '/healthz?full=1',
        scheme: 'http',
        mode: 'http',
        method: 'GET',
        status: 200,
        port: 8081,
        interval: '30s',
        unhealthyInterval: '1m30s',
        timeout: '2s',
        hostname: 'inner.test',
        followRedirects: false,
        headers: { 'X-Probe': '1' },
      },
      passHostHeader: false,
      responseForwarding: { flushInterval: '50ms' },
      serversTransport: 'transport',
    },
  },
  passive: {
    loadBalancer: {
      servers,
      strategy: 'p2c',
      passiveHealthCheck: { failureWindow: '3s', maxFailedAttempts: 2 },
      sticky: { cookie: true },
    },
  },
  hashed: { loadBalancer: { servers, strategy: 'hrw' } },
  quick: { loadBalancer: { servers, strategy: 'leasttime' } },
  weighted: {
    weighted: {
      services: [{ name: 'plain', weight: 9 }, { name: 'passive' }],
      sticky: { cookie: { name: 'to' } },
    },
  },
  highest: { highestRandomWeight: { services: [{ name: 'plain', weight: 1 }] } },
  mirrored: {
    mirroring: {
      service: 'plain',
      mirrors: [{ name: 'passive', percent: 10 }],
      mirrorBody: false,
      maxBodySize: -1,
    },
  },
  failing: { failover: { service: 'full', fallback: 'plain' } },
  reporting: { failover: { service: 'full', fallback: 'full', healthCheck: true } },
  failingByStatus: {
    failover: {
      service: 'plain',
      fallback: 'passive',
      errors: { status: ['500-599'], maxRequestBodyBytes: 1024 },
    },
  },
};

const routers: Record<string, Elements['http.routers']> = {
  full: {
    entryPoints: ['web', 'websecure'],
    rule: all(any(host('a.test'), host('b_c.test')), pathPrefix('/')),
    service: 'full',
    ruleSyntax: 'default',
    priority: 1000,
    observability: { accessLogs: true, metrics: false, tracing: false, traceVerbosity: 'detailed' },
  },
  secure: {
    entryPoints: ['websecure'],
    rule: host('secure.test'),
    service: 'plain',
    tls: { options: 'mutual', domains: [{ main: 'test.com', sans: ['*.test.com'] }] },
  },
  secureAsItIs: { entryPoints: ['websecure'], rule: host('tls.test'), service: 'noop@internal', tls: true },
};
for (const name of Object.keys(middlewares)) {
  routers[`with_${name}`] = {
    entryPoints: ['web'],
    rule: host('mw.test'),
    service: 'plain',
    middlewares: [name],
  };
}
for (const name of Object.keys(services)) {
  routers[`to_${name}`] = { entryPoints: ['web'], rule: host('svc.test'), service: name };
}

const tcpServers = [{ address: '10.244.1.17:3306' }, { address: '[fd00::1]:3306', tls: true }];

/** At least one element of every section, with names that fit together: one document that Traefik takes as a whole. */
export const oneOfEach: { readonly [S in keyof Elements]: Readonly<Record<string, Elements[S]>> } = {
  'http.middlewares': middlewares,
  'http.routers': routers,
  'http.serversTransports': {
    transport: {
      serverName: 'inner.test',
      insecureSkipVerify: true,
      rootCAs: [certificate.certFile],
      certificates: [certificate],
      cipherSuites: ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'],
      minVersion: 'VersionTLS12',
      maxVersion: 'VersionTLS13',
      maxIdleConnsPerHost: 10,
      forwardingTimeouts: {
        dialTimeout: '5s',
        responseHeaderTimeout: '300s',
        idleConnTimeout: '90s',
        readIdleTimeout: '0s',
        pingTimeout: '15s',
        readTimeout: '300s',
        writeTimeout: '300s',
      },
      disableHTTP2: true,
      peerCertSANs: [{ type: 'DNSName', value: 'inner.test' }],
    },
  },
  'http.services': services,
  'tcp.middlewares': {
    limited: { inFlightConn: { amount: 5 } },
    allowed: { ipAllowList: { sourceRange: ['10.0.0.0/8'] } },
  },
  'tcp.routers': {
    pool: {
      entryPoints: ['tcp-20000'],
      rule: hostSniAny(),
      service: 'plain',
      middlewares: ['limited', 'allowed'],
      ruleSyntax: 'default',
      priority: 1,
    },
    from: {
      entryPoints: ['tcp-20001'],
      rule: hostSniAny(),
      service: 'weighted',
    },
    passed: {
      entryPoints: ['websecure'],
      rule: hostSniAny(),
      service: 'plain',
      tls: { passthrough: true },
    },
    ended: { entryPoints: ['websecure'], rule: hostSniAny(), service: 'checked', tls: true },
  },
  'tcp.serversTransports': {
    transport: {
      dialTimeout: '5s',
      dialKeepAlive: '15s',
      terminationDelay: '100ms',
      proxyProtocol: { version: 2 },
      tls: { serverName: 'db.test', insecureSkipVerify: true },
    },
  },
  'tcp.services': {
    plain: { loadBalancer: { servers: tcpServers, serversTransport: 'transport' } },
    checked: {
      loadBalancer: {
        servers: tcpServers,
        healthCheck: {
          port: 3306,
          send: 'PING\r\n',
          expect: 'PONG',
          interval: '10s',
          unhealthyInterval: '5s',
          timeout: '1s',
        },
      },
    },
    weighted: { weighted: { services: [{ name: 'plain', weight: 2 }, { name: 'checked' }] } },
  },
  'tls.certificates': { first: { ...certificate, stores: ['default'] } },
  'tls.stores': { default: { defaultCertificate: certificate } },
  'tls.options': {
    mutual: {
      minVersion: 'VersionTLS12',
      maxVersion: 'VersionTLS13',
      cipherSuites: ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'],
      curvePreferences: ['X25519', 'CurveP256'],
      clientAuth: { caFiles: [certificate.certFile], clientAuthType: 'RequireAndVerifyClientCert' },
      sniStrict: true,
      alpnProtocols: ['h2', 'http/1.1'],
      disableSessionTickets: true,
    },
  },
  'udp.routers': {
    dns: { entryPoints: ['udp-20000'], service: 'dns' },
    split: { entryPoints: ['udp-20001'], service: 'split' },
  },
  'udp.services': {
    dns: { loadBalancer: { servers: [{ address: '10.244.1.17:53' }] } },
    split: { weighted: { services: [{ name: 'dns', weight: 1 }] } },
  },
};

type Document = Record<string, Record<string, Record<string, unknown> | unknown[]>>;

/** A document of elements: section, name, element. */
export function toDocument(elements: Iterable<readonly [keyof Elements, string, unknown]>): Document {
  const document: Document = {};
  for (const [section, name, element] of elements) {
    const [root = '', part = ''] = section.split('.');
    const parts = (document[root] ??= {});
    const holder = (parts[part] ??= section === 'tls.certificates' ? [] : {});
    if (Array.isArray(holder)) holder.push(element);
    else holder[name] = element;
  }
  return document;
}

/** All elements as section, name and element. */
export function listOneOfEach(): (readonly [keyof Elements, string, unknown])[] {
  const sections = Object.keys(oneOfEach) as (keyof Elements)[];
  return sections.flatMap((section) =>
    Object.entries(oneOfEach[section]).map(([name, element]) => [section, name, element] as const),
  );
}
