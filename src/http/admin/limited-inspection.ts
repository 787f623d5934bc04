import { globsMeet } from '../../lib/glob.ts';
import type { Problem } from '../../model/problem.ts';
import type { ConditionRow, GatewayRow } from '../../model/gateway-row.ts';
import type { AppliedRow, Explanation, Inspection, PortReport } from '../../model/published.ts';
import type { FleetSettings } from '../../settings/settings.ts';
import { hideOthers, seesNamespace, seesObject, type View } from './view.ts';

export type PoolOwners = readonly Pick<FleetSettings, 'name' | 'pools'>[];

/**
 * What a view shows of an inspection: the objects of its namespaces, and how full the pools are. No text names an object of another
 * namespace. `fleets` says whose pools are whose.
 */
export function limitInspection(inspection: Inspection, view: View, fleets: PoolOwners): Inspection {
  if (view.namespaces === 'all') return inspection;
  return {
    routes: () => inspection.routes().filter(({ object }) => seesObject(view, object)),
    answer: () => {
      const { documents, elements } = inspection.answer();
      return { documents, elements: elements.filter(({ object }) => seesObject(view, object)) };
    },
    ports: () => limitPorts(inspection.ports(), view, fleets),
    problems: () => limitProblems(inspection.problems(), view),
    shrinks: () =>
      inspection.shrinks().map((row) => (seesObject(view, row.example) ? row : { ...row, example: '' })),
    // What is wrong with one may name files or objects of anybody.
    sources: () => inspection.sources().map((row) => ({ ...row, detail: '' })),
    // Names of routers hold those of their objects.
    traefiks: () => inspection.traefiks().map((row) => ({ ...row, routerFaults: [] })),
    refresh: () => inspection.refresh(),
    figures: () => inspection.figures(),
    importedNumbers: () => [],
    certificates: (most) =>
      inspection
        .certificates(Infinity)
        .filter((row) => seesNamespace(view, row.namespace))
        .slice(0, most),
    explain: (kind, namespace, name) =>
      inspection
        .explain(kind, namespace, name)
        .filter((each) => seesExplanation(view, each))
        .map((each) => limitExplanation(each, view)),
  };
}

/** The problems of objects of the view's namespaces. */
export function limitProblems(problems: readonly Problem[], view: View): readonly Problem[] {
  if (view.namespaces === 'all') return problems;
  return problems
    .filter(({ subject }) => seesNamespace(view, subject.namespace))
    .map((problem) => limitProblem(problem, view));
}

function limitProblem(problem: Problem, view: View): Problem {
  const { message, hint } = problem;
  return { ...problem, message: hideOthers(view, message), hint: hideOthers(view, hint) };
}

function limitPorts(report: PortReport, view: View, fleets: PoolOwners): PortReport {
  const { pools, namespaces, banks, ports, history, refused } = report;
  const isSeen = ({ holder }: { readonly holder: string }): boolean => seesObject(view, holder);
  const own = ports.filter(isSeen);
  const used = new Set(own.map(({ fleet, pool }) => `${fleet} ${pool}`));
  const isOpen = ({ fleet, pool }: { readonly fleet: string; readonly pool: string }): boolean =>
    used.has(`${fleet} ${pool}`) || mayUse(view, fleets, fleet, pool);
  return {
    pools: pools.filter(isOpen),
    namespaces: namespaces.filter(({ namespace }) => seesNamespace(view, namespace)),
    banks,
    ports: own,
    taken: ports
      .filter((row) => !isSeen(row) && isOpen(row))
      .map(({ fleet, pool, port, protocols, state }) => ({ fleet, pool, port, protocols, state })),
    history: history.filter(isSeen),
    refused: limitProblems(refused, view),
  };
}

/** Whether some namespace of the view may have ports of a pool. */
function mayUse({ namespaces }: View, fleets: PoolOwners, fleet: string, name: string): boolean {
  const pool = fleets.find((each) => each.name === fleet)?.pools.find((each) => each.name === name);
  if (pool === undefined || namespaces === 'all') return false;
  return (
    pool.namespaces.length === 0 ||
    pool.namespaces.some((each) => namespaces.some((seen) => globsMeet(each, seen)))
  );
}

function seesExplanation(view: View, { object }: Explanation): boolean {
  const [kind, name = ''] = object.split('/');
  return kind === 'Namespace' ? seesNamespace(view, name) : seesObject(view, object);
}

function limitExplanation(explanation: Explanation, view: View): Explanation {
  const { verdict, annotations, problems, reasons, rights, applied, gateway } = explanation;
  return {
    ...explanation,
    verdict: hideOthers(view, verdict),
    annotations: annotations.map((each) => ({ ...each, says: hideOthers(view, each.says) })),
    problems: problems.map((problem) => limitProblem(problem, view)),
    ...(gateway && { gateway: limitGateway(gateway, view) }),
    ...(applied && { applied: applied.map((row) => limitApplied(row, view)) }),
    ...(reasons && {
      reasons: reasons.map((reason) => ({
        ...reason,
        annotations: reason.annotations.filter(({ object }) => seesObject(view, object)),
      })),
    }),
    ...(rights && { rights: { ...rights, hosts: { ...rights.hosts, others: [] } } }),
  };
}

/** Routes of other namespaces may be attached to a listener, and conditions may name Gateways of others. */
function limitGateway(gateway: GatewayRow, view: View): GatewayRow {
  const limit = (rows: readonly ConditionRow[]): readonly ConditionRow[] =>
    rows.map((row) => ({ ...row, message: hideOthers(view, row.message) }));
  const { conditions, listeners, parents } = gateway;
  return {
    ...gateway,
    conditions: limit(conditions),
    ...(listeners && {
      listeners: listeners.map((each) => ({
        ...each,
        routes: each.routes.filter((route) => seesObject(view, route)),
        conditions: limit(each.conditions),
      })),
    }),
    ...(parents && { parents: parents.map((each) => ({ ...each, conditions: limit(each.conditions) })) }),
  };
}

function limitApplied(row: AppliedRow, view: View): AppliedRow {
  return { ...row, not: row.not.map(({ traefik, why }) => ({ traefik, why: hideOthers(view, why) })) };
}
