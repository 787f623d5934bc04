import type { FixedStatus } from '../../routes/backend.ts';
import type { HttpRoute } from '../../routes/intent.ts';
import type { ResolvedParent } from './resolved.ts';

/** What nobody routes. */
const notFound: FixedStatus = { kind: 'status', status: 404 };

/**
 * What each listener answers whose host lies inside that of a wider one: what none of its routes match is not for the routes of the other.
 * The more specific host goes first by itself. https://gateway-api.sigs.k8s.io/geps/gep-3567/
 */
export function toIsolation({ holder, listeners }: ResolvedParent): readonly HttpRoute[] {
  return listeners.flatMap(({ bindings, host, listener, nesting }) =>
    nesting.isInside !== true
      ? []
      : bindings.flatMap((binding): HttpRoute | [] =>
          binding.kind !== 'http'
            ? []
            : {
                kind: 'http',
                owner: holder,
                why: { field: listener.field, uses: [] },
                fleet: binding.fleet,
                match: { host, path: { type: 'Prefix', value: '/' } },
                fallback: true,
                place: binding.place,
                ...(binding.tls && { tls: binding.tls }),
                filters: [],
                backend: notFound,
              },
        ),
  );
}
