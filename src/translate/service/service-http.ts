import type { Service, ServicePort } from '../../model/objects.ts';
import { annotationField, type Report } from '../../model/problem.ts';
import { quote } from '../../annotations/parsers.ts';
import type { Reading } from '../../annotations/read.ts';
import { closed, unavailable } from '../../routes/backend.ts';
import type { CertificateIntent, HttpRoute, RouteTls } from '../../routes/intent.ts';
import {
  anyHost,
  toHostMatch,
  toHostText,
  toPathMatch,
  type HostMatch,
  type PathMatch,
} from '../../routes/match.ts';
import { toUses, type AnnotationUse } from '../../routes/why.ts';
import { toHostName, toRulePath } from '../../traefik/rule-text.ts';
import { toCertificates } from '../certificates.ts';
import type { Translating } from '../context.ts';
import { toFilters } from '../filters.ts';
import { describeHostMistake } from '../host-mistake.ts';
import { toMovedBackend } from '../moves/http-moves.ts';

/** One Service while it is translated. */
export interface AskingService {
  readonly service: Service;
  readonly reading: Reading;
  readonly fleets: readonly string[];
  readonly report: Report;
}

export interface ServiceRoutes {
  readonly intents: readonly (CertificateIntent | HttpRoute)[];
  readonly uses: readonly AnnotationUse[];
}

/** The routes of `fairlead.dev/host` and `fairlead.dev/path`, and the certificate for them. */
export function toServiceRoutes(context: Translating, asking: AskingService): ServiceRoutes {
  const { service, reading, fleets, report } = asking;
  const { directives } = reading;
  if (directives.hosts === undefined && directives.paths === undefined) return { intents: [], uses: [] };
  const hosts = toHosts(directives.hosts, report);
  const paths = toPaths(directives.paths, report);
  const shared = toSharedRoute(context, asking);
  const routes = fleets.flatMap((fleet) =>
    hosts.flatMap((host) => paths.map((path): HttpRoute => ({ fleet, match: { host, path }, ...shared }))),
  );
  const uses = toUses(service.meta.ref, ['fleets', 'hosts', 'paths', 'tls']);
  if (directives.tls?.kind !== 'secret') return { intents: routes, uses };
  const request = {
    secretName: directives.tls.name,
    hosts: hosts.flatMap((host) => toHostText(host) || []),
    field: annotationField('fairlead.dev/tls'),
  };
  return {
    intents: [...routes, ...toCertificates(context, service.meta, fleets, request, report)],
    uses,
  };
}

/** What all routes of a Service have in common. */
function toSharedRoute(
  context: Translating,
  { service, reading, fleets, report }: AskingService,
): Omit<HttpRoute, 'fleet' | 'match'> {
  const { directives } = reading;
  const { ref } = service.meta;
  const port = chooseHttpPort(service);
  if (port === undefined) {
    report('backend-missing', {
      field: 'spec.ports',
      message: 'the Service has no TCP port to route HTTP to',
      hint: 'Add a port to the Service.',
    });
  }
  const result = port && toMovedBackend(context, service, port, { ref, reading, fleets });
  for (const { code, ...details } of result?.findings ?? []) report(code, details);
  const { filters, uses } = toFilters(
    context,
    'middlewares',
    undefined,
    { ref, directives: directives.middlewares ?? [] },
    result?.limits,
  );
  const tls: RouteTls | undefined =
    directives.tls && (directives.tls.kind === 'resolver' ? { certResolver: directives.tls.name } : {});
  const field = annotationField(directives.hosts === undefined ? 'fairlead.dev/path' : 'fairlead.dev/host');
  return {
    kind: 'http',
    owner: service.meta,
    why: { field, uses: [...uses, ...(result?.uses ?? [])] },
    fallback: false,
    ...(tls && { tls }),
    filters,
    backend: directives.withhold === true ? closed : (result?.backend ?? unavailable),
  };
}

/** No host asked for: any. All hosts wrong, or an empty list: none, rather than any. */
function toHosts(texts: readonly string[] | undefined, report: Report): readonly HostMatch[] {
  if (texts === undefined) return [anyHost];
  if (texts.length === 0) {
    report('host-invalid', {
      field: annotationField('fairlead.dev/host'),
      message: 'the list names no host',
      hint: 'Write hosts such as "shop.example.com", or remove the annotation.',
    });
  }
  const names = texts.flatMap((text) => {
    const host = toHostName(text);
    if (host.kind === 'valid') return [host.value];
    report('host-invalid', () => ({
      field: annotationField('fairlead.dev/host'),
      ...describeHostMistake(text, host.reason),
    }));
    return [];
  });
  return [...new Set(names)].map(toHostMatch);
}

function toPaths(texts: readonly string[] | undefined, report: Report): readonly PathMatch[] {
  const paths = new Map<string, PathMatch>();
  if (texts?.length === 0) {
    report('path-invalid', {
      field: annotationField('fairlead.dev/path'),
      message: 'the list names no path',
      hint: 'Write paths such as "/api", or remove the annotation.',
    });
  }
  for (const text of texts ?? ['/']) {
    const path = toRulePath(text);
    if (path.kind === 'valid') {
      const match = toPathMatch('Prefix', path.value);
      paths.set(match.value, match);
    } else {
      report('path-invalid', () => ({
        field: annotationField('fairlead.dev/path'),
        message: `the path ${quote(text)} ${path.reason}`,
        hint: 'Write paths such as "/api".',
      }));
    }
  }
  return [...paths.values()];
}

/** The port that looks like HTTP by its protocol or name; else the first TCP port. */
function chooseHttpPort(service: Service): ServicePort | undefined {
  const ports = service.ports.filter((port) => port.protocol === 'TCP');
  return ports.find(looksLikeHttp) ?? ports[0];
}

function looksLikeHttp(port: ServicePort): boolean {
  return /^(https?|h2c|grpc|web|kubernetes\.io\/(h2c|wss?))/i.test(port.appProtocol ?? port.name);
}
