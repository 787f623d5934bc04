import { readyPath } from '../../traefik/ready-path.ts';
import type { Found, Rule } from '../finding.ts';

export const readyTooEarly: Rule = {
  code: 'ready-too-early',
  finds:
    'A Traefik counts as ready before it has routes (`/ping` answers 200 from the start): a load balancer or a rolling update then sends requests to one that answers 404.',
  mend: 'Ask `/ready` on the entryPoint of `fleets[].entryPoints.ready`.',
  needs: 'a Traefik, or `--static` with a manifest',
  check: ({ traefiks }) =>
    traefiks.flatMap(({ name, fleet, readinessPath }): Found[] => {
      if (fleet.entryPoints.ready === undefined)
        return [
          {
            where: name,
            message: `Fleet ${fleet.name} has no entryPoint for ${readyPath}: nothing tells a Traefik without routes from one that has them`,
            mend: `set fleets[].entryPoints.ready of ${fleet.name} to "ready", run fairlead traefik again, and ask ${readyPath} there`,
          },
        ];
      if (readinessPath === null || readinessPath === readyPath) return [];
      return [
        {
          where: name,
          message: `Its readiness probe asks ${readinessPath}, which answers before there are routes`,
          mend: `ask ${readyPath} on port 8082: fairlead traefik --format manifest prints it so`,
        },
      ];
    }),
};
