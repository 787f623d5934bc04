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
import { re2Mistake } from '../../traefik/re2.ts';
import { toHostName, toRulePath } from '../../traefik/rule-text.ts';
import { describeHostMistake } from '../host-mistake.ts';

/** A host and a path of an Ingress, and the backend that is to answer there. */
export interface RoutedPath {
  readonly field: string;
  readonly host: HostMatch;
  readonly path: PathMatch;
  /** What asks for it in `spec.rules`: the same text for the same host, path and path type. Absent of the default backend. */
  readonly place?: string;
  /** The regular expression that its path is. */
  readonly pattern?: string;
  /** The default backend. */
  readonly fallback: boolean;
  readonly backend: IngressBackend;
}

/** How paths are to be read. */
export interface PathReading {
  /** Those that are not of type Exact are regular expressions. */
  readonly regexPaths?: true | undefined;
}

/** Everything that an Ingress routes, as far as its hosts and paths can be used; what cannot is reported. */
export function listRoutedPaths(
  ingress: Ingress,
  report: Report,
  { regexPaths }: PathReading = {},
): readonly RoutedPath[] {
  return [...listRulePaths(ingress, report, regexPaths === true), ...listFallbackPaths(ingress)];
}

function listRulePaths({ rules }: Ingress, report: Report, isRegex: boolean): readonly RoutedPath[] {
  return rules.flatMap((rule) => {
    const host = toHost(rule.host, `${rule.field}.host`, report);
    if (host === undefined) return [];
    return rule.paths.flatMap(({ path, pathType, field, backend }) => {
      const text = path === '' ? '/' : path;
      const read = isRegex && pathType !== 'Exact' ? toRegexPath(text) : toPlainPath(text, pathType);
      if (read.kind === 'invalid') {
        const message = `the path ${quote(path)} ${read.reason}`;
        report('path-invalid', { field: `${field}.path`, message, hint: 'Write a path such as "/api".' });
        return [];
      }
      const { match, pattern } = read;
      if (pattern === undefined && /\*$|\/\*\//.test(path)) reportLiteral(path, `${field}.path`, report);
      const place = toPlace(host, pathType, path);
      const routed = { field, host, path: match, place, fallback: false, backend };
      return [pattern === undefined ? routed : { ...routed, pattern }];
    });
  });
}

type ReadPath =
  | {
      readonly kind: 'valid';
      readonly match: PathMatch;
      readonly pattern?: string;
    }
  | { readonly kind: 'invalid'; readonly reason: string };

/** Kubernetes allows an empty path for ImplementationSpecific; every controller takes it as "everything". */
function toPlainPath(text: string, pathType: string): ReadPath {
  const checked = toRulePath(text);
  if (checked.kind === 'invalid') return checked;
  return { kind: 'valid', match: toPathMatch(pathType === 'Exact' ? 'Exact' : 'Prefix', checked.value) };
}

/** As nginx has it: whatever begins with what the expression matches, in capital or small letters. */
function toRegexPath(text: string): ReadPath {
  if (text === '/') return { kind: 'valid', match: { type: 'Prefix', value: text }, pattern: text };
  const mistake = text.startsWith('/') ? re2Mistake(text) : 'does not start with a slash';
  if (mistake !== null) return { kind: 'invalid', reason: mistake };
  return {
    kind: 'valid',
    match: { type: 'Regex', value: `(?i:${text}).*` },
    pattern: text,
  };
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
