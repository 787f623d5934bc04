import type { Ingress, IngressBackend, IngressPath } from '../../model/objects.ts';
import type { Report } from '../../model/problem.ts';
import { quote } from '../../annotations/parsers.ts';
import {
  anyHost,
  toHostMatch,
  toHostText,
  toPathMatch,
  type HostMatch,
  type PathMatch,
} from '../../routes/match.ts';
import { toHostName, toRulePath } from '../../traefik/rule-text.ts';
import { describeHostMistake } from '../host-mistake.ts';

/** A host and a path of an Ingress, and the backend that is to answer there. */
export interface RoutedPath {
  readonly field: string;
  readonly host: HostMatch;
  readonly path: PathMatch;
  /** What asks for it in `spec.rules`: the same text for the same host, path and path type. Absent of the default backend. */
  readonly place?: string;
  /** The default backend. */
  readonly fallback: boolean;
  readonly backend: IngressBackend;
}

/** Everything that an Ingress routes, as far as its hosts and paths can be used; what cannot is reported. */
export function listRoutedPaths(ingress: Ingress, report: Report): readonly RoutedPath[] {
  return [...listRulePaths(ingress, report), ...listFallbackPaths(ingress)];
}

function listRulePaths({ rules }: Ingress, report: Report): readonly RoutedPath[] {
  return rules.flatMap((rule) => {
    const host = toHost(rule.host, `${rule.field}.host`, report);
    if (host === undefined) return [];
    return rule.paths.flatMap(({ path, pathType, field, backend }) => {
      // Kubernetes allows an empty path for ImplementationSpecific; every controller takes it as "everything".
      const checked = toRulePath(path === '' ? '/' : path);
      if (checked.kind === 'invalid') {
        const message = `the path ${quote(path)} ${checked.reason}`;
        report('path-invalid', { field: `${field}.path`, message, hint: 'Write a path such as "/api".' });
        return [];
      }
      if (/\*$|\/\*\//.test(path)) reportLiteral(path, `${field}.path`, report);
      const match = toPathMatch(pathType === 'Exact' ? 'Exact' : 'Prefix', checked.value);
      return [{ field, host, path: match, place: toPlace(host, pathType, path), fallback: false, backend }];
    });
  });
}

function toPlace(host: HostMatch, pathType: IngressPath['pathType'], path: string): string {
  const { type, value } = toPathMatch(pathType === 'Exact' ? 'Exact' : 'Prefix', path);
  return `${toHostText(host)}${value}${type === 'Exact' ? ' (Exact)' : ''}`;
}

/** GCE and AWS have patterns, which the Ingress specification has not: nobody asks for a path with a star in it. */
function reportLiteral(path: string, field: string, report: Report): void {
  const prefix = path.replace(/\/?\*.*$/, '') || '/';
  report('path-literal', {
    field,
    message: `the "*" of the path ${quote(path)} is a star here, and no pattern: hardly any request matches it`,
    hint: `Write ${quote(prefix)} with pathType Prefix, which matches all that is below it.`,
  });
}

const silent: Report = () => undefined;

/** A default backend answers what no rule of the Ingress does: on the hosts of its rules, or on all when it has none. */
function listFallbackPaths({ defaultBackend: backend, rules }: Ingress): readonly RoutedPath[] {
  if (backend === undefined) return [];
  const hosts = new Map<string, HostMatch>();
  for (const { host: text, field } of rules.length === 0 ? [{ host: undefined, field: '' }] : rules) {
    const host = toHost(text, field, silent);
    if (host !== undefined) hosts.set(toHostText(host), host);
  }
  const path: PathMatch = { type: 'Prefix', value: '/' };
  return [...hosts.values()].map((host) => ({
    field: 'spec.defaultBackend',
    host,
    path,
    fallback: true,
    backend,
  }));
}

/** Undefined: not a host, which is reported. */
function toHost(text: string | undefined, field: string, report: Report): HostMatch | undefined {
  if (text === undefined || text === '') return anyHost;
  const host = toHostName(text);
  if (host.kind === 'valid') return toHostMatch(host.value);
  report('host-invalid', () => ({ field, ...describeHostMistake(text, host.reason) }));
  return undefined;
}
