import { listPoolEntryPoints } from '../../traefik/static/pool-entry-points.ts';
import { listBanks } from '../../model/bank.ts';
import type { Rule } from '../finding.ts';
import { nameSome } from '../words.ts';

export const portTaken: Rule = {
  code: 'port-taken',
  finds:
    'Another program listens on a port of a pool: Traefik cannot start there, or the clients reach that program.',
  mend: 'End that program, or move the pool (`fleets[].ports`).',
  needs: 'to run on the host of Traefik (Linux), as root',
  check: ({ settings, host }) =>
    settings.fleets.flatMap((fleet) => {
      const ports = new Set(
        listBanks(fleet).flatMap((bank) =>
          listPoolEntryPoints(fleet, bank).map(({ protocol, port }) => `${protocol} ${port}`),
        ),
      );
      const taken = host.listeners.filter(
        ({ protocol, port, program }) =>
          program !== null && program !== 'traefik' && ports.has(`${protocol} ${port}`),
      );
      if (taken.length === 0) return [];
      const texts = taken.map(({ protocol, port, program }) => `${port}/${protocol} (${program})`);
      return [
        {
          where: `fleet ${fleet.name}`,
          message: `Other programs of this machine listen on ports of the pool: ${nameSome(texts)}`,
          mend: `end them (ss -lntup shows them), or change fleets[].ports of fleet ${fleet.name}`,
        },
      ];
    }),
};
