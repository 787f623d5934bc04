import { toLast } from '../../model/object-ref.ts';
import type { FixedStatus } from '../../routes/backend.ts';
import type { HttpRoute } from '../../routes/intent.ts';
import type { ResolvedParent } from './resolved.ts';

/** What nobody routes. */
const notFound: FixedStatus = { kind: 'status', status: 404 };

/**
 * What each listener answers whose host lies inside that of a wider one: what none of its routes match is not for the routes of the other.
 * The more specific host goes first by itself. https://gateway-api.sigs.k8s.io/geps/gep-3567/
 * One for any host may answer what nobody routes.
 */
export function toIsolation({ holder, listeners }: ResolvedParent): readonly HttpRoute[] {
  return listeners.flatMap(({ bindings, host, listener, nesting }) =>
    bindings.flatMap((binding): HttpRoute | [] => {
      if (binding.kind !== 'http' || (nesting.isInside !== true && binding.answersRest !== true)) return [];
      return {
        kind: 'http',
        owner: binding.answersRest === true ? toLast(holder) : holder,
        why: { field: listener.field, uses: [] },
        fleet: binding.fleet,
        match: { host, path: { type: 'Prefix', value: '/' } },
        fallback: true,
        ...(binding.answersRest === true && { isRest: true }),
        place: binding.place,
        ...(binding.tls && { tls: binding.tls }),
        filters: [],
        backend: notFound,
      };
    }),
  );
}
