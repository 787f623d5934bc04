import type { GrpcRouteMatch } from '../../model/route-specs.ts';
import { malformed } from '../../lib/raw-fields.ts';
import { shareText } from '../share.ts';
import type { ReadMatch } from './matches.ts';
import { placeAt, reportAt, textAt, wordAt, type Place } from './place.ts';
import { toHeaderMatches } from './text-matches.ts';
import { anyText } from './words.ts';

/** As the API server takes it of `Exact`: https://gateway-api.sigs.k8s.io/reference/spec/#grpcmethodmatch */
const isService = /^\.?[A-Za-z_](?:[A-Za-z0-9_]|\.(?=[A-Za-z_]))*$/;
const isMethod = /^[A-Za-z_][A-Za-z_0-9]*$/;

/** One match of a GRPCRoute. Undefined when its method cannot be read: nobody knows which requests it is for. */
export function toGrpcMatch(place: Place): ReadMatch<GrpcRouteMatch> | undefined {
  const method = toMethod(place);
  if (method === malformed) return undefined;
  const headers = toHeaderMatches(place);
  return {
    match: { ...(method && { method }), headers: headers.entries, field: shareText(place.field) },
    isWhole: headers.isWhole,
  };
}

function toMethod(match: Place): GrpcRouteMatch['method'] | typeof malformed {
  const place = placeAt(match, 'method');
  if (place === undefined || place === malformed) return place;
  const type = wordAt(place, 'type', ['Exact', 'RegularExpression']);
  const service = textAt(place, 'service', anyText);
  const method = textAt(place, 'method', anyText);
  if (type === malformed || service === malformed || method === malformed) return malformed;
  if (service === undefined && method === undefined)
    return reportAt(match, 'method', 'a service, a method or both');
  if (type === 'Exact' && service !== undefined && !isService.test(service))
    return reportAt(place, 'service', 'the full name of a service, such as shop.v1.Orders');
  if (type === 'Exact' && method !== undefined && !isMethod.test(method))
    return reportAt(place, 'method', 'the name of a method');
  return {
    type,
    ...(service !== undefined && { service: shareText(service) }),
    ...(method !== undefined && { method: shareText(method) }),
  };
}
