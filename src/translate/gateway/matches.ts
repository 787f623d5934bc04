import { quote } from '../../annotations/parsers.ts';
import type { GrpcRouteMatch, HttpRouteMatch, TextMatch } from '../../model/route-specs.ts';
import { toPathMatch, type HttpMatch, type PathMatch, type ValueMatch } from '../../routes/match.ts';
import { re2Mistake } from '../../traefik/re2.ts';
import { toRulePath } from '../../traefik/rule-text.ts';
import { toGrpcPath } from './grpc-path.ts';
import { unsupported, type FieldRefusal } from './unsupported.ts';

/** Which requests a rule is for, on any of its hosts. */
export interface RuleMatch {
  readonly field: string;
  readonly match: Omit<HttpMatch, 'host'>;
}

/** What a match of an HTTPRoute asks for, or why it cannot be told. */
export function toHttpMatch({
  path: { type, value },
  headers,
  queryParams,
  method,
  field,
}: HttpRouteMatch): FieldRefusal | RuleMatch {
  const path = type === 'RegularExpression' ? toRegexPath(value) : toPlainPath(type, value);
  const values = toValues(headers, queryParams);
  const mistake = typeof path === 'string' ? `the path ${quote(value)} ${path}` : values.mistake;
  if (typeof path === 'string' || mistake !== undefined) return refuse(field, mistake ?? '');
  return { field, match: { path, ...(method !== undefined && { method }), ...values.match } };
}

/** What a match of a GRPCRoute asks for, or why it cannot be told. */
export function toGrpcMatch({ method, headers, field }: GrpcRouteMatch): FieldRefusal | RuleMatch {
  const path = toGrpcPath(method ?? { type: 'Exact' });
  const values = toValues(headers, []);
  const mistake = typeof path === 'string' ? path : values.mistake;
  if (typeof path === 'string' || mistake !== undefined) return refuse(field, mistake ?? '');
  return { field, match: { path, ...values.match } };
}

function refuse(field: string, mistake: string): FieldRefusal {
  return unsupported(field, mistake, 'Correct it; regular expressions are those of RE2.');
}

/** The match, or the end of a sentence that begins with the path. */
function toPlainPath(type: 'Exact' | 'PathPrefix', value: string): PathMatch | string {
  const path = toRulePath(value);
  return path.kind === 'invalid'
    ? path.reason
    : toPathMatch(type === 'Exact' ? 'Exact' : 'Prefix', path.value);
}

function toRegexPath(value: string): PathMatch | string {
  const mistake = re2Mistake(value);
  return mistake === null ? { type: 'Regex', value } : `is a regular expression that ${mistake}`;
}

interface Values {
  readonly match: Pick<HttpMatch, 'headers' | 'query'>;
  readonly mistake?: string | undefined;
}

function toValues(headers: readonly TextMatch[], queryParams: readonly TextMatch[]): Values {
  // Names of headers are the same in capital and small letters.
  const ofHeaders = toFirst(headers.map((each) => ({ ...each, name: each.name.toLowerCase() })));
  const ofQuery = toFirst(queryParams);
  const mistake =
    findMistake('header', ofHeaders) ?? findMistake('query parameter', ofQuery) ?? findHost(ofHeaders);
  return {
    match: {
      ...(ofHeaders.length > 0 && { headers: ofHeaders.map(toValue) }),
      ...(ofQuery.length > 0 && { query: ofQuery.map(toValue) }),
    },
    mistake,
  };
}

/** "Only the first entry with an equivalent name MUST be considered." */
function toFirst(matches: readonly TextMatch[]): readonly TextMatch[] {
  const names = new Set<string>();
  return matches.filter(({ name }) => !names.has(name) && names.add(name));
}

function toValue({ type, name, value }: TextMatch): ValueMatch {
  return { type: type === 'Exact' ? 'Exact' : 'Regex', name, value };
}

function findMistake(what: string, matches: readonly TextMatch[]): string | undefined {
  for (const { type, name, value } of matches) {
    const mistake = type === 'Exact' ? null : re2Mistake(value);
    if (mistake !== null)
      return `${what} ${quote(name)} has the regular expression ${quote(value)}, which ${mistake}`;
  }
  return undefined;
}

/** Go keeps it apart from the headers, where Traefik does not find it. */
function findHost(headers: readonly TextMatch[]): string | undefined {
  return headers.some(({ name }) => name === 'host')
    ? 'requests cannot be matched by the header Host'
    : undefined;
}
