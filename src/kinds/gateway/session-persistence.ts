import type { SessionPersistence } from '../../model/route-specs.ts';
import { malformed } from '../../lib/raw-fields.ts';
import { durationAt } from './durations.ts';
import { placeAt, textAt, wordAt, type Place, type TextRule } from './place.ts';

const sessionName: TextRule = { most: 128, wanted: 'a name of at most 128 characters' };

/** `sessionPersistence` of a rule; absent where it cannot be read. */
export function toSessionPersistence(rule: Place): { readonly sessionPersistence?: SessionPersistence } {
  const place = placeAt(rule, 'sessionPersistence');
  if (place === undefined || place === malformed) return {};
  const type = wordAt(place, 'type', ['Cookie', 'Header']);
  const name = textAt(place, 'sessionName', sessionName);
  const absolute = durationAt(place, 'absoluteTimeout');
  const idle = durationAt(place, 'idleTimeout');
  const cookie = placeAt(place, 'cookieConfig');
  if (cookie === malformed) return {};
  const lifetime =
    cookie === undefined ? 'Session' : wordAt(cookie, 'lifetimeType', ['Session', 'Permanent']);
  if (type === malformed || name === malformed || absolute === malformed) return {};
  if (idle === malformed || lifetime === malformed) return {};
  const persistence: SessionPersistence = {
    type,
    ...(name !== undefined && { sessionName: name }),
    ...(absolute !== undefined && { absoluteTimeout: absolute }),
    ...(idle !== undefined && { idleTimeout: idle }),
    lifetime,
    field: place.field,
  };
  return { sessionPersistence: persistence };
}
