import { tcpConnect } from './client.ts';
import { toHeld, toHolder, type PortReport } from './tenant-ports.ts';
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
  for (const { port, holder, servicePort } of toHeld(report)) {
    const tenant = tenants.find((each) => toHolder(each) === holder);
    const greeting = await greet(port).catch(String);
    const wanted = `5.7.44-fairlead ${tenant?.address}:${servicePort}`;
    if (greeting !== wanted) misrouted.push(`${holder} at ${port}: "${greeting}" is to be "${wanted}"`);
  }
  return misrouted;
}
