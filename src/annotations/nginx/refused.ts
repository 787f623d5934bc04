/** An annotation of ingress-nginx that Fairlead knows and does not carry out. */
export interface RefusedAnnotation {
  /** Why not, as the end of a sentence that begins with its key. */
  readonly why: string;
  /** The nearest way to the same, as a sentence. */
  readonly hint: string;
  /** Set: it keeps requests out, so the routes answer 503 rather than let in what it would have stopped. */
  readonly limits?: true;
  /** Values that ask for nothing, or for what Traefik does by itself: with these it is no problem. In lower case. */
  readonly harmless?: readonly string[];
}

const prefix = 'nginx.ingress.kubernetes.io/';

const modsecurity = {
  why: 'needs a web application firewall, which Traefik does not have',
  hint: 'Put one in front of Traefik or of the backend, and remove the annotation.',
  limits: true,
  harmless: ['false'],
} as const;

const tracing = {
  why: 'configures tracing or logs of nginx',
  hint: 'Configure tracing in the static configuration of Traefik, and remove the annotation.',
  harmless: ['false'],
} as const;

const removed = (use: string): RefusedAnnotation => ({
  why: 'is no longer supported by ingress-nginx itself',
  hint: `Use ${use} instead.`,
  harmless: ['false'],
});

const answerRewriting = {
  why: 'rewrites a response header, which Traefik cannot do',
  hint: 'Let the backend send the right value: it gets host and scheme of the request in X-Forwarded-Host and X-Forwarded-Proto.',
  harmless: ['off', 'default'],
} as const;

const exempt = {
  why: 'exempts clients from limits, which Traefik cannot do: the limits apply to them too',
  hint: 'Remove it, or give these clients a host of their own without limits.',
} as const;

const mirroring = {
  why: 'mirrors requests to a URL, which Traefik cannot do',
  hint: 'Mirror to a Service: set fairlead.dev/mirror-to on the Service behind the Ingress.',
} as const;

const authKeepalive = {
  why: 'tunes the connections of nginx to the auth service, and Traefik manages its own',
  hint: 'Remove it.',
  harmless: ['0', 'false'],
} as const;

const byName: Readonly<Record<string, RefusedAnnotation>> = {
  'add-base-url': removed('rewrite-target'),
  'auth-always-set-cookie': {
    why: 'is about cookies of the auth service: Traefik passes them to clients that it refuses, and to no others',
    hint: 'Remove it.',
    harmless: ['false'],
  },
  'auth-cache-duration': {
    why: 'caches responses of the auth service, which Traefik does not do',
    hint: 'Remove it, and make sure that the auth service is fast enough for every request.',
  },
  'auth-cache-key': {
    why: 'caches responses of the auth service, which Traefik does not do',
    hint: 'Remove it, and make sure that the auth service is fast enough for every request.',
  },
  'auth-keepalive': authKeepalive,
  'auth-keepalive-requests': authKeepalive,
  'auth-keepalive-share-vars': authKeepalive,
  'auth-keepalive-timeout': authKeepalive,
  'auth-tls-error-page': {
    why: 'redirects clients without a valid certificate, and with Traefik their TLS handshake fails',
    hint: 'Remove it.',
  },
  'auth-tls-match-cn': {
    why: 'checks the common name of client certificates, which Traefik cannot do',
    hint: 'Issue the certificates of these clients by an authority of their own, and use that in auth-tls-secret.',
    limits: true,
  },
  'auth-tls-verify-depth': {
    why: 'limits the chain of client certificates, and Traefik accepts any length',
    hint: 'Remove it. To forbid intermediate authorities, set a path length in the certificate of the authority.',
    harmless: ['1'],
  },
  'base-url-scheme': removed('rewrite-target'),
  'connection-proxy-header': {
    why: 'sets the Connection header, which Traefik sets itself',
    hint: 'Remove it.',
    harmless: ['keep-alive', 'upgrade'],
  },
  'enable-global-auth': {
    why: 'needs the global auth service of ingress-nginx, whose configuration Fairlead does not read',
    hint: 'Set auth-url on the Ingress.',
    limits: true,
    harmless: ['false'],
  },
  'enable-modsecurity': modsecurity,
  'enable-opentelemetry': tracing,
  'enable-opentracing': tracing,
  'enable-owasp-core-rules': modsecurity,
  'enable-rewrite-log': tracing,
  'global-rate-limit': removed('limit-rps'),
  'global-rate-limit-ignored-cidrs': removed('limit-rps'),
  'global-rate-limit-key': removed('limit-rps'),
  'global-rate-limit-window': removed('limit-rps'),
  'grpc-backend': removed('backend-protocol: GRPC'),
  'http2-push-preload': {
    why: 'needs HTTP/2 server push, which neither Traefik nor current browsers support',
    hint: 'Remove it. Browsers also load early what a Link header with rel=preload names.',
    harmless: ['false'],
  },
  'influxdb-host': tracing,
  'limit-rate': {
    why: 'limits the bandwidth of a response, which Traefik cannot do',
    hint: 'Limit requests with limit-rps or limit-connections.',
    harmless: ['0'],
  },
  'limit-rate-after': {
    why: 'limits the bandwidth of a response, which Traefik cannot do',
    hint: 'Limit requests with limit-rps or limit-connections.',
    harmless: ['0'],
  },
  'limit-allowlist': exempt,
  'limit-whitelist': exempt,
  'mirror-host': mirroring,
  'mirror-request-body': { ...mirroring, harmless: ['on'] },
  'mirror-target': mirroring,
  'modsecurity-snippet': { ...modsecurity, harmless: [''] },
  'modsecurity-transaction-id': { why: modsecurity.why, hint: modsecurity.hint },
  'opentelemetry-operation-name': tracing,
  'opentelemetry-trust-incoming-span': { ...tracing, harmless: ['false', 'true'] },
  'opentracing-trust-incoming-span': { ...tracing, harmless: ['false', 'true'] },
  'preserve-trailing-slash': {
    why: 'takes "true" or "false", of which neither has an effect',
    hint: 'Remove it. Redirects to HTTPS always keep the path as it is.',
    harmless: ['false', 'true'],
  },
  'proxy-cookie-domain': answerRewriting,
  'proxy-cookie-path': answerRewriting,
  'proxy-redirect-from': answerRewriting,
  'proxy-redirect-to': answerRewriting,
  'proxy-ssl-ciphers': {
    why: 'selects OpenSSL ciphers, which Traefik does not have',
    hint: 'Remove it, or limit the TLS versions with proxy-ssl-protocols.',
    harmless: ['default'],
  },
  'relative-redirects': {
    why: 'makes redirects relative, and those of Traefik always have scheme and host',
    hint: 'Remove it.',
    harmless: ['false'],
  },
  'secure-backends': removed('backend-protocol: HTTPS'),
  'secure-verify-ca-secret': removed('proxy-ssl-secret'),
  'session-cookie-change-on-failure': {
    why: 'keeps clients at an endpoint that has failed, and Traefik gives them another one',
    hint: 'Remove it.',
    harmless: ['true'],
  },
  'session-cookie-conditional-samesite-none': {
    why: 'depends on the browser, which Traefik does not look at',
    hint: 'Set only session-cookie-samesite. This matters only for browsers from before 2020.',
    harmless: ['false'],
  },
  'session-cookie-hash': removed('session-cookie-name'),
  'ssl-ciphers': {
    why: 'selects the ciphers of a host, which Fairlead leaves to the TLS options of Traefik',
    hint: 'Remove it, or set ciphers in the default TLS options of Traefik.',
  },
  'ssl-prefer-server-ciphers': {
    why: 'sets who chooses the cipher, and Traefik orders ciphers itself',
    hint: 'Remove it.',
    harmless: ['true', 'false'],
  },
  'stream-snippet': {
    why: 'is nginx configuration for TCP and UDP ports',
    hint: 'Expose TCP and UDP ports with fairlead.dev/expose on their Services.',
  },
  'upstream-hash-by-subset': {
    why: 'spreads each hash over several endpoints, which Traefik cannot do',
    hint: 'Remove it.',
    harmless: ['false'],
  },
  'upstream-hash-by-subset-size': {
    why: 'spreads each hash over several endpoints, which Traefik cannot do',
    hint: 'Remove it.',
  },
};

/** Every annotation of ingress-nginx that is known and not carried out, by its whole key. A key that a feature declares is never looked up here. */
export const refusedAnnotations: ReadonlyMap<string, RefusedAnnotation> = new Map(
  Object.entries(byName).map(([name, refused]) => [prefix + name, refused]),
);
