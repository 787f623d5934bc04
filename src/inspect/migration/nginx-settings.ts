import type { MigratedSetting } from '../../model/migration.ts';
import type { ConfigMap, SourceObject } from '../../model/objects.ts';
import { compareText, toObjectPath } from '../../model/object-ref.ts';

type Fate = readonly [fate: MigratedSetting['fate'], says: string];

const entryPoint = (what: string): Fate => ['set', `set it in Traefik's static configuration: ${what}`];
const annotation = (what: string): Fate => [
  'set',
  `set it for each Ingress or Service that needs it: ${what}`,
];
const lost = (says: string): Fate => ['lost', says];
const same = (says: string): Fate => ['same', says];

/**
 * What becomes of the keys of the controller's ConfigMap, which hold for all Ingresses.
 * Source: docs/user-guide/nginx-configuration/configmap.md of ingress-nginx, and the documentation of Traefik's static configuration.
 */
const fates: Readonly<Record<string, Fate>> = {
  'access-log-path': entryPoint('accessLog.filePath'),
  'allow-backend-server-header': same('Traefik passes on the Server header of backends'),
  'allow-snippet-annotations': lost(
    'there is no nginx that could read snippets; those with a plain meaning are recognised',
  ),
  'annotations-risk-level': same('there is nothing that an annotation could inject'),
  'annotation-value-word-blocklist': same('there is nothing that an annotation could inject'),
  'block-cidrs': annotation('fairlead.dev/allow-cidrs, which names who may come in'),
  'block-user-agents': lost('Traefik has no such filter; put it before Traefik'),
  'brotli-level': entryPoint('a compress middleware on the entryPoints'),
  'client-body-buffer-size': same('Traefik streams bodies'),
  'client-body-timeout': entryPoint('entryPoints.*.transport.respondingTimeouts.readTimeout'),
  'client-header-timeout': entryPoint('entryPoints.*.transport.respondingTimeouts.readTimeout'),
  'compute-full-forwarded-for': same('Traefik adds each client to X-Forwarded-For'),
  'custom-http-errors': annotation('nginx.ingress.kubernetes.io/custom-http-errors'),
  'disable-access-log': same('Traefik writes none unless accessLog is set'),
  'enable-brotli': entryPoint('a compress middleware on the entryPoints'),
  'enable-modsecurity': lost(
    'Traefik has no web application firewall; put one before it or before the backend',
  ),
  'enable-opentelemetry': entryPoint('tracing'),
  'enable-owasp-modsecurity-crs': lost(
    'Traefik has no web application firewall; put one before it or before the backend',
  ),
  'enable-real-ip': entryPoint('entryPoints.*.forwardedHeaders.trustedIPs'),
  'enable-underscores-in-headers': same('Traefik passes on headers with underscores'),
  'enable-vts-status': entryPoint('metrics.prometheus'),
  'error-log-level': entryPoint('log.level'),
  'force-ssl-redirect': annotation(
    'nginx.ingress.kubernetes.io/force-ssl-redirect, or entryPoints.web.http.redirections for all',
  ),
  'forwarded-for-header': lost('Traefik reads X-Forwarded-For only'),
  'global-auth-url': annotation('nginx.ingress.kubernetes.io/auth-url'),
  'gzip-level': entryPoint('a compress middleware on the entryPoints'),
  'hide-headers': lost('no header of answers is removed for all; have the backends not send it'),
  hsts: entryPoint(
    'a headers middleware on the https entryPoint: ingress-nginx sends Strict-Transport-Security by default, Traefik does not',
  ),
  'hsts-include-subdomains': entryPoint('a headers middleware on the https entryPoint'),
  'hsts-max-age': entryPoint('a headers middleware on the https entryPoint'),
  'http-redirect-code': lost('Traefik answers 301 and 308'),
  'keep-alive': entryPoint('entryPoints.*.transport.respondingTimeouts.idleTimeout'),
  'limit-req-status-code': lost('Traefik answers 429'),
  'load-balance': annotation('fairlead.dev/strategy'),
  'log-format-escape-json': entryPoint('accessLog.format'),
  'log-format-upstream': entryPoint('accessLog.format and accessLog.fields'),
  'main-snippet': lost('there is no nginx that could read it'),
  'http-snippet': lost('there is no nginx that could read it'),
  'location-snippet': lost('there is no nginx that could read it'),
  'server-snippet': lost('there is no nginx that could read it'),
  'max-worker-connections': same('Traefik has no such limit'),
  'no-tls-redirect-locations': annotation(
    'nginx.ingress.kubernetes.io/ssl-redirect: "false" on the Ingress with these paths',
  ),
  'proxy-add-original-uri-header': lost('Traefik does not send X-Original-URI'),
  'proxy-body-size': annotation(
    'fairlead.dev/max-body; ingress-nginx limits all to 1m by default, Traefik to nothing',
  ),
  'proxy-buffer-size': same('Traefik streams answers'),
  'proxy-connect-timeout': annotation('fairlead.dev/timeout-connect'),
  'proxy-next-upstream': annotation('fairlead.dev/retries'),
  'proxy-read-timeout': annotation('fairlead.dev/timeout-read'),
  'proxy-real-ip-cidr': entryPoint(
    'entryPoints.*.forwardedHeaders.trustedIPs; of load balancers that speak the PROXY protocol fleets[].proxyProtocol.trustedIPs',
  ),
  'proxy-send-timeout': annotation('fairlead.dev/timeout-read'),
  'proxy-set-headers': lost(
    'no header is set for all requests to backends; set X-Forwarded-* aware applications to those that Traefik sends',
  ),
  'server-name-hash-bucket-size': same('a size of nginx'),
  'server-tokens': same('Traefik does not name itself'),
  'ssl-ciphers': entryPoint('tls.options.default.cipherSuites'),
  'ssl-protocols': entryPoint('tls.options.default.minVersion'),
  'ssl-redirect': annotation(
    'nginx.ingress.kubernetes.io/ssl-redirect: "false", where TLS must not be forced',
  ),
  'ssl-session-tickets': entryPoint('tls.options.default.disableSessionTickets'),
  'strict-validate-path-type': same('a path means what its type says'),
  'upstream-keepalive-connections': same('Traefik keeps connections to backends open by itself'),
  'upstream-keepalive-timeout': same('Traefik keeps connections to backends open by itself'),
  'use-forwarded-headers': entryPoint(
    'entryPoints.*.forwardedHeaders.trustedIPs: Traefik believes nobody who is not listed there',
  ),
  'use-geoip2': lost('Traefik knows no countries'),
  'use-gzip': entryPoint('a compress middleware on the entryPoints'),
  'use-http2': same('Traefik speaks HTTP/2'),
  'use-proxy-protocol': [
    'set',
    'set fleets[].proxyProtocol.trustedIPs: fairlead traefik writes it into the entryPoints',
  ],
  'whitelist-source-range': annotation('fairlead.dev/allow-cidrs'),
  'worker-processes': same('Traefik uses all processors'),
  'worker-shutdown-timeout': entryPoint('entryPoints.*.transport.lifeCycle.graceTimeOut'),
};

const usualName =
  /^(?:nginx-configuration|nginx-config|(?:.*-)?(?:ingress-nginx|nginx-ingress)(?:-.*)?-controller|nginx-ingress)$/;
/** So many keys of one ConfigMap are told. */
const mostKeys = 200;

/** The ConfigMaps that look like that of an ingress-nginx controller, and what becomes of each key. */
export function readNginxSettings(objects: Iterable<SourceObject>): readonly MigratedSetting[] {
  const found = [...objects].flatMap((object) => (object.kind === 'ConfigMap' ? [object] : []));
  return found
    .filter(isControllerConfig)
    .toSorted((a, b) => compareText(toObjectPath(a.meta.ref), toObjectPath(b.meta.ref)))
    .flatMap(({ meta, data }) =>
      Object.keys(data)
        .toSorted()
        .slice(0, mostKeys)
        .map((key) => toSetting(key, toObjectPath(meta.ref))),
    );
}

/** By its name, and by what stands in it: any tenant may call a ConfigMap so. */
function isControllerConfig({ meta, data }: ConfigMap): boolean {
  return usualName.test(meta.ref.name) && Object.keys(data).some((key) => Object.hasOwn(fates, key));
}

function toSetting(key: string, place: string): MigratedSetting {
  const known = Object.hasOwn(fates, key) ? fates[key] : undefined;
  if (known === undefined) return { key, place, fate: 'unknown', says: 'nobody here knows this key' };
  const [fate, says] = known;
  return { key, place, fate, says };
}

/** What an ingress-nginx was started with, and is not seen in objects. */
export const unseenOfNginx: readonly string[] = [
  'the flags of the controller: --default-ssl-certificate is fleets[].defaultCertificate, --ingress-class and --watch-ingress-without-class are fleets[].ingressClasses and ingress.unclassed, --watch-namespace is sources[].kubernetes.namespaces, --enable-ssl-passthrough needs nothing, --publish-service is fleets[].addresses',
  'what ingress-nginx does for all by default, and Traefik does not: Strict-Transport-Security on answers over TLS, bodies of at most 1 MB, one more try at another endpoint (see docs/differences.md)',
  'alerts and dashboards on nginx_ingress_controller_* metrics, and parsers of its access log',
];
