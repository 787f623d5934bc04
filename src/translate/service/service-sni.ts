import { sniKey } from '../../annotations/own/sni.ts';
import type { Directives } from '../../annotations/directives.ts';
import type { ServicePort } from '../../model/objects.ts';
import type { PortClaim } from '../../model/ports.ts';
import { annotationField } from '../../model/problem.ts';
import type { PortBackend } from '../../routes/backend.ts';
import type { CertificateIntent, RouteTls, SniRoute } from '../../routes/intent.ts';
import { toHostMatch } from '../../routes/match.ts';
import { toUses, type AnnotationUse } from '../../routes/why.ts';
import { toCertificates } from '../certificates.ts';
import { toElementName, type Translating } from '../context.ts';
import { toFilters } from '../filters.ts';
import { toPortTarget, type PortTarget } from './port-target.ts';
import type { AskingService } from './service-http.ts';
import { toAskedHosts, type AskedHost } from './sni-hosts.ts';
import { toSniPort } from './sni-port.ts';

export interface SniRoutes {
  /** What it asks of the pool, with `fairlead.dev/sni-port`. */
  readonly claims: readonly PortClaim[];
  readonly intents: readonly (CertificateIntent | SniRoute)[];
  readonly uses: readonly AnnotationUse[];
}

/** A route of every fleet, wherever its connections come in. */
type AnySniRoute = Omit<SniRoute, 'fleet'>;

const field = annotationField(sniKey);
const tlsField = annotationField('fairlead.dev/tls');

/** The routes of `fairlead.dev/sni`, the certificate for them, and the pool port that they have in place of the https entryPoint. */
export function toSniRoutes(context: Translating, asking: AskingService): SniRoutes {
  const { service, reading, fleets, report } = asking;
  const { sni, tls } = reading.directives;
  if (sni === undefined) return { claims: [], intents: [], uses: [] };
  const asked = toAskedHosts(service, sni, report);
  const { routes, uses: ofRoutes } = toRoutes(context, asking, asked);
  const sniPort = toSniPort(
    context,
    asking,
    asked.flatMap(({ port }) => port ?? []),
  );
  const carried = ['sni', 'fleets', 'tls', ...(sniPort?.carried ?? [])];
  const uses = [...toUses(service.meta.ref, carried), ...ofRoutes];
  if (sniPort === undefined) {
    const ends = toTls(tls);
    const intents = fleets.flatMap((fleet) =>
      routes.map((route): SniRoute => ({ ...route, fleet, ...(ends && { tls: ends }) })),
    );
    return { claims: [], intents: [...intents, ...toOwnCertificates(context, asking, asked)], uses };
  }
  if (tls !== undefined) report('annotation-not-supported', passesThrough);
  const intents = [...sniPort.ports].flatMap(([fleet, port]) =>
    fleets.includes(fleet) ? routes.map((route): SniRoute => ({ ...route, fleet, port })) : [],
  );
  return { claims: asked.length > 0 ? sniPort.claims : [], intents, uses };
}

/** A certificate serves all ports of a fleet: on one of its own, a namespace could show that of a host elsewhere. */
const passesThrough = {
  field: tlsField,
  message: 'fairlead.dev/tls is not supported with fairlead.dev/sni-port: TLS passes through',
  hint: 'Let the backend speak TLS, or remove fairlead.dev/sni-port.',
};

function toTls(tls: Directives['tls']): RouteTls | undefined {
  return tls && (tls.kind === 'resolver' ? { certResolver: tls.name } : {});
}

function toRoutes(
  context: Translating,
  asking: AskingService,
  asked: readonly AskedHost[],
): { readonly routes: readonly AnySniRoute[]; readonly uses: readonly AnnotationUse[] } {
  const { meta } = asking.service;
  const directives = asking.reading.directives.tcpMiddlewares ?? [];
  const { filters, uses } = toFilters(context, 'tcpMiddlewares', undefined, { ref: meta.ref, directives });
  const targets = new Map<ServicePort, PortTarget>();
  const key = toElementName(context, meta.ref, 'sni');
  const nowhere: PortBackend = { kind: 'load-balancer', key, addresses: [] };
  const findTarget = (port: ServicePort | undefined): Pick<PortTarget, 'backend' | 'limits'> => {
    // Its hosts are asked for, and must not fall to a wildcard around them.
    if (port === undefined) return { backend: nowhere, limits: [] };
    const target = targets.get(port) ?? toPortTarget(context, asking, { protocol: 'tcp', port, field });
    targets.set(port, target);
    return target;
  };
  const routes = asked.map(({ host, port }) => {
    const { backend, limits } = findTarget(port);
    return {
      kind: 'sni' as const,
      owner: meta,
      why: { field, uses },
      host: toHostMatch(host),
      key: toElementName(context, meta.ref, 'sni', host),
      filters: [...filters, ...limits],
      backend,
    };
  });
  const all = [...targets.values()];
  return {
    routes,
    uses: [
      ...toUses(
        meta.ref,
        all.flatMap(({ carried }) => carried),
      ),
      ...all.flatMap(({ others }) => others),
    ],
  };
}

function toOwnCertificates(
  context: Translating,
  { service, reading, fleets, report }: AskingService,
  asked: readonly AskedHost[],
): readonly CertificateIntent[] {
  const { tls } = reading.directives;
  if (tls?.kind !== 'secret') return [];
  const request = { secretName: tls.name, hosts: asked.map(({ host }) => host), field: tlsField };
  return toCertificates(context, service.meta, fleets, request, report);
}
