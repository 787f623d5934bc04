import { toObjectKey } from '../../model/object-ref.ts';
import type { Ingress, IngressBackend, IngressTls } from '../../model/objects.ts';
import { annotationField, toProblem, type Problem, type Report } from '../../model/problem.ts';
import { quote } from '../../annotations/parsers.ts';
import { canaryKey } from '../../annotations/vocabulary.ts';
import { readAnnotations } from '../../annotations/read.ts';
import type { Directives } from '../../annotations/directives.ts';
import { toHostName, toRulePath } from '../../traefik/rule-text.ts';
import { toCertificates } from '../certificates.ts';
import { toChain } from '../chain.ts';
import { readServiceAnnotations, type Translating } from '../context.ts';
import { chooseFleets } from '../fleets.ts';
import { toHttpBackend } from '../backend/http-backend.ts';
import { findOwnership } from './ingress-class.ts';
import {
  toEmptyTranslation,
  type HttpRoute,
  type Intent,
  type PathMatch,
  type Translation,
} from '../../routes/intent.ts';
import { toPathMatch } from '../../routes/path-match.ts';
import { findServicePort } from '../backend/servers.ts';

/** An Ingress as routes and certificates. One that another controller owns comes to nothing, without a word. */
export function translateIngress(context: Translating, ingress: Ingress): Translation {
  const unit = toObjectKey(ingress.meta.ref);
  const ownership = findOwnership(context, ingress);
  if (ownership === undefined) return toEmptyTranslation(unit);
  const problems: Problem[] = [];
  const report: Report = (code, details) => problems.push(toProblem(code, ingress.meta.ref, details));
  const reading = readAnnotations(
    ingress.meta,
    { on: 'Ingress', dialect: ownership.dialect, hasTls: ingress.tls.length > 0 },
    context.isWrittenBack,
  );
  problems.push(...reading.problems);
  if (ingress.meta.annotations[canaryKey] === 'true') {
    const message = 'a canary Ingress cannot be carried out; it is not routed';
    const hint = 'Remove it; the Ingress that it belongs to gets all the traffic.';
    report('annotation-not-supported', { field: annotationField(canaryKey), message, hint });
    return { ...toEmptyTranslation(unit), problems };
  }
  const fleets = chooseFleets(context.settings, reading.directives, ownership.fleets, report);
  const asking = { ingress, directives: reading.directives, fleets, report };
  const routes = [...toRuleRoutes(context, asking), ...toFallbackRoutes(context, asking)];
  return {
    unit,
    fleets,
    intents: [...routes, ...toIngressCertificates(context, asking, routes)],
    portClaims: [],
    problems,
  };
}

/** One Ingress while it is translated. */
interface Asking {
  readonly ingress: Ingress;
  readonly directives: Directives;
  readonly fleets: readonly string[];
  readonly report: Report;
}

/** What stands in one place of the spec: a host, a path and a backend. */
interface Place {
  readonly field: string;
  readonly host: string | null;
  readonly path: PathMatch;
  readonly fallback: boolean;
  readonly backend: IngressBackend;
}

function toRuleRoutes(context: Translating, asking: Asking): readonly HttpRoute[] {
  return asking.ingress.rules.flatMap((rule) => {
    const host = toHost(rule.host, `${rule.field}.host`, asking.report);
    if (host === undefined) return [];
    return rule.paths.flatMap(({ path, pathType, field, backend }) => {
      // Kubernetes allows an empty path for ImplementationSpecific; every controller takes it as "everything".
      const checked = toRulePath(path === '' ? '/' : path);
      if (checked.kind === 'invalid') {
        const message = `the path ${quote(path)} ${checked.reason}`;
        asking.report('path-invalid', {
          field: `${field}.path`,
          message,
          hint: 'Write a path such as "/api".',
        });
        return [];
      }
      const match = toPathMatch(pathType === 'Exact' ? 'Exact' : 'Prefix', checked.value);
      return toRoutes(context, asking, { field, host, path: match, fallback: false, backend });
    });
  });
}

const silent: Report = () => undefined;

/** A default backend answers what no rule of the Ingress does: on the hosts of its rules, or on all when it has none. */
function toFallbackRoutes(context: Translating, asking: Asking): readonly HttpRoute[] {
  const { defaultBackend: backend, rules } = asking.ingress;
  if (backend === undefined) return [];
  const hosts = rules.length === 0 ? [null] : rules.map((rule) => toHost(rule.host, rule.field, silent));
  return [...new Set(hosts)].flatMap((host) =>
    host === undefined
      ? []
      : toRoutes(context, asking, {
          field: 'spec.defaultBackend',
          host,
          path: { type: 'Prefix', value: '/' },
          fallback: true,
          backend,
        }),
  );
}

/** Null: any host. Undefined: not a host, which is reported. */
function toHost(text: string | undefined, field: string, report: Report): string | null | undefined {
  if (text === undefined || text === '') return null;
  const host = toHostName(text);
  if (host.kind === 'valid') return host.value;
  const message = `the host ${quote(text)} ${host.reason}`;
  report('host-invalid', {
    field,
    message,
    hint: 'Write a host such as "shop.example.com" or "*.example.com".',
  });
  return undefined;
}

function toRoutes(context: Translating, asking: Asking, place: Place): readonly HttpRoute[] {
  const { ingress, directives, fleets } = asking;
  const { field, host, path, fallback } = place;
  const target = findTarget(context, asking, place);
  const withheld = target === undefined || target.withhold || directives.withhold === true;
  const tls = toRouteTls(ingress.tls, directives, host);
  return fleets.map((fleet) => ({
    kind: 'http',
    owner: ingress.meta,
    field,
    fleet,
    host,
    path,
    fallback,
    ...(tls && { tls }),
    chain: target?.chain.filter((link) => tls !== undefined || link.whenTls !== true) ?? [],
    backend: withheld ? null : target.backend,
  }));
}

interface Target extends Pick<HttpRoute, 'chain'> {
  readonly backend: NonNullable<HttpRoute['backend']>;
  readonly withhold: boolean;
}

function findTarget(
  context: Translating,
  { ingress, directives, report }: Asking,
  { field, backend, fallback }: Place,
): Target | undefined {
  const { source, namespace } = ingress.meta.ref;
  const at = fallback ? field : `${field}.backend`;
  if (backend.kind === 'malformed') return undefined;
  if (backend.kind === 'resource') {
    report('backend-unsupported', {
      field: at,
      message: 'a resource backend cannot be routed to',
      hint: 'Point to a Service.',
    });
    return undefined;
  }
  const service = context.view.service(source, namespace, backend.name);
  if (service === undefined) {
    report('backend-missing', {
      field: `${at}.service.name`,
      message: `there is no Service ${backend.name} in namespace ${namespace}`,
      hint: 'Create the Service, or correct the name.',
    });
    return undefined;
  }
  const port = findServicePort(service, backend.port, 'TCP');
  if (port === undefined) {
    const offered = service.ports
      .map((each) => (each.name === '' ? String(each.port) : `${each.name} (${each.port})`))
      .join(', ');
    report('backend-missing', {
      field: `${at}.service.port`,
      message: `Service ${backend.name} has no TCP port ${JSON.stringify(backend.port)}`,
      hint: `Use one of its ports: ${offered || 'it has none'}.`,
    });
    return undefined;
  }
  const result = toHttpBackend(context, service, port, ingress.meta.ref, directives);
  for (const { code, ...details } of result.findings) report(code, { field: at, ...details });
  const own = readServiceAnnotations(context, service.meta).directives;
  const chain = toChain(
    context,
    { ref: service.meta.ref, directives: own.middlewares ?? [] },
    { ref: ingress.meta.ref, directives: directives.middlewares ?? [] },
  );
  return { backend: result.backend, chain, withhold: own.withhold === true };
}

/** TLS by annotation holds for every host; an entry of `spec.tls` for its hosts, or for all when it names none. */
function toRouteTls(
  entries: readonly IngressTls[],
  directives: Directives,
  host: string | null,
): HttpRoute['tls'] {
  if (directives.tls?.kind === 'resolver') return { certResolver: directives.tls.name };
  const listed = entries.some(
    (entry) =>
      entry.hosts.length === 0 ||
      (host !== null && entry.hosts.some((each) => matchesHost(each.toLowerCase(), host))),
  );
  return directives.tls !== undefined || listed ? {} : undefined;
}

function matchesHost(pattern: string, host: string): boolean {
  return pattern === host || (pattern.startsWith('*.') && host.slice(host.indexOf('.')) === pattern.slice(1));
}

function toIngressCertificates(
  context: Translating,
  asking: Asking,
  routes: readonly HttpRoute[],
): readonly Intent[] {
  const { ingress, directives, fleets, report } = asking;
  const routed = [...new Set(routes.flatMap((route) => route.host ?? []))];
  const requests = ingress.tls.flatMap(({ secretName, hosts, field }) =>
    secretName === undefined || secretName === ''
      ? []
      : [{ secretName, hosts: hosts.length > 0 ? hosts : routed, field: `${field}.secretName` }],
  );
  if (directives.tls?.kind === 'secret') {
    requests.push({
      secretName: directives.tls.name,
      hosts: routed,
      field: annotationField('fairlead.dev/tls'),
    });
  }
  return requests.flatMap((request) => toCertificates(context, ingress.meta, fleets, request, report));
}
