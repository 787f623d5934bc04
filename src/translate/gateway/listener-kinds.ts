import type { Listener } from '../../model/gateway-specs.ts';
import { listSome } from '../../model/problem.ts';
import type { RouteKind } from '../../routes/status.ts';
import { gatewayGroup } from './grants.ts';
import type { Refusal } from './resolved.ts';

/** What may be attached to a listener by its protocol. */
const kindsOf: Readonly<Record<string, readonly string[]>> = {
  HTTP: ['HTTPRoute', 'GRPCRoute'],
  HTTPS: ['HTTPRoute', 'GRPCRoute'],
  TLS: ['TLSRoute'],
  TCP: ['TCPRoute'],
  UDP: ['UDPRoute'],
};

/** The kinds of routes that a listener takes, and what is wrong with those that it names. */
export function toSupportedKinds({ protocol, allowedRoutes, field }: Listener): {
  readonly kinds: readonly RouteKind[];
  readonly refusal?: Refusal;
} {
  const known = Object.hasOwn(kindsOf, protocol) ? (kindsOf[protocol] ?? []) : [];
  const all = known.map((kind) => ({ group: gatewayGroup, kind }));
  const { kinds: named } = allowedRoutes;
  if (named.length === 0) return { kinds: all };
  const isKnown = ({ group, kind }: RouteKind): boolean => group === gatewayGroup && known.includes(kind);
  const kinds = all.filter(({ kind }) => named.some((each) => each.kind === kind && isKnown(each)));
  const others = named.filter((each) => !isKnown(each));
  // Of a protocol that is not known there is more to say.
  if (others.length === 0 || all.length === 0) return { kinds };
  return {
    kinds,
    refusal: {
      reason: 'InvalidRouteKinds',
      field: `${field}.allowedRoutes.kinds`,
      message: `a listener for ${protocol} takes no ${listSome(others.map(({ kind }) => kind))}`,
      hint: `Use ${listSome(known)}.`,
    },
  };
}
