import { quote } from '../../annotations/parsers.ts';
import type { GrpcRouteMatch } from '../../model/route-specs.ts';
import type { PathMatch } from '../../routes/match.ts';
import { escapeRe2 } from '../../traefik/re2-groups.ts';
import { re2Mistake } from '../../traefik/re2.ts';

type MethodMatch = NonNullable<GrpcRouteMatch['method']>;

/**
 * The path of the requests for a method of gRPC, which is `/service/method`; or what is wrong with it, as a sentence. The longer service goes
 * before the longer method. https://gateway-api.sigs.k8s.io/reference/spec/#grpcrouterule
 */
export function toGrpcPath({ type, service = '', method = '' }: MethodMatch): PathMatch | string {
  if (service === '' && method === '') return { type: 'Prefix', value: '/', rank: 0 };
  const isExact = type === 'Exact';
  const mistake = isExact ? (findOdd(service) ?? findOdd(method)) : (findBad(service) ?? findBad(method));
  if (mistake !== undefined) return mistake;
  if (isExact && service !== '' && method !== '') return { type: 'Exact', value: `/${service}/${method}` };
  const value = `/${toPattern(service, isExact)}/${toPattern(method, isExact)}`;
  return { type: 'Regex', value, rank: toRank(service, method) };
}

function toPattern(text: string, isExact: boolean): string {
  if (text === '') return '[^/]+';
  return isExact ? escapeRe2(text) : `(?:${text})`;
}

/** Both lengths in the 13 bits that a path has. */
function toRank(service: string, method: string): number {
  return Math.min(service.length, 127) * 64 + Math.min(method.length, 63);
}

function findOdd(name: string): string | undefined {
  return name === '' || /^[A-Za-z0-9_.$~-]{1,1024}$/.test(name)
    ? undefined
    : `${quote(name)} is no name of a service or method of gRPC`;
}

function findBad(pattern: string): string | undefined {
  const mistake = pattern === '' ? null : re2Mistake(pattern);
  return mistake === null ? undefined : `the regular expression ${quote(pattern)} ${mistake}`;
}
