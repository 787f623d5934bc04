import type { Service, ServicePort } from '../../model/objects.ts';
import { annotationField, type Report } from '../../model/problem.ts';
import { quote } from '../../annotations/parsers.ts';
import type { Directives } from '../../annotations/directives.ts';
import { toHostName, toRulePath } from '../../traefik/rule-text.ts';
import { toCertificates } from '../certificates.ts';
import { toChain } from '../chain.ts';
import type { Translating } from '../context.ts';
import { toHttpBackend } from '../backend/http-backend.ts';
import type { HttpRoute, Intent, PathMatch } from '../../routes/intent.ts';
import { toPathMatch } from '../../routes/path-match.ts';

/** One Service while it is translated. */
export interface AskingService {
  readonly service: Service;
  readonly directives: Directives;
  readonly fleets: readonly string[];
  readonly report: Report;
}

/** The routes of `fairlead.dev/host` and `fairlead.dev/path`, and the certificate for them. */
export function toServiceRoutes(context: Translating, asking: AskingService): readonly Intent[] {
  const { service, directives, fleets, report } = asking;
  if (directives.hosts === undefined && directives.paths === undefined) return [];
  const hosts = toHosts(directives.hosts, report);
  const paths = toPaths(directives.paths, report);
  const port = chooseHttpPort(service);
  if (port === undefined) {
    report('backend-missing', {
      field: 'spec.ports',
      message: 'the Service has no TCP port to route HTTP to',
      hint: 'Add a port to the Service.',
    });
  }
  const result = port && toHttpBackend(context, service, port, service.meta.ref, {});
  for (const { code, ...details } of result?.findings ?? []) report(code, details);
  const tls: HttpRoute['tls'] =
    directives.tls && (directives.tls.kind === 'resolver' ? { certResolver: directives.tls.name } : {});
  const field = annotationField(directives.hosts === undefined ? 'fairlead.dev/path' : 'fairlead.dev/host');
  const chain = toChain(context, undefined, {
    ref: service.meta.ref,
    directives: directives.middlewares ?? [],
  });
  const backend = directives.withhold === true ? null : (result?.backend ?? null);
  const shared = { kind: 'http', owner: service.meta, field, fallback: false, chain, backend } as const;
  const routes = fleets.flatMap((fleet) =>
    hosts.flatMap((host) =>
      paths.map((path): HttpRoute => ({ ...shared, fleet, host, path, ...(tls && { tls }) })),
    ),
  );
  if (directives.tls?.kind !== 'secret') return routes;
  const request = {
    secretName: directives.tls.name,
    hosts: hosts.flatMap((host) => host ?? []),
    field: annotationField('fairlead.dev/tls'),
  };
  return [...routes, ...toCertificates(context, service.meta, fleets, request, report)];
}

/** No host asked for: any. All hosts wrong, or an empty list: none, rather than any. */
function toHosts(texts: readonly string[] | undefined, report: Report): readonly (string | null)[] {
  if (texts === undefined) return [null];
  if (texts.length === 0) {
    report('host-invalid', {
      field: annotationField('fairlead.dev/host'),
      message: 'the list names no host',
      hint: 'Write hosts such as "shop.example.com", or remove the annotation.',
    });
  }
  const hosts = texts.flatMap((text) => {
    const host = toHostName(text);
    if (host.kind === 'valid') return [host.value];
    const message = `the host ${quote(text)} ${host.reason}`;
    report('host-invalid', {
      field: annotationField('fairlead.dev/host'),
      message,
      hint: 'Write hosts such as "shop.example.com".',
    });
    return [];
  });
  return [...new Set(hosts)];
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
      const message = `the path ${quote(text)} ${path.reason}`;
      report('path-invalid', {
        field: annotationField('fairlead.dev/path'),
        message,
        hint: 'Write paths such as "/api".',
      });
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
