import type { ObjectRef } from '../../model/object-ref.ts';
import type { PortReference, Service, ServicePort } from '../../model/objects.ts';
import {
  mergeDirectives,
  type BackendScheme,
  type DefaultDirectives,
  type Directives,
} from '../../annotations/directives.ts';
import { facts, families, isFact, tlsParts, toFamily } from '../../annotations/parts.ts';
import type { Reading } from '../../annotations/read.ts';
import type { HttpLoadBalancer } from '../../routes/backend.ts';
import { toUses, type AnnotationUse } from '../../routes/why.ts';
import type { Dialect } from '../../settings/settings.ts';
import { knowsIdleTimeouts } from '../../traefik/versions.ts';
import { readServiceAnnotations, toElementName, type Translating } from '../context.ts';
import { toDefaultMode } from './backend-mode.ts';
import type { Finding } from './finding.ts';
import { toServerGroups } from './server-groups.ts';
import { resolveServers, toDialledPort } from './servers.ts';
import { nameCookie, needsCookieName } from './sticky-name.ts';
import { toTransport } from './transport.ts';

/** The object that routes to a Service, and what its annotations ask for. */
export interface RoutedBy {
  readonly ref: ObjectRef;
  readonly reading: Reading;
  /** What tells the servers that it asks for from those of others; its own name when not given. */
  readonly names?: readonly string[];
  /** Of an Ingress that has one. */
  readonly ingressClass?: string | undefined;
  /** Of an Ingress. */
  readonly dialect?: Dialect;
  /** What is spoken where neither the port nor an annotation says it; absent: HTTP, or HTTPS where the port looks like it. */
  readonly defaultScheme?: BackendScheme;
  /** How it names the port; absent: by its number. */
  readonly reference?: PortReference | undefined;
}

export interface BackendResult {
  readonly backend: HttpLoadBalancer;
  readonly findings: readonly Finding[];
  readonly uses: readonly AnnotationUse[];
}

/**
 * The Traefik service for a port of a Service.
 * Every route to the port shares it, unless the object that routes, whose word counts more, asks for something else.
 */
export function toHttpBackend(
  context: Translating,
  service: Service,
  port: ServicePort,
  routedBy: RoutedBy,
): BackendResult {
  const own = readServiceAnnotations(context, service.meta);
  const isOwn = routedBy.ref === service.meta.ref;
  const over = isOwn ? {} : routedBy.reading.directives;
  const said = mergeDirectives(own.directives, over);
  const directives =
    over.byDefault === undefined ? said : mergeDirectives(toKnown(context, over.byDefault), said);
  const byDefault = toDefaultMode(context.settings, service, routedBy.ingressClass);
  const isElsewhere =
    directives.backends === undefined && byDefault !== toDefaultMode(context.settings, service);
  const { reference = port.port } = routedBy;
  const isNamed = typeof reference === 'string' && needsCookieName(directives.loadBalancer);
  const scheme = directives.scheme ?? toScheme(port, routedBy.dialect, routedBy.defaultScheme);
  const ofOwn = routedBy.names ?? [routedBy.ref.name];
  const ofOthers = over.byDefault === undefined ? [] : ['~nginx'];
  const rest = [
    ...(!isOwn && (isElsewhere || changesBackend(over)) ? ofOwn : ofOthers),
    ...(isNamed ? [`~by~${reference}`] : []),
    ...(scheme === (directives.scheme ?? toScheme(port)) ? [] : [`~${scheme}`]),
  ];
  const key = toElementName(context, service.meta.ref, String(port.port), ...rest);
  const dialled = toDialledPort(service, port, routedBy.dialect);
  const servers = resolveServers(context, service, dialled, directives, byDefault);
  const transport = toTransport(directives.transport, scheme);
  const value: HttpLoadBalancer['value'] = {
    ...nameCookie(directives.loadBalancer ?? {}, service, reference),
    ...(transport && { serversTransport: key }),
  };
  const known = scheme === 'https' ? [facts.http, facts.https] : [facts.http];
  const isCarried = (part: string): boolean =>
    servers.carried.includes(part) ||
    (families.httpBackend.includes(toFamily(part)) &&
      (scheme === 'https' || !tlsParts.includes(part)) &&
      // One of another provider stands back for one that annotations make here.
      (part !== 'loadBalancer/serversTransport' || transport === undefined));
  return {
    backend: {
      kind: 'load-balancer',
      key,
      scheme,
      servers: toServerGroups(servers.addresses),
      value,
      ...(transport && { transport: { key, value: transport } }),
    },
    findings: servers.findings,
    uses: [
      ...(own.asked.length > 0
        ? toUses(service.meta.ref, [...servers.carried.filter(isFact), ...known])
        : []),
      ...(servers.uses ?? []),
      ...toBackendUses(service.meta.ref, own, isOwn ? undefined : routedBy, isCarried),
    ],
  };
}

/** Nobody has asked for defaults: of those that the Traefik of a fleet would not know nobody is to hear. */
function toKnown({ settings }: Translating, byDefault: DefaultDirectives): Directives {
  const { dialTimeout } = byDefault.transport?.forwardingTimeouts ?? {};
  return dialTimeout === undefined || settings.fleets.every(({ traefik }) => knowsIdleTimeouts(traefik))
    ? byDefault
    : { ...byDefault, transport: { forwardingTimeouts: { dialTimeout } } };
}

/** What of both objects' annotations shaped the backend: of what both ask for, only that of the routing object. */
function toBackendUses(
  service: ObjectRef,
  own: Reading,
  routedBy: RoutedBy | undefined,
  isCarried: (part: string) => boolean,
): readonly AnnotationUse[] {
  const over = [...(routedBy?.reading.parts ?? [])].filter(isCarried);
  const ofService = [...own.parts].filter((part) => isCarried(part) && !over.includes(part));
  return [...toUses(service, ofService), ...(routedBy === undefined ? [] : toUses(routedBy.ref, over))];
}

function changesBackend({ backends, scheme, loadBalancer, transport }: Directives): boolean {
  return (backends ?? scheme ?? loadBalancer ?? transport) !== undefined;
}

/**
 * `appProtocol` first; without it, and for the Ingresses that Traefik itself served, its own convention for their backends. Values from KEP-3726 and the Service API:
 * https://kubernetes.io/docs/concepts/services-networking/service/#application-protocol
 */
function toScheme(port: ServicePort, dialect?: Dialect, byDefault: BackendScheme = 'http'): BackendScheme {
  switch (dialect === 'traefik' ? undefined : port.appProtocol?.toLowerCase()) {
    case 'https':
    case 'kubernetes.io/wss':
      return 'https';
    case 'kubernetes.io/h2c':
    case 'h2c':
    case 'grpc':
      return 'h2c';
    case 'http':
    case 'kubernetes.io/ws':
      return 'http';
    default:
      return port.port === 443 || port.name.startsWith('https') ? 'https' : byDefault;
  }
}
