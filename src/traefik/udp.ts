import { z } from 'zod';
import { weightedChild } from './http-service.ts';
import { serverAddress } from './server-url.ts';
import { type Fixed, type OneOf, listOf, reference, word } from './values.ts';

/** UDP has no rules. Of several routers on one entryPoint Traefik uses one only. */
export const udpRouter = z.strictObject({ entryPoints: listOf(word), service: reference });

export const udpLoadBalancer = z.strictObject({
  servers: z.array(z.strictObject({ address: serverAddress })),
});

export const udpServiceKinds = {
  loadBalancer: udpLoadBalancer,
  weighted: z.strictObject({ services: z.array(weightedChild) }),
} as const;

export type UdpRouter = Fixed<z.infer<typeof udpRouter>>;
export type UdpLoadBalancer = Fixed<z.infer<typeof udpLoadBalancer>>;
export type UdpService = OneOf<typeof udpServiceKinds>;
