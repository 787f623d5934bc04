import { z } from 'zod';
import { revisionMark } from '../../../src/traefik/revision-mark.ts';
import { toAsking } from './tenant-objects.ts';
import { namespace, type Tenant } from './tenants.ts';

const rowSchema = z.object({
  port: z.number(),
  protocols: z.array(z.string()),
  state: z.string(),
  holder: z.string(),
  servicePort: z.number(),
  listener: z.string().optional(),
});
const reportSchema = z.object({
  pools: z.array(z.object({ protocol: z.string(), free: z.number(), cooling: z.number() })),
  ports: z.array(rowSchema),
  refused: z.array(z.object({ object: z.unknown() })),
});
type Row = z.infer<typeof rowSchema>;
/** What `/api/ports` says, as far as tenants are concerned. */
export type PortReport = z.infer<typeof reportSchema>;

/** Reads `/api/ports` of a Fairlead. */
export async function readReport(adminUrl: string): Promise<PortReport> {
  const response = await fetch(`${adminUrl}/api/ports`, { signal: AbortSignal.timeout(5_000) });
  return reportSchema.parse(await response.json());
}

/** The rows of ports that somebody holds. */
export function toHeld({ ports }: PortReport): readonly Row[] {
  return ports.filter(({ state }) => state === 'held');
}

/** The pool port that each has who asks, by `toHolding`. */
export function toHoldings(report: PortReport): ReadonlyMap<string, number> {
  return new Map(
    toHeld(report).map(({ holder, listener, servicePort, port }) => {
      const what = listener ?? (holder.startsWith('TCPRoute/') ? 'port' : servicePort);
      return [`${holder}:${what}`, port];
    }),
  );
}

/** What holds the pool port for a port of a tenant: `Service/namespace/name:3306`, `Gateway/namespace/name:p3306`. */
export function toHolding(tenant: Tenant, port: number, of: string = namespace): string {
  return toAsking(tenant, port, of).join(':');
}

/** What is wrong with who holds which port, in words. */
export function findFaults(tenants: readonly Tenant[], report: PortReport): readonly string[] {
  const faults: string[] = [];
  const held = toHeld(report);
  const slots = held.flatMap(({ port, protocols }) => protocols.map((protocol) => `${port}/${protocol}`));
  if (new Set(slots).size !== slots.length) faults.push(`a port has two holders: ${slots.join(' ')}`);
  const holdings = toHoldings(report);
  const refused = JSON.stringify(report.refused);
  const pool = report.pools.find(({ protocol }) => protocol === 'tcp');
  const asking = tenants.filter(({ exposed }) => exposed);
  for (const tenant of asking) {
    for (const [index, servicePort] of tenant.ports.entries()) {
      const key = toHolding(tenant, servicePort);
      const name = key.slice(key.lastIndexOf('/') + 1, key.lastIndexOf(':'));
      const port = holdings.get(key);
      const directive = index === 0 ? tenant.requested : undefined;
      const isRefused = refused.includes(`"${name}"`) || refused.includes(`/${name}"`);
      if (port === undefined && !isRefused) faults.push(`${key} has no port, and nobody says why`);
      if (port === undefined && directive === undefined && pool?.free !== 0)
        faults.push(`${key} has no port, and ${pool?.free} are free`);
      if (directive !== undefined && port !== directive && !isRefused)
        faults.push(`${key} requested ${directive}, has ${port}, and nobody says why`);
    }
  }
  const asked = new Set(asking.flatMap((tenant) => tenant.ports.map((port) => toHolding(tenant, port))));
  for (const key of holdings.keys())
    if (!asked.has(key)) faults.push(`${key} holds a port and asks for none`);
  return faults;
}

/** What is served has its revision in it, which `render` leaves out. */
export function withoutMark(body: string): string {
  const mark = new RegExp(`"${revisionMark}":\\{"headers":\\{"customResponseHeaders":\\{[^{}]*\\}\\}\\},?`);
  return body.replace(mark, '').replace('"middlewares":{},', '');
}
