import type { SessionPersistence } from '../../model/route-specs.ts';
import { malformed } from '../../lib/raw-fields.ts';
import { durationAt } from './durations.ts';
import { placeAt, textAt, wordAt, type Place, type TextRule } from './place.ts';

const sessionName: TextRule = { most: 128, wanted: 'a name of at most 128 characters' };

const cookiePath: TextRule = { most: 1024, wanted: 'a path of at most 1,024 characters' };

/**
 * `sessionPersistence` of a rule; absent where it cannot be read. Of both shapes: that of v1.6, and the one after it, in which what is about the cookie
 * stands in `cookie` and what is about the header, which cannot be carried out, in `header`.
 */
export function toSessionPersistence(rule: Place): { readonly sessionPersistence?: SessionPersistence } {
  const place = placeAt(rule, 'sessionPersistence');
  if (place === undefined || place === malformed) return {};
  const type = wordAt(place, 'type', ['Cookie', 'Header']);
  const name = textAt(place, 'sessionName', sessionName);
  const absolute = durationAt(place, 'absoluteTimeout');
  const idle = durationAt(place, 'idleTimeout');
  const older = placeAt(place, 'cookieConfig');
  const newer = placeAt(place, 'cookie');
  if (older === malformed || newer === malformed) return {};
  const cookie = newer ?? older;
  const lifetime =
    cookie === undefined ? 'Session' : wordAt(cookie, 'lifetimeType', ['Session', 'Permanent']);
  const own = newer && textAt(newer, 'name', sessionName);
  const path = newer && textAt(newer, 'path', cookiePath);
  if (type === malformed || name === malformed || absolute === malformed) return {};
  if (idle === malformed || lifetime === malformed || own === malformed || path === malformed) return {};
  const called = own ?? name;
  const persistence: SessionPersistence = {
    type,
    ...(called !== undefined && { sessionName: called }),
    ...(path !== undefined && { path }),
    ...(absolute !== undefined && { absoluteTimeout: absolute }),
    ...(idle !== undefined && { idleTimeout: idle }),
    lifetime,
    field: place.field,
  };
  return { sessionPersistence: persistence };
}
