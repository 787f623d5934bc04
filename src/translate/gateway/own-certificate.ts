import { coversHost } from '../../certificates/host-names.ts';
import type { NamedHost } from '../../routes/match.ts';
import type { Translating } from '../context.ts';
import { findUsablePair } from '../secret-pair.ts';
import type { ResolvedListener, ResolvedParent } from './resolved.ts';

/**
 * Whether a listener has itself a certificate for a host. On a port of its own it ends TLS for no other one: a certificate in Traefik
 * serves all its ports, and whoever has a port could show that of another tenant's host.
 */
export function hasCertificate(
  context: Translating,
  { holder }: ResolvedParent,
  { certificates }: ResolvedListener,
  host: NamedHost,
): boolean {
  const name = host.kind === 'exact' ? host.name : `*.${host.suffix}`;
  return certificates.some((each) => {
    const secret = context.view.secret(holder.ref.source, each.namespace, each.name);
    return coversHost(findUsablePair(context, secret)?.names ?? [], name);
  });
}
