import type { Directives } from '../../annotations/directives.ts';
import type { SessionPersistence } from '../../model/route-specs.ts';
import type { Sticky } from '../../traefik/http-service.ts';
import { unsupported, type FieldRefusal } from './unsupported.ts';

const cookieName = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,180}$/;

const cookiePath = /^\/[\x21-\x3a\x3c-\x7e]*$/;

/** How clients are kept at one server, or why they cannot be so. */
export function toSticky(session: SessionPersistence): FieldRefusal | Sticky {
  const { type, sessionName: name, path, absoluteTimeout, idleTimeout, lifetime, field } = session;
  if (type !== 'Cookie')
    return unsupported(`${field}.type`, 'sessions by a header are not supported', 'Write Cookie.');
  if (idleTimeout !== undefined)
    return unsupported(
      `${field}.idleTimeout`,
      'an idle timeout of sessions is not supported',
      'Use absoluteTimeout.',
    );
  if (name !== undefined && !cookieName.test(name))
    return unsupported(`${field}.sessionName`, 'it is no name of a cookie', 'Write letters and digits.');
  // Traefik's own default.
  const own = path === '/' ? undefined : path;
  if (own !== undefined && !cookiePath.test(own))
    return unsupported(`${field}.cookie.path`, 'it is no path of a cookie', 'Write a path such as "/shop".');
  const maxAge = lifetime === 'Permanent' ? Math.ceil((absoluteTimeout ?? 0) / 1000) : 0;
  const cookie = {
    ...(name !== undefined && { name }),
    ...(own !== undefined && { path: own }),
    ...(maxAge > 0 && { maxAge }),
  };
  return { cookie: Object.keys(cookie).length > 0 ? cookie : true };
}

/** What sessions and time-outs of a rule ask of each load balancer behind it. */
export type RuleDirectives = Pick<Directives, 'loadBalancer' | 'transport'>;
