import type { HTTPRoute } from '../../model/objects.ts';
import type { Translation } from '../../routes/intent.ts';
import type { Translating } from '../context.ts';
import { translateRequestRoute } from './request-route.ts';

/** An HTTPRoute as routes: one for each match, host and listener. */
export function translateHttpRoute(context: Translating, route: HTTPRoute): Translation {
  return translateRequestRoute(context, route);
}
