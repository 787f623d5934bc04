import type { Gateway } from '../../model/objects.ts';
import type { Translating } from '../context.ts';
import type { ResolvedParent } from './resolved.ts';

/** A Gateway and its ListenerSets; nothing when its class is another controller's. */
export function resolveGateway(_context: Translating, _gateway: Gateway): readonly ResolvedParent[] {
  return [];
}
