import { toExpectedEntryPoints } from '../../inspect/expected-entry-points.ts';
import type { Rule } from '../finding.ts';
import { nameSome, nameSufferers, toStaticCommand } from '../words.ts';

export const entryPointNotDefault: Rule = {
  code: 'entry-point-not-default',
  finds:
    'No entryPoint, or the wrong one, is marked `asDefault`: a router that names none, as one of another provider, then answers on every pool port, and servers that speak first stall there.',
  mend: 'Set `asDefault: true` for the entryPoints of HTTP, and for no pool port; `fairlead traefik` prints it so.',
  needs: 'a Traefik, or `--static`',
  check: ({ traefiks, routes }) =>
    traefiks.flatMap((traefik) => {
      const { name, fleet, bank, entryPoints } = traefik;
      if (entryPoints === null) return [];
      const defaults = entryPoints.filter(({ asDefault }) => asDefault).map((each) => each.name);
      const { http, https, ready } = fleet.entryPoints;
      const own = new Set([http, https, ready]);
      const pool = new Set(
        [...(toExpectedEntryPoints(fleet).banks[bank] ?? [])].filter((each) => !own.has(each)),
      );
      const there = new Set(entryPoints.map((each) => each.name));
      const lacking =
        bank > 0 ? [] : [http, https].filter((each) => there.has(each) && !defaults.includes(each));
      const wrong = defaults.filter((each) => pool.has(each));
      const mend = toStaticCommand(traefik);
      if (wrong.length > 0) {
        const who = nameSufferers(routes, fleet.name, new Set(wrong));
        const message = `Pool ports are marked asDefault (${nameSome(wrong)}): every router that names no entryPoint answers on them${who}`;
        return [{ where: name, message, mend }];
      }
      if (lacking.length === 0 && defaults.length > 0) return [];
      const who = nameSufferers(routes, fleet.name, pool);
      const message =
        defaults.length > 0
          ? `The entryPoints ${lacking.join(' and ')} are not marked asDefault`
          : `No entryPoint is marked asDefault: a router that names none answers on every pool port${who}`;
      return [{ where: name, message, mend }];
    }),
};
