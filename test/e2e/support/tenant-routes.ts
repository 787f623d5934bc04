import { tcpConnect } from './client.ts';
import { toHolding, toHoldings, type PortReport } from './tenant-ports.ts';
import type { Tenant } from './tenants.ts';

/** What a client of a pool port is greeted with. */
async function greet(port: number): Promise<string> {
  const connection = await tcpConnect('127.0.0.1', port);
  try {
    return await connection.readLine(1_000);
  } finally {
    await connection.stop();
  }
}

/** The held ports that do not lead where the Service of their holder says, in words. */
export async function findMisrouted(
  tenants: readonly Tenant[],
  report: PortReport,
): Promise<readonly string[]> {
  const misrouted: string[] = [];
  const wanted = new Map(
    tenants.flatMap((tenant) =>
      tenant.ports.map((port) => [toHolding(tenant, port), `5.7.44-fairlead ${tenant.address}:${port}`]),
    ),
  );
  for (const [holder, port] of toHoldings(report)) {
    const greeting = await greet(port).catch(String);
    if (greeting !== wanted.get(holder))
      misrouted.push(`${holder} at ${port}: "${greeting}" is to be "${wanted.get(holder)}"`);
  }
  return misrouted;
}
