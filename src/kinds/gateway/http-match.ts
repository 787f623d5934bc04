import type { HttpRouteMatch } from '../../model/route-specs.ts';
import { malformed } from '../../lib/raw-fields.ts';
import { shareText } from '../share.ts';
import type { ReadMatch } from './matches.ts';
import { placeAt, reportAt, textAt, wordAt, type Place, type TextRule } from './place.ts';
import { toHeaderMatches, toQueryMatches } from './text-matches.ts';
import { anyText } from './words.ts';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'];

const method: TextRule = {
  most: 7,
  isRight: (text) => methods.includes(text),
  wanted: `one of ${methods.join(', ')}`,
};

/** As the API server takes it of `Exact` and `PathPrefix`: https://gateway-api.sigs.k8s.io/reference/spec/#httppathmatch */
const isPath = /^\/(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})*$/;
const isNeverSent = /\/\/|\/\.\.?(?:\/|$)|%2f/i;

/** One match of an HTTPRoute. Undefined when its path cannot be read: nobody knows which requests it is for. */
export function toHttpMatch(place: Place): ReadMatch<HttpRouteMatch> | undefined {
  const path = toPath(place);
  if (path === undefined) return undefined;
  const headers = toHeaderMatches(place);
  const queryParams = toQueryMatches(place);
  const verb = textAt(place, 'method', method);
  return {
    match: {
      path: path.match,
      headers: headers.entries,
      queryParams: queryParams.entries,
      ...(verb !== undefined && verb !== malformed && { method: shareText(verb) }),
      field: shareText(place.field),
    },
    isWhole: path.isWhole && headers.isWhole && queryParams.isWhole && verb !== malformed,
  };
}

/** A path of an unknown type counts as a prefix: its requests must not fall through to another rule. */
function toPath(match: Place): ReadMatch<HttpRouteMatch['path']> | undefined {
  const place = placeAt(match, 'path');
  if (place === undefined) return { match: { type: 'PathPrefix', value: '/' }, isWhole: true };
  if (place === malformed) return undefined;
  const type = wordAt(place, 'type', ['PathPrefix', 'Exact', 'RegularExpression']);
  const text = textAt(place, 'value', anyText);
  if (text === malformed) return undefined;
  const value = shareText(text ?? '/');
  if (type === 'RegularExpression') return { match: { type, value }, isWhole: true };
  if (!isPath.test(value) || isNeverSent.test(value)) {
    reportAt(place, 'value', 'a path that begins with "/", as it stands in URLs');
    return undefined;
  }
  return { match: { type: type === malformed ? 'PathPrefix' : type, value }, isWhole: type !== malformed };
}
