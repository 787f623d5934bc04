import { coversHost } from '../../certificates/host-names.ts';
import type { Report } from '../../model/problem.ts';
import type { CertificateIntent } from '../../routes/intent.ts';
import { mayServe, toCertificateIntents } from '../certificates.ts';
import type { Translating } from '../context.ts';
import { findUsablePair } from '../secret-pair.ts';
import { endsTls } from './listener-certificates.ts';
import { findHeld } from './port-route.ts';
import type { NamedSecret, ResolvedListener, ResolvedParent } from './resolved.ts';

/** A Secret, and the listeners for whose hosts it is. */
interface Request {
  readonly named: NamedSecret;
  readonly listeners: ResolvedListener[];
}

/**
 * The certificates of the listeners that are served, one intent a fleet for each Secret. All certificates share one store in Traefik, in
 * which any of them can answer for any host: one that has nothing to do with the hosts of its listeners is not passed on. Without a
 * hostname a listener is for all that its routes name, and who owns the names of its certificates decides.
 */
export function toParentCertificates(
  context: Translating,
  { holder, listeners }: ResolvedParent,
  report: Report,
): readonly CertificateIntent[] {
  const requests = new Map<string, Request>();
  for (const each of listeners) {
    if (each.bindings.length === 0 || !endsTls(each.listener)) continue;
    for (const named of each.certificates) {
      const key = `${named.namespace}/${named.name}`;
      const request = requests.get(key);
      if (request === undefined) requests.set(key, { named, listeners: [each] });
      else request.listeners.push(each);
    }
  }
  return [...requests.values()].flatMap((request) => toIntents(context, holder, request, report));
}

function toIntents(
  context: Translating,
  owner: ResolvedParent['holder'],
  { named, listeners }: Request,
  report: Report,
): readonly CertificateIntent[] {
  const { namespace, name, field } = named;
  const secret = context.view.secret(owner.ref.source, namespace, name);
  const pair = findUsablePair(context, secret);
  // It has been looked at already, and its listener goes without it when it cannot be used.
  if (secret === undefined || pair === undefined) return [];
  const { names } = pair;
  const shown = namespace === owner.ref.namespace ? name : `${namespace}/${name}`;
  for (const { listener } of listeners) {
    if (isFor(names, listener.hostname)) continue;
    report('certificate-invalid', () => ({
      field: `${listener.field}.tls.certificateRefs`,
      message: `listener ${listener.name}: Secret ${shown} has no certificate for ${listener.hostname ?? ''}`,
      hint: 'Use a certificate that names this host, or correct the hostname of the listener.',
    }));
  }
  const covered = listeners.filter(({ listener }) => isFor(names, listener.hostname));
  if (covered.length === 0 || !mayServe(context, shown, field, report)) return [];
  const fleets = new Set(covered.flatMap(({ bindings }) => bindings.map(({ fleet }) => fleet)));
  const held = context.view.heldPorts(owner.ref);
  return toCertificateIntents(owner, [...fleets], field, { ...pair, secret }).map((intent) => {
    const ports = covered.flatMap(
      ({ listener }) => findHeld(held, intent.fleet, listener.name, 'tcp')?.port ?? [],
    );
    return ports.length === 0 ? intent : { ...intent, ports };
  });
}

/** Whether a certificate is for the host of a listener, or for some of the hosts that a wildcard stands for. */
function isFor(names: readonly string[], hostname: string | undefined): boolean {
  if (hostname === undefined || coversHost(names, hostname)) return true;
  return hostname.startsWith('*.') && names.some((name) => name.endsWith(hostname.slice(1)));
}
