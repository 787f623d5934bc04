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
  why: 'asks for a web application firewall, which Traefik does not have',
  hint: 'Put one in front of Traefik or of the backend, and remove it.',
  limits: true,
  harmless: ['false'],
} as const;

const tracing = {
  why: 'is about traces and logs of nginx',
  hint: 'Configure tracing in the static configuration of Traefik, and remove it.',
  harmless: ['false'],
} as const;

const removed = (use: string): RefusedAnnotation => ({
  why: 'is a name that ingress-nginx itself no longer reads',
  hint: `Use ${use} in its place.`,
  harmless: ['false'],
});

const answerRewriting = {
  why: 'changes headers of answers by a pattern, which Traefik cannot',
  hint: 'Have the backend send what clients are to see: it finds their host and scheme in X-Forwarded-Host and X-Forwarded-Proto.',
  harmless: ['off', 'default'],
} as const;

const exempt = {
  why: 'exempts clients from limits, which Traefik cannot: the limits hold for them too',
  hint: 'Remove it, or give these clients a host of their own without limits.',
} as const;

const mirroring = {
  why: 'sends copies of requests to any address',
  hint: 'Name a Service for them by fairlead.dev/mirror-to on the Service behind the Ingress.',
} as const;

const authKeepalive = {
  why: 'tunes the connections of nginx to the auth service; Traefik keeps its own open by itself',
  hint: 'Remove it.',
  harmless: ['0', 'false'],
} as const;

const byName: Readonly<Record<string, RefusedAnnotation>> = {
  'add-base-url': removed('rewrite-target'),
  'auth-always-set-cookie': {
    why: 'passes on cookies of refusals, and Traefik always passes those on, but those of a consent not',
    hint: 'Remove it.',
    harmless: ['false'],
  },
  'auth-cache-duration': {
    why: 'keeps what the auth service said, and Traefik asks it about every request',
    hint: 'Remove it, and have the auth service answer fast.',
  },
  'auth-cache-key': {
    why: 'keeps what the auth service said, and Traefik asks it about every request',
    hint: 'Remove it, and have the auth service answer fast.',
  },
  'auth-keepalive': authKeepalive,
  'auth-keepalive-requests': authKeepalive,
  'auth-keepalive-share-vars': authKeepalive,
  'auth-keepalive-timeout': authKeepalive,
  'auth-tls-error-page': {
    why: 'sends clients without a valid certificate elsewhere, and with Traefik their TLS handshake fails',
    hint: 'Remove it.',
  },
  'auth-tls-match-cn': {
    why: 'lets in certificates by their common name, which Traefik does not look at',
    hint: 'Issue the certificates of these clients from an authority of their own, and name that in auth-tls-secret.',
    limits: true,
  },
  'auth-tls-verify-depth': {
    why: 'bounds the chain of a client certificate, and Traefik takes one of any length that ends at the authority',
    hint: 'Remove it; an authority that is to sign no others says so in its own certificate.',
    harmless: ['1'],
  },
  'base-url-scheme': removed('rewrite-target'),
  'connection-proxy-header': {
    why: 'sets a header of single connections, which Traefik sets by itself',
    hint: 'Remove it.',
    harmless: ['keep-alive', 'upgrade'],
  },
  'enable-global-auth': {
    why: 'asks for the auth service of all Ingresses, which ingress-nginx has in settings of its own that are not read here',
    hint: 'Name the service in auth-url.',
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
    why: 'pushes what pages link to, which Traefik and today’s browsers do not have',
    hint: 'Remove it; browsers load what a Link header with rel=preload names by themselves.',
    harmless: ['false'],
  },
  'influxdb-host': tracing,
  'limit-rate': {
    why: 'slows down single answers, which Traefik cannot',
    hint: 'Limit requests by limit-rps or limit-connections.',
    harmless: ['0'],
  },
  'limit-rate-after': {
    why: 'slows down single answers, which Traefik cannot',
    hint: 'Limit requests by limit-rps or limit-connections.',
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
    why: 'is neither "true" nor "false"',
    hint: 'Remove it: redirects to HTTPS keep the path as it is.',
    harmless: ['false', 'true'],
  },
  'proxy-cookie-domain': answerRewriting,
  'proxy-cookie-path': answerRewriting,
  'proxy-redirect-from': answerRewriting,
  'proxy-redirect-to': answerRewriting,
  'proxy-ssl-ciphers': {
    why: 'chooses ciphers in the words of OpenSSL, which Traefik does not know',
    hint: 'Remove it, or bound the versions of TLS by proxy-ssl-protocols.',
    harmless: ['default'],
  },
  'relative-redirects': {
    why: 'leaves host and scheme out of redirects, and Traefik always writes them',
    hint: 'Remove it.',
    harmless: ['false'],
  },
  'secure-backends': removed('backend-protocol: HTTPS'),
  'secure-verify-ca-secret': removed('proxy-ssl-secret'),
  'session-cookie-change-on-failure': {
    why: 'keeps clients at a server that has failed, and Traefik gives them another one',
    hint: 'Remove it.',
    harmless: ['true'],
  },
  'session-cookie-conditional-samesite-none': {
    why: 'looks at the browser of the client, which Traefik does not',
    hint: 'Set session-cookie-samesite alone; only browsers from before 2020 are concerned.',
    harmless: ['false'],
  },
  'session-cookie-hash': removed('session-cookie-name'),
  'ssl-ciphers': {
    why: 'chooses ciphers for one host, which is left to the static configuration',
    hint: 'Remove it, or set the default TLS options of Traefik.',
  },
  'ssl-prefer-server-ciphers': {
    why: 'chooses ciphers for one host, and Traefik orders them by itself',
    hint: 'Remove it.',
    harmless: ['true', 'false'],
  },
  'stream-snippet': {
    why: 'is configuration of nginx for other ports than those of HTTP',
    hint: 'Expose TCP and UDP ports by fairlead.dev/expose on their Services.',
  },
  'upstream-hash-by-subset': {
    why: 'spreads each hash over some of the servers, which Traefik cannot',
    hint: 'Remove it.',
    harmless: ['false'],
  },
  'upstream-hash-by-subset-size': {
    why: 'spreads each hash over some of the servers, which Traefik cannot',
    hint: 'Remove it.',
  },
};

/** Every annotation of ingress-nginx that is known and not carried out, by its whole key. A key that a feature declares is never looked up here. */
export const refusedAnnotations: ReadonlyMap<string, RefusedAnnotation> = new Map(
  Object.entries(byName).map(([name, refused]) => [prefix + name, refused]),
);
