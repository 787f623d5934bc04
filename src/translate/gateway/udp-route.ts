import type { UDPRoute } from '../../model/objects.ts';
import type { Translation } from '../../routes/intent.ts';
import type { Translating } from '../context.ts';
import { translatePortRoute } from './port-route.ts';

/** A UDPRoute as what is routed of the UDP ports that it is attached to. https://gateway-api.sigs.k8s.io/reference/spec/#udproute */
export function translateUdpRoute(context: Translating, route: UDPRoute): Translation {
  return translatePortRoute(context, route, 'udp');
}
