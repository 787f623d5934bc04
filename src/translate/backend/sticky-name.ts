import { createHash } from 'node:crypto';
import type { PortReference, Service } from '../../model/objects.ts';
import type { LoadBalancer } from '../../traefik/http-service.ts';

/** Whether clients are kept by a cookie that has no name yet. */
export function needsCookieName(loadBalancer: Partial<LoadBalancer> | undefined): boolean {
  const cookie = loadBalancer?.sticky?.cookie;
  return cookie === true || (cookie !== undefined && cookie.name === undefined);
}

/**
 * The same with the name that Traefik's own provider for Ingresses would give the cookie, so that sessions outlive the move: Traefik
 * makes it from the name of the service, which is another one here.
 * @param reference How the object that routes names the port: Traefik has a service for each way to do so.
 */
export function nameCookie(
  loadBalancer: Partial<LoadBalancer>,
  { meta }: Service,
  reference: PortReference,
): Partial<LoadBalancer> {
  const { cookie } = loadBalancer.sticky ?? {};
  if (cookie === undefined || !needsCookieName(loadBalancer)) return loadBalancer;
  const { namespace, name } = meta.ref;
  // provider.Normalize: what is neither letter nor digit divides words.
  const words = `${namespace}-${name}-${reference}`.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  const text = `_TRAEFIK_BACKEND_${words.join('-')}@kubernetes`;
  const hash = createHash('sha1').update(text).digest('hex').slice(0, 5);
  return { ...loadBalancer, sticky: { cookie: { ...(cookie === true ? {} : cookie), name: `_${hash}` } } };
}
