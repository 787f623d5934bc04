import { bySeniority, toObjectPath, type Aged } from '../model/object-ref.ts';
import { toProblem, type Problem } from '../model/problem.ts';
import type { HttpRoute, Intent } from '../routes/intent.ts';
import { toHostText } from '../routes/match.ts';
import type { ForeignName } from './certificate-owners.ts';
import { describeTenant } from './crowd.ts';
import { toHost, type HostRoute } from './host-owners.ts';

/** The problem of a certificate with a name that its owner does not own. */
export function describeForeignName({ owner, why }: Intent, { name, reason }: ForeignName): Problem {
  return toProblem('certificate-conflict', owner.ref, {
    field: why.field,
    message: `the certificate names ${name}, ${reason}`,
    hint: 'Use a certificate for the hosts of this namespace only, or have them given to it by ingress.owners.',
  });
}

/** The problem of a route whose host another namespace has: by age, or, without an owner, by the settings. */
export function describeUnownedHost(route: HostRoute, first: Aged | undefined): Problem {
  const { owner, why } = route;
  const who =
    first === undefined
      ? 'ingress.owners gives it to another namespace'
      : `${describeTenant(first, owner)} was the first to route it`;
  return toProblem('host-not-owned', owner.ref, {
    field: why.field,
    message: `${toHostText(toHost(route))} is not a host of namespace ${owner.ref.namespace}: ${who}`,
    hint: 'Use another host, or have this one given to the namespace by ingress.owners.',
  });
}

/** The problem of a redirect from a host that somebody routes. */
export function describeYielded(route: HostRoute, first: Aged): Problem {
  return toProblem('annotation-without-effect', route.owner.ref, {
    field: route.why.field,
    message: `${toHostText(toHost(route))} is routed by ${toObjectPath(first.ref)}, so it is not redirected`,
    hint: 'Remove the annotation, or the other route.',
  });
}

/** The problem of a route by HTTP for a host of SNI, or the other way round: Traefik hands TLS connections for a name to one of both. */
export function describeOtherUse(route: HostRoute, winner: Aged): Problem {
  const { kind, owner, why } = route;
  const [used, asked] = kind === 'http' ? ['SNI', 'HTTP'] : ['HTTP', 'SNI'];
  const who = bySeniority(winner, owner) === 0 ? 'the same object' : describeWinner(winner, owner);
  return toProblem('route-conflict', owner.ref, {
    field: why.field,
    message: `${toHostText(toHost(route))} is already routed by ${used}, by ${who}; a host is for HTTP or for SNI, so it is not routed by ${asked}`,
    hint: 'Use another host, or remove one of the two.',
  });
}

/** The problem of a route that asks to go before those of the tenant that was the first to route its host. */
export function describeRefusedPriority({ owner, why, match }: HttpRoute): Problem {
  const host = toHostText(match.host);
  return toProblem('ingress-priority-refused', owner.ref, {
    field: why.field,
    message: `another namespace was the first to route ${host === '' ? 'requests without a host of their own' : host}, so a priority above the length of the rule does not count here`,
    hint: 'Use another host, or leave the priority out.',
  });
}

/**
 * The problem of an intent that does not stand; undefined where nothing is amiss.
 * @param winner Who has it.
 * @param twin What of the same object has it.
 */
export function describeLoss(
  intent: Intent,
  winner: Aged | undefined,
  twin: Intent | undefined,
): Problem | undefined {
  switch (intent.kind) {
    case 'http': {
      const { host, path } = intent.match;
      const type = intent.fallback ? 'default backend' : path.type;
      const what = `${toHostText(host) || 'any host'}${path.value} (${type})`;
      const where =
        twin === undefined ? describeWinner(winner, intent.owner) : `${twin.why.field} of the same object`;
      return toProblem('route-conflict', intent.owner.ref, {
        field: intent.why.field,
        message: `${what} is already routed by ${where}`,
        hint: 'Use another host or path, or remove one of the two.',
      });
    }
    case 'sni': {
      const where =
        twin === undefined ? describeWinner(winner, intent.owner) : `${twin.why.field} of the same object`;
      return toProblem('route-conflict', intent.owner.ref, {
        field: intent.why.field,
        message: `${toHostText(intent.host)} is already routed by SNI, by ${where}`,
        hint: 'Use another host, or remove one of the two.',
      });
    }
    case 'certificate':
      // Two Ingresses of one namespace that name the same Secret, or one that names it twice, do not differ about anything.
      return twin !== undefined ||
        (winner?.ref.namespace === intent.owner.ref.namespace &&
          winner.ref.source === intent.owner.ref.source)
        ? undefined
        : toProblem('certificate-conflict', intent.owner.ref, {
            field: intent.why.field,
            message: `a certificate for the same names is already brought by ${describeWinner(winner, intent.owner)}`,
            hint: 'Remove one of the two certificates.',
          });
    case 'port':
      return toProblem('gateway-route-shadowed', intent.owner.ref, {
        field: intent.why.field,
        message: `${describeWinner(winner, intent.owner)}, has all of ${intent.port}/${intent.protocol.toUpperCase()} already`,
        hint: 'Attach it to another listener, or remove one of the two.',
      });
    case 'default-certificate':
      return undefined;
  }
}

/** Objects of manifests often have no time of creation: then the name has decided. */
function describeWinner(winner: Aged | undefined, loser: Aged): string {
  if (winner === undefined) return 'another object';
  const why = winner.created === loser.created ? 'which comes first by namespace and name' : 'which is older';
  const source = winner.ref.source === loser.ref.source ? '' : ` of source ${winner.ref.source}`;
  return `${toObjectPath(winner.ref)}${source}, ${why}`;
}
