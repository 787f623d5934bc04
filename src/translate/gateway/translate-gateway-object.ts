import type { GatewayObject } from '../../model/objects.ts';
import type { Translation } from '../../routes/intent.ts';
import type { Translating } from '../context.ts';
import { translateBackendTlsPolicy } from './backend-tls-policy.ts';
import { translateGatewayClass } from './gateway-class.ts';
import { translateGateway } from './gateway.ts';
import { translateListenerSet } from './listener-set.ts';
import { translatePortRoute } from './port-route.ts';
import { translateRequestRoute } from './request-route.ts';
import { translateTlsRoute } from './tls-route.ts';

/** An object of the Gateway API as what it asks for. One that is another controller's comes to nothing, without a word. */
export function translateGatewayObject(context: Translating, object: GatewayObject): Translation {
  switch (object.kind) {
    case 'GatewayClass':
      return translateGatewayClass(context, object);
    case 'Gateway':
      return translateGateway(context, object);
    case 'ListenerSet':
      return translateListenerSet(context, object);
    case 'HTTPRoute':
    case 'GRPCRoute':
      return translateRequestRoute(context, object);
    case 'TLSRoute':
      return translateTlsRoute(context, object);
    case 'TCPRoute':
      return translatePortRoute(context, object, 'tcp');
    case 'UDPRoute':
      return translatePortRoute(context, object, 'udp');
    case 'BackendTLSPolicy':
      return translateBackendTlsPolicy(context, object);
  }
}
