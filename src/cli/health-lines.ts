import type { HealthRow } from '../model/published.ts';

/** What each Traefik said of the servers, and once for each Traefik why it said nothing. */
export function toHealthLines(rows: readonly HealthRow[]): readonly string[] {
  return [...new Set(rows.map(toLine))];
}

function toLine(row: HealthRow): string {
  const as = `as ${row.traefik} sees it`;
  if ('error' in row) return `  ${as}: not known, ${row.error}`;
  const servers = row.servers.map(({ server, status }) => `${server} ${status}`);
  return `  ${as}: ${servers.join(', ') || 'no servers'}`;
}
