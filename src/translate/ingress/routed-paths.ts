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
import { toPathStyle, toRuleLength, type PathRules, type PathStyle } from './path-style.ts';

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
  /** The length of the rule that Traefik would write for it; 0 for the default backend. */
  readonly ruleLength: number;
  readonly backend: IngressBackend;
}

/** Everything that an Ingress routes, as far as its hosts and paths can be used; what cannot is reported. */
export function listRoutedPaths(ingress: Ingress, rules: PathRules, report: Report): readonly RoutedPath[] {
  return [...listRulePaths(ingress, rules, report), ...listFallbackPaths(ingress)];
}

function listRulePaths(ingress: Ingress, rules: PathRules, report: Report): readonly RoutedPath[] {
  return ingress.rules.flatMap((rule) => {
    const host = toHost(rule.host, `${rule.field}.host`, report);
    if (host === undefined) return [];
    return rule.paths.flatMap((each) => {
      const { path, pathType, field, backend } = each;
      const text = path === '' ? '/' : path;
      const style = toPathStyle(each, rules);
      const read = readPath(text, style);
      if (read.kind === 'invalid') {
        const message = `the path ${quote(path)} ${read.reason}`;
        report('path-invalid', { field: `${field}.path`, message, hint: 'Write a path such as "/api".' });
        return [];
      }
      const { match, pattern } = read;
      const isLiteral = match.type !== 'Regex' && pattern === undefined;
      if (isLiteral && /\*$|\/\*\//.test(path)) reportLiteral(path, `${field}.path`, report);
      const place = toPlace(host, pathType, path);
      const ruleLength = toRuleLength(rule.host ?? '', text, style);
      const routed = { field, host, path: match, place, fallback: false, ruleLength, backend };
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

function readPath(text: string, style: PathStyle): ReadPath {
  switch (style) {
    case 'NginxRegex':
      return toNginxRegex(text);
    case 'Regexp':
      return toRegexp(text);
    case 'Exact':
    case 'PlainPrefix':
    case 'Prefix': {
      const checked = toRulePath(text);
      return checked.kind === 'invalid'
        ? checked
        : { kind: 'valid', match: toPathMatch(style, checked.value) };
    }
  }
}

/** As Traefik's matcher has it: whatever has a match in it. Rules here match as a whole. */
function toRegexp(text: string): ReadPath {
  const mistake = re2Mistake(text);
  if (mistake !== null) return { kind: 'invalid', reason: `is a regular expression that ${mistake}` };
  return { kind: 'valid', match: { type: 'Regex', value: `.*(?:${text}).*` } };
}

/** As nginx has it: whatever begins with what the expression matches, in capital or small letters. */
function toNginxRegex(text: string): ReadPath {
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
    ruleLength: 0,
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
