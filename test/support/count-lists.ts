import * as z from 'zod';
import type { ApiServer } from './api-server.ts';

const statsSchema = z.object({ totals: z.record(z.string(), z.number()) });

/** How many lists a server was asked for, since it started or since `forgetRequests`. */
export async function countLists(server: Pick<ApiServer, 'rig'>): Promise<number> {
  const { totals } = statsSchema.parse(await server.rig('stats', {}, 'GET'));
  const lists = Object.entries(totals).filter(([key]) => key.startsWith('list '));
  return lists.reduce((sum, [, count]) => sum + count, 0);
}

export async function forgetRequests(server: Pick<ApiServer, 'rig'>): Promise<void> {
  await server.rig('stats/reset');
}
