import { eventually } from '../../test/e2e/support/eventually.ts';
import type { Traefik } from '../../test/e2e/support/traefik.ts';

/** When a Traefik had applied a revision: milliseconds since 1970. Costs it next to nothing. */
export function untilApplied({ apiUrl }: Traefik, revision: string): Promise<number> {
  return eventually('a Traefik has applied it', 120_000, async () => {
    const response = await fetch(`${apiUrl}/api/http/middlewares/revision@http`);
    return (await response.text()).includes(revision) && Date.now();
  });
}
