import { emptyReading } from '../../annotations/read.ts';
import type { Directives, MiddlewareDirective } from '../../annotations/directives.ts';
import { closed, failed, type HttpBackend } from '../../routes/backend.ts';
import type { Filter } from '../../routes/intent.ts';
import type { AnnotationUse } from '../../routes/why.ts';
import type { FleetSettings } from '../../settings/settings.ts';
import { toGoDuration } from '../../traefik/duration.ts';
import type { HttpMiddleware } from '../../traefik/http-middleware.ts';
import type { Sticky } from '../../traefik/http-service.ts';
import type { ServersTransport } from '../../traefik/servers-transport.ts';
import type { Finding } from '../backend/finding.ts';
import { readServiceAnnotations, type Translating } from '../context.ts';
import { toFilters } from '../filters.ts';
import { toMovedBackend } from '../moves/http-moves.ts';
import { toClientCertificate } from '../secret-pair.ts';
import type { BackendTarget } from './backend-ref.ts';
import { findBackendTls } from './backend-tls.ts';
import type { RequestRoute, RequestRule } from './rules.ts';

/** Where the backends of a route are for: a fleet, and a Gateway as far as it matters to them. */
export interface BackendSite {
  readonly context: Translating;
  readonly route: RequestRoute;
  readonly fleet: FleetSettings;
  /** The Secret that is shown to backends over TLS, and the name of the Gateway that says so. */
  readonly client?: {
    readonly secret: { readonly namespace: string; readonly name: string };
    readonly name: string;
  };
}

/** A Service behind a rule. */
export interface ServiceBackend {
  readonly backend: HttpBackend;
  /** What its own annotations put before it. */
  readonly filters: readonly Filter<HttpMiddleware>[];
  readonly findings: readonly Finding[];
  readonly uses: readonly AnnotationUse[];
}

/** The backend of a port of a Service, as an Ingress would have it, with what the rule, the Gateway and a policy ask for besides. */
export function toServiceBackend(
  site: BackendSite,
  rule: Pick<RequestRule, 'index' | 'scheme' | 'timeout'>,
  sticky: Sticky | undefined,
  { service, port }: BackendTarget,
): ServiceBackend {
  const { context, route, fleet } = site;
  const own = readServiceAnnotations(context, service.meta).directives;
  const tls = findBackendTls(context, service.meta.ref, port, fleet.traefik);
  if (tls === 'refused') return { backend: failed, filters: [], findings: [], uses: [] };
  const ofRule: Directives = {
    ...(sticky && { loadBalancer: { sticky } }),
    ...(rule.timeout !== undefined && {
      transport: { forwardingTimeouts: { responseHeaderTimeout: toGoDuration(rule.timeout) } },
    }),
  };
  const { certificates } = toShown(site);
  const transport: Partial<ServersTransport> = {
    ...ofRule.transport,
    ...tls,
    ...(certificates && { certificates }),
  };
  const directives: Directives = {
    ...ofRule,
    ...(tls && { scheme: 'https' }),
    ...(Object.keys(transport).length > 0 && { transport }),
  };
  const result = toMovedBackend(context, service, port, {
    ref: route.meta.ref,
    reading: { ...emptyReading, directives },
    names: toNames(site, rule, Object.keys(ofRule).length > 0),
    fleets: [fleet.name],
    ...(rule.scheme && { defaultScheme: rule.scheme }),
  });
  const { filters, uses } = toFilters(
    context,
    'middlewares',
    { ref: service.meta.ref, directives: (own.middlewares ?? []).filter(isOfBackend) },
    { ref: route.meta.ref, directives: [] },
    result.limits,
  );
  return {
    backend: own.withhold === true ? closed : result.backend,
    filters,
    findings: result.findings,
    uses: [...result.uses, ...uses],
  };
}

/** Routes redirect to HTTPS by filters of their own; behind them it is too late to know whether the host has TLS. */
function isOfBackend({ stage }: MiddlewareDirective<unknown>): boolean {
  return stage !== 'https';
}

/** What tells the servers of a rule from those that others have of the same Service. */
function toNames(
  { route, client }: BackendSite,
  { index }: Pick<RequestRule, 'index'>,
  isOwn: boolean,
): readonly string[] {
  const { kind, namespace, name } = route.meta.ref;
  return [
    ...(isOwn ? [kind.toLowerCase(), namespace, name, `rule-${index}`] : ['~policy']),
    ...(client === undefined ? [] : ['~by', client.name]),
  ];
}

/** The certificate that is shown to backends. One that cannot be used is for the Gateway to report: backends turn away whoever shows none. */
function toShown({ context, route, client }: BackendSite): Pick<ServersTransport, 'certificates'> {
  if (client === undefined) return {};
  const { namespace, name } = client.secret;
  const shown = toClientCertificate(context, context.view.secret(route.meta.ref.source, namespace, name));
  return 'certFile' in shown ? { certificates: [shown] } : {};
}
