import { z } from 'zod';

const routerSchema = z.looseObject({
  status: z.string().optional(),
  error: z.array(z.string()).optional(),
  rule: z.string().optional(),
  entryPoints: z.array(z.string()).optional(),
  using: z.array(z.string()).optional(),
  service: z.string().optional(),
  middlewares: z.array(z.string()).optional(),
  priority: z.number().optional(),
});
const partSchema = z.looseObject({
  status: z.string().optional(),
  error: z.array(z.string()).optional(),
  /** Of a load balancer: URL or address to UP or DOWN. */
  serverStatus: z.record(z.string(), z.string()).optional(),
});
const routers = z.record(z.string(), routerSchema).default({});
const parts = z.record(z.string(), partSchema).default({});
const rawDataSchema = z.looseObject({
  routers,
  services: parts,
  middlewares: parts,
  tcpRouters: routers,
  tcpServices: parts,
  tcpMiddlewares: parts,
  udpRouters: routers,
  udpServices: parts,
});

/** What Traefik runs on: the answer of `/api/rawdata`. The names carry their provider: `web@http`. */
export type RawData = z.infer<typeof rawDataSchema>;

/** A router, service or middleware that Traefik does not use as it was sent. */
export interface RawDataError {
  readonly kind: string;
  readonly name: string;
  readonly status: string;
  readonly errors: readonly string[];
}

/** Throws when it is no answer of `/api/rawdata`. */
export function toRawData(answer: unknown): RawData {
  return rawDataSchema.parse(answer);
}

/** The routers that are not plainly enabled. */
export function toRouterErrors(data: RawData): readonly RawDataError[] {
  const { routers: http, tcpRouters, udpRouters } = data;
  return toErrors({ routers: http, tcpRouters, udpRouters });
}

/** The services and middlewares that are not plainly enabled. */
export function toPartErrors(data: RawData): readonly RawDataError[] {
  const { services, middlewares, tcpServices, tcpMiddlewares, udpServices } = data;
  return toErrors({ services, middlewares, tcpServices, tcpMiddlewares, udpServices });
}

type Parts = Record<string, { status?: string | undefined; error?: string[] | undefined }>;

function toErrors(maps: Record<string, Parts>): RawDataError[] {
  return Object.entries(maps).flatMap(([kind, map]) =>
    Object.entries(map)
      .map(([name, { status = 'enabled', error = [] }]) => ({ kind, name, status, errors: error }))
      .filter(({ status, errors }) => status !== 'enabled' || errors.length > 0),
  );
}
