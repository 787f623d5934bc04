import type { TCPRoute } from '../../model/objects.ts';
import type { Translation } from '../../routes/intent.ts';
import type { Translating } from '../context.ts';
import { translatePortRoute } from './port-route.ts';

/** A TCPRoute as what is routed of the TCP ports that it is attached to. https://gateway-api.sigs.k8s.io/reference/spec/#tcproute */
export function translateTcpRoute(context: Translating, route: TCPRoute): Translation {
  return translatePortRoute(context, route, 'tcp');
}
