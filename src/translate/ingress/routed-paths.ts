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
import { escapeRe2 } from '../../traefik/re2-groups.ts';
import { toLiteralPrefix } from '../../traefik/re2-prefix.ts';
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
  /** Set: its path is a regular expression that Traefik cannot have. It stands for all that may be meant, and has to be closed. */
  readonly isBroken?: true;
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
  /** What is closed already for want of a regular expression. */
  const closing = new Set<string>();
  return ingress.rules
    .flatMap((rule) => {
      const host = toHost(rule.host, `${rule.field}.host`, report);
      return host === undefined
        ? []
        : rule.paths.flatMap((each) => toRouted(rule, host, each, rules, report));
    })
    .filter(({ isBroken, host, path }) => {
      const known = `${toHostText(host)}|${path.value}`;
      if (isBroken !== true) return true;
      return !closing.has(known) && closing.add(known);
    });
}

function toRouted(
  rule: Ingress['rules'][number],
  host: HostMatch,
  each: IngressPath,
  rules: PathRules,
  report: Report,
): readonly RoutedPath[] {
  const { path, pathType, field, backend } = each;
  const style = toPathStyle(each, rules);
  const read = readPath(path, style);
  if (read.kind === 'invalid') {
    const message = `the path ${quote(path)} ${read.reason}`;
    report('path-invalid', { field: `${field}.path`, message, hint: 'Write a path such as "/api".' });
    return [];
  }
  const { match } = read;
  const place = toPlace(host, pathType, path);
  const ruleLength = toRuleLength(rule.host ?? '', path, style);
  const routed = { field, host, path: match, place, fallback: false, ruleLength, backend };
  if (read.kind === 'broken') {
    reportBroken(path, read, `${field}.path`, report);
    return [{ ...routed, isBroken: true }];
  }
  const { pattern } = read;
  const isLiteral = match.type !== 'Regex' && pattern === undefined;
  if (isLiteral && /\*$|\/\*\//.test(path)) reportLiteral(path, `${field}.path`, report);
  return [pattern === undefined ? routed : { ...routed, pattern }];
}

type ReadPath =
  | {
      readonly kind: 'valid';
      readonly match: PathMatch;
      readonly pattern?: string;
    }
  /** A regular expression that cannot be used, and what all that may be meant by it begins with. */
  | {
      readonly kind: 'broken';
      readonly reason: string;
      readonly prefix: string;
      readonly match: PathMatch;
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
  const value = `.*(?:${text}).*`;
  // It need not match from the beginning of the path on.
  if (mistake !== null) return toBroken(text.startsWith('^') ? text : '', value, mistake);
  return { kind: 'valid', match: { type: 'Regex', value } };
}

/** As nginx has it: whatever begins with what the expression matches, in capital or small letters. */
function toNginxRegex(text: string): ReadPath {
  if (text === '/') return { kind: 'valid', match: { type: 'Prefix', value: text }, pattern: text };
  const value = `(?i:${text}).*`;
  const mistake = text.startsWith('/') ? re2Mistake(text) : 'does not start with a slash';
  if (mistake !== null) return toBroken(text, value, mistake);
  return { kind: 'valid', match: { type: 'Regex', value }, pattern: text };
}

/** Without it the requests that are meant would be answered by shorter paths of the host, which may be less protected. */
function toBroken(text: string, value: string, reason: string): ReadPath {
  const literal = toLiteralPrefix(text);
  const prefix = literal.startsWith('/') ? literal : '/';
  const rank = value.length + 1;
  // Its rank, which is nothing to match, tells it from others that begin alike.
  const match: PathMatch = { type: 'Regex', value: `(?i:${escapeRe2(prefix)}).*(?:${rank}){0}`, rank };
  return { kind: 'broken', reason, prefix, match };
}

function reportBroken(
  path: string,
  { reason, prefix }: { readonly reason: string; readonly prefix: string },
  field: string,
  report: Report,
): void {
  report('path-invalid', {
    field,
    message: `the path ${quote(path)} cannot be used as a regular expression: it ${reason}; paths that begin with ${quote(prefix)} answer 503, unless a longer path matches`,
    hint: 'Write a regular expression of RE2, or paths such as "/api" without one.',
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
