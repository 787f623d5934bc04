import { listSome, toProblem, type Problem, type Subject } from '../model/problem.ts';
import type { RouterFault } from '../model/traefik-state.ts';
import type { TraefikView } from './traefik-views.ts';

/** So long a Traefik may take to apply an answer, and to answer again, before that is a problem. */
const traefikGraceMs = 15_000;

/**
 * Whether a Traefik has had its time to do what it does not do.
 * @param now Milliseconds of the steady clock.
 */
export function isLate({ standing, since }: Pick<TraefikView, 'since' | 'standing'>, now: number): boolean {
  return standing !== 'current' && now - since.steady >= traefikGraceMs;
}

/** So many problems of routers that Traefiks refuse there are: each object has its own. */
const mostObjects = 100;

export interface TraefikProblemInput {
  readonly views: readonly TraefikView[];
  /** The object whose router that is; undefined for one that there is no more, or of no object. */
  readonly ownerOf: (view: TraefikView, fault: RouterFault) => Subject | undefined;
  /** Milliseconds of the steady clock. */
  readonly now: number;
}

/** What Traefiks do not do though they were asked to. */
export function toTraefikProblems(input: TraefikProblemInput): readonly Problem[] {
  return [
    ...input.views.flatMap((view) => toOwnProblems(view, input.now)),
    ...toRouterProblems(input).slice(0, mostObjects),
  ];
}

function toOwnProblems(view: TraefikView, now: number): readonly Problem[] {
  const { fleet, name, host, standing, error, seen, since, missing } = view;
  const subject: Subject = { source: '', kind: 'Fleet', namespace: '', name: fleet };
  const field = 'api';
  const at = new Date(since.wall).toISOString();
  const problems: Problem[] = [];
  if (standing === 'unreachable' && isLate(view, now)) {
    const message = `The API of the Traefik ${name} gives no answer since ${at}: ${error}.`;
    const hint =
      host === undefined
        ? 'Start that Traefik again, or take its URL out of fleets[].api.'
        : `Read the log of fairlead edge on ${host}: it says why that Traefik does not run.`;
    problems.push(toProblem('traefik-unreachable', subject, { field, message, hint }));
  }
  if ((standing === 'behind' || standing === 'empty') && isLate(view, now)) {
    const has = standing === 'empty' ? 'none' : `an older one (${seen?.revision?.slice(0, 8)})`;
    const message = `The Traefik ${name} has not applied the current configuration: it has ${has} since ${at}.`;
    const doctor =
      host === undefined
        ? 'Run fairlead doctor --traefik with its URL'
        : `Read the log of fairlead edge on ${host}`;
    const hint = `${doctor}: it polls somewhere else, is refused, or could not decode the answer, which its log says.`;
    problems.push(toProblem('traefik-answer-not-applied', subject, { field, message, hint }));
  }
  if (missing.size > 0) {
    const message = `The Traefik ${name} has not got the entryPoints ${listSome([...missing])}: nobody reaches there what is routed by them.`;
    const bank = view.bank === 0 ? '' : ` --bank ${view.bank}`;
    const hint =
      host === undefined
        ? `Start it with what fairlead traefik --fleet ${fleet}${bank} prints.`
        : `Start fairlead edge on ${host} again when its connections may end, or run it with --replace.`;
    problems.push(toProblem('traefik-entry-point-missing', subject, { field, message, hint }));
  }
  return problems;
}

interface Refusal {
  readonly fault: RouterFault;
  readonly traefiks: string[];
}

/** One for each object and router. What an entryPoint that is missing explains is told once, with the fleet. */
function toRouterProblems({ views, ownerOf }: TraefikProblemInput): readonly Problem[] {
  const byRouter = new Map<string, Refusal & { readonly owner: Subject }>();
  for (const view of views) {
    if (view.standing !== 'current') continue;
    for (const [key, fault] of view.faults) {
      if (fault.entryPoints.some((name) => view.missing.has(name))) continue;
      const owner = ownerOf(view, fault);
      if (owner === undefined) continue;
      const place = `${view.fleet} ${key}`;
      const known = byRouter.get(place) ?? { owner, fault, traefiks: [] };
      known.traefiks.push(view.name);
      byRouter.set(place, known);
    }
  }
  return [...byRouter.values()].flatMap(({ owner, fault, traefiks }) => {
    const { router, status, errors } = fault;
    const what = status === 'disabled' ? 'is disabled' : 'is served in part only';
    const message = `The ${fault.protocol} router ${router} ${what} by the Traefiks ${listSome(traefiks)}: ${errors.join('; ')}.`;
    const hint =
      'Change the annotation or the object that Traefik names; fairlead explain shows which made it.';
    return [toProblem('traefik-router-disabled', owner, { message, hint })];
  });
}
