import { z } from 'zod';
import type { World } from './world.ts';

const routesSchema = z.array(
  z.object({
    fleet: z.string(),
    protocol: z.enum(['http', 'tcp', 'udp']),
    router: z.string(),
    rule: z.string(),
    entryPoints: z.array(z.string()),
    service: z.string(),
    servers: z.array(z.string()),
    middlewares: z.array(z.string()),
    tls: z.boolean(),
    object: z.string(),
    source: z.string(),
  }),
);

const portsSchema = z.object({
  ports: z.array(
    z.object({
      fleet: z.string(),
      port: z.number(),
      protocols: z.array(z.enum(['tcp', 'udp'])),
      state: z.enum(['held', 'cooling', 'lost']),
      holder: z.string(),
      servicePort: z.number(),
      addresses: z.array(z.string()),
    }),
  ),
});

/** A line of `/api/routes`. */
export type Route = z.infer<typeof routesSchema>[number];

/** A port of `/api/ports`. */
export type PoolPort = z.infer<typeof portsSchema>['ports'][number];

/** Reads `/api/routes`; throws when it is not what the contract says. */
export async function readRoutes(world: World): Promise<readonly Route[]> {
  return routesSchema.parse(await world.admin('/api/routes'));
}

/** Reads the ports that are held now; throws when `/api/ports` is not what the contract says. */
export async function readHeldPorts(world: World): Promise<readonly PoolPort[]> {
  const { ports } = portsSchema.parse(await world.admin('/api/ports'));
  return ports.filter(({ state }) => state === 'held');
}

/** The pool port that is held for a port of a Service, such as `Service/rds/orders-db`; throws when there is none. */
export async function findPort(world: World, holder: string, servicePort: number): Promise<number> {
  const held = await readHeldPorts(world);
  const found = held.find((row) => row.holder === holder && row.servicePort === servicePort);
  if (found === undefined) throw new Error(`${holder} holds no port for ${servicePort}`);
  return found.port;
}

const problemsSchema = z.array(z.looseObject({ code: z.string() }));

/** The problems that there are now. */
export async function readProblems(world: World): Promise<z.infer<typeof problemsSchema>> {
  return problemsSchema.parse(await world.admin('/api/problems'));
}
