import { mayHaveOptions } from './choose-options.ts';
import { cut, toProblem, type Problem } from '../model/problem.ts';
import type { BesideSni, HttpRoute } from '../routes/intent.ts';
import { toHostText } from '../routes/match.ts';
import type { HostTlsOptions } from '../routes/tls-options.ts';

/**
 * Whether a route asks for TLS options that it does not get. They are for clients that the others must not be taken for: without them it
 * stays shut.
 */
export function lacksOptions(
  { tls }: HttpRoute,
  chosen: HostTlsOptions | undefined,
  beside: BesideSni,
): boolean {
  return tls?.options !== undefined && (tls.options.key !== chosen?.key || beside.below === true);
}

/** Whether the host of a route is shut by options that cannot be made. What is on plain HTTP alone never had them. */
export function isShutByHost({ place }: HttpRoute, chosen: HostTlsOptions | undefined): boolean {
  return chosen?.kind === 'unusable' && place?.isTls !== false;
}

/** The problem of a route whose host has other TLS options than it asks for, or none that can be made; undefined when all is well. */
export function describeOptions(
  route: HttpRoute,
  chosen: HostTlsOptions | undefined,
  beside: BesideSni,
): Problem | undefined {
  if (isShutByHost(route, chosen))
    return route.tls?.options?.kind === 'unusable' ? undefined : describeShutHost(route);
  return lacksOptions(route, chosen, beside) ? describeOtherOptions(route, chosen) : undefined;
}

/**
 * The problem of a route that asks for TLS options which its host does not have.
 * @param options Those that it has; undefined: none that anybody asks for, or none that Traefik could keep.
 */
function describeOtherOptions(
  { owner, why, match, tls }: HttpRoute,
  options: HostTlsOptions | undefined,
): Problem {
  const host = toHostText(match.host);
  const reason = !mayHaveOptions(match.host)
    ? 'Traefik finds those by the names of hosts, and this stands for many'
    : options === undefined
      ? 'the namespace that was the first to have it served over TLS asks for none'
      : options.key === tls?.options?.key
        ? 'hosts below it are routed by SNI, beside which Traefik cannot keep them'
        : `an older object asks for ${options.kind === 'reference' ? toQuoted(options.key) : 'others'}, and Traefik drops both where they differ`;
  return toProblem('ingress-tls-options-conflict', owner.ref, {
    field: why.field,
    message: `${host === '' ? 'any host' : host} cannot have ${toOptionsText(tls?.options)}: ${reason}; the route answers 503`,
    hint: mayHaveOptions(match.host)
      ? 'Use another host, or ask for the same options everywhere.'
      : 'Name each host of the route.',
  });
}

/** The problem of a route on a host that is to be for certain clients alone, and nothing can tell who they are. */
function describeShutHost({ owner, why, match }: HttpRoute): Problem {
  return toProblem('ingress-tls-options-conflict', owner.ref, {
    field: why.field,
    message: `an older object requires client certificates for ${toHostText(match.host)}, and they cannot be verified; the route answers 503`,
    hint: 'Correct the object that requires them, or use another host.',
  });
}

function toOptionsText(options: HostTlsOptions | undefined): string {
  return options?.kind === 'reference'
    ? `the TLS options ${toQuoted(options.key)}`
    : 'the client certificates that it asks for';
}

function toQuoted(name: string): string {
  return JSON.stringify(cut(name, 80));
}
