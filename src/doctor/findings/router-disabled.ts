import type { Rule } from '../finding.ts';
import { cut } from '../../model/problem.ts';

/** So many are told one by one. */
const mostTold = 10;

export const routerDisabled: Rule = {
  code: 'router-disabled',
  finds:
    'A Traefik refuses routers that Fairlead gives it, or serves them on some of their entryPoints only.',
  mend: 'Mend what the reason names; `fairlead explain` says which object made the router.',
  needs: 'a Traefik whose API answers',
  check: ({ traefiks, routes }) =>
    traefiks.flatMap(({ name, faults, entryPoints, fleet }) => {
      const there = new Set((entryPoints ?? []).map((each) => each.name));
      // What is missing is a finding of its own.
      const own = faults.filter((fault) => fault.entryPoints.every((each) => there.has(each)));
      const told = own.slice(0, mostTold).map(({ protocol, router, status, errors }) => {
        const row = routes.find(
          (each) => each.fleet === fleet.name && each.protocol === protocol && each.router === router,
        );
        const of = row === undefined ? '' : ` of ${row.object}`;
        return {
          where: name,
          message: `It ${status === 'disabled' ? 'refuses' : 'serves in part only'} the ${protocol} router ${cut(router, 100)}${of}: ${errors.join('; ')}`,
          mend:
            row === undefined
              ? 'mend what it names'
              : `fairlead explain ${row.object}, and mend what Traefik names`,
        };
      });
      const rest = own.length - told.length;
      return rest > 0
        ? [
            ...told,
            { where: name, message: `It refuses ${rest} more routers`, mend: 'mend those above first' },
          ]
        : told;
    }),
};
