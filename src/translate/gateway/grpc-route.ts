import type { GRPCRoute } from '../../model/objects.ts';
import type { Translation } from '../../routes/intent.ts';
import type { Translating } from '../context.ts';
import { translateRequestRoute } from './request-route.ts';

/** A GRPCRoute as routes: gRPC is requests of HTTP/2 whose path is the method. */
export function translateGrpcRoute(context: Translating, route: GRPCRoute): Translation {
  return translateRequestRoute(context, route);
}
