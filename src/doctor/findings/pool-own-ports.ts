import { checkOwnPorts } from '../../ports/check-pools.ts';
import { listPoolEntryPoints } from '../../traefik/static/pool-entry-points.ts';
import { ownEntryPoint } from '../../traefik/static/static-config.ts';
import type { TraefikFacts } from '../facts.ts';
import type { Found, Rule } from '../finding.ts';
import { nameSome, parseEntryPointAddress } from '../words.ts';

export const poolOwnPorts: Rule = {
  code: 'pool-own-ports',
  finds:
    'A pool has a port of another entryPoint of its Traefiks, or of Fairlead on the same host: two cannot listen on one port, so Traefik does not start.',
  mend: 'Move the pool (`fleets[].ports`), or the other entryPoint.',
  needs: 'nothing; a Traefik, or `--static`, for entryPoints that Fairlead does not know',
  check: ({ settings, traefiks }) => [
    ...checkOwnPorts(settings).map(({ subject, field, message, hint }) => ({
      where: `fleet ${subject.name}, ${field}`,
      message,
      mend: hint.replace(/\.$/, ''),
    })),
    ...traefiks.flatMap(findForeign),
  ],
};

/** Those that `fairlead traefik` does not write: what it writes is known by the settings. */
function findForeign({ name, fleet, bank, entryPoints }: TraefikFacts): readonly Found[] {
  const pool = listPoolEntryPoints(fleet, bank);
  const { http, https, ready } = fleet.entryPoints;
  const known = new Set([...pool.map((each) => each.name), http, https, ready, ownEntryPoint]);
  const ports = new Set(pool.map(({ port, protocol }) => `${port}/${protocol}`));
  const bad = (entryPoints ?? []).flatMap((each) => {
    const at = parseEntryPointAddress(each.address);
    const text = `${at?.port}/${at?.protocol}`;
    return known.has(each.name) || !ports.has(text) ? [] : `${each.name} at ${text}`;
  });
  if (bad.length === 0) return [];
  return [
    {
      where: name,
      message: `Other entryPoints have ports of the pool: ${nameSome(bad)}`,
      mend: `let them listen elsewhere, or change fleets[].ports of fleet ${fleet.name}`,
    },
  ];
}
