import type {
  BackendTLSPolicy,
  Gateway,
  GatewayClass,
  GatewayRoute,
  ListenerSet,
} from '../../model/objects.ts';
import type { Translation } from '../../routes/intent.ts';
import type { Translating } from '../context.ts';
import { translateBackendTlsPolicy } from './backend-tls-policy.ts';
import { translateGatewayClass } from './gateway-class.ts';
import { translateGateway } from './gateway.ts';
import { translateGrpcRoute } from './grpc-route.ts';
import { translateHttpRoute } from './http-route.ts';
import { translateListenerSet } from './listener-set.ts';
import { translateTcpRoute } from './tcp-route.ts';
import { translateTlsRoute } from './tls-route.ts';
import { translateUdpRoute } from './udp-route.ts';

/** Whatever the Gateway API has that routes are made of. */
export type GatewayObject = BackendTLSPolicy | Gateway | GatewayClass | GatewayRoute | ListenerSet;

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
      return translateHttpRoute(context, object);
    case 'GRPCRoute':
      return translateGrpcRoute(context, object);
    case 'TLSRoute':
      return translateTlsRoute(context, object);
    case 'TCPRoute':
      return translateTcpRoute(context, object);
    case 'UDPRoute':
      return translateUdpRoute(context, object);
    case 'BackendTLSPolicy':
      return translateBackendTlsPolicy(context, object);
  }
}
