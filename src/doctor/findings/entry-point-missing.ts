import { toExpectedEntryPoints } from '../../inspect/expected-entry-points.ts';
import type { Rule } from '../finding.ts';
import { nameSome, nameSufferers, toStaticCommand } from '../words.ts';

export const entryPointMissing: Rule = {
  code: 'entry-point-missing',
  finds: 'A Traefik lacks entryPoints of its fleet: whatever is routed by them is not reached there.',
  mend: 'Start it with what `fairlead traefik` prints.',
  needs: 'a Traefik, or `--static`',
  check: ({ traefiks, routes }) =>
    traefiks.flatMap((traefik) => {
      const { name, fleet, bank, entryPoints } = traefik;
      if (entryPoints === null) return [];
      const there = new Set(entryPoints.map((each) => each.name));
      const expected = toExpectedEntryPoints(fleet).banks[bank] ?? new Set<string>();
      const missing = [...expected].filter((each) => !there.has(each));
      if (missing.length === 0) return [];
      const who = nameSufferers(routes, fleet.name, new Set(missing));
      return [
        {
          where: name,
          message: `It has not got the entryPoints ${nameSome(missing)}${who}`,
          mend: toStaticCommand(traefik),
        },
      ];
    }),
};
