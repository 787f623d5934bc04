import type { Finding, MigratedObject, MigratedPort, Migration, Origin } from '../../model/migration.ts';
import { compareText, toObjectPath, type ObjectRef } from '../../model/object-ref.ts';
import type { Ingress, Service, SourceObject } from '../../model/objects.ts';
import type { Problem } from '../../model/problem.ts';
import type { Inspection } from '../../model/published.ts';
import type { Pipeline } from '../../pipeline/pipeline.ts';
import { trackView } from '../../pipeline/tracking-view.ts';
import { noParents, toTranslateContext, type Translating } from '../../translate/context.ts';
import { findOwnership } from '../../translate/ingress/ingress-class.ts';
import { readIngressAnnotations } from '../../translate/ingress/read.ts';
import { explainObject } from '../explain.ts';
import { toRouteRows } from '../route-rows.ts';
import { AnnotationTotals } from './count-annotations.ts';
import { ForeignTotals } from './foreign-annotations.ts';
import { judgeObject } from './judge-object.ts';
import { listImprovements } from './list-improvements.ts';
import { readNginxSettings, unseenOfNginx } from './nginx-settings.ts';
import { originOf, type OriginWords } from './origins.ts';
import { unseenOfTraefik } from './traefik-settings.ts';

/** What a migration is worked out from. */
export interface MigrationInput {
  readonly from: Origin;
  /** With the controller's class adopted in its dialect. */
  readonly adopted: { readonly pipeline: Pipeline; readonly inspection: Inspection };
  /** With the same Ingresses in the dialect `fairlead`. */
  readonly own: { readonly pipeline: Pipeline };
}

/**
 * What would become of a cluster whose Ingresses another controller serves, by what the pipeline makes of them when it adopts them.
 * Changes nothing, and knows no rule that the pipeline does not know.
 */
export function toMigration({ from, adopted, own }: MigrationInput): Migration {
  const { pipeline, inspection } = adopted;
  const origin = originOf(from);
  const all = [...pipeline.store.values()];
  const context = toContext(pipeline);
  const { ours, others } = divide(context, all, origin);
  const problems = groupProblems(inspection.problems());
  const annotations = new AnnotationTotals();
  const foreign = new ForeignTotals();
  const objects = ours.map((object) => {
    const { ref } = object.meta;
    const explanation = explainObject(pipeline, object, {
      routes: toRouteRows(pipeline, ref),
      ports: [],
      problems: problems.get(toSubjectKey(ref)) ?? [],
    });
    annotations.add(explanation);
    const explained = new Set(explanation.annotations.map(({ key }) => key));
    foreign.add(Object.keys(object.meta.annotations), (key) => explained.has(key));
    return judgeObject(explanation, listByItself(context, object));
  });
  const refs = ours.map(({ meta }) => meta.ref);
  return {
    from,
    totals: toTotals(objects),
    objects,
    annotations: annotations.toRows(),
    ports: listPorts(pipeline),
    portProblems: listPortProblems(inspection.problems()),
    settings: from === 'ingress-nginx' ? readNginxSettings(all) : [],
    improvements: listImprovements(refs, pipeline, own.pipeline),
    foreign: foreign.toRows(),
    others,
    unseen: from === 'ingress-nginx' ? unseenOfNginx : unseenOfTraefik,
  };
}

/** Ingresses of the controller, and Services with its annotations, in the order of source, namespace and name. */
function divide(
  context: Translating,
  all: readonly SourceObject[],
  { dialect, prefix }: OriginWords,
): { readonly ours: readonly (Ingress | Service)[]; readonly others: Migration['others'] } {
  const ours: (Ingress | Service)[] = [];
  const counts = new Map<string, number>();
  for (const object of all) {
    if (object.kind === 'Service') {
      if (Object.keys(object.meta.annotations).some((key) => key.startsWith(prefix))) ours.push(object);
    } else if (object.kind === 'Ingress') {
      if (findOwnership(context, object)?.dialect === dialect) ours.push(object);
      else count(counts, object.className ?? object.meta.annotations['kubernetes.io/ingress.class'] ?? '');
    }
  }
  const others = [...counts].toSorted(([a], [b]) => compareText(a, b)).slice(0, mostClasses);
  return {
    ours: ours.toSorted((a, b) => compareText(toSortKey(a.meta.ref), toSortKey(b.meta.ref))),
    others: others.map(([ingressClass, number]) => ({ ingressClass, count: number })),
  };
}

function toContext({ settings, store }: Pipeline): Translating {
  return {
    ...toTranslateContext(settings),
    view: trackView(store, new Map(), new Set()),
    parent: noParents,
  };
}

/** What is different of that which the controller does for an Ingress without being asked. */
function listByItself(context: Translating, object: Ingress | Service): readonly string[] {
  if (object.kind === 'Service') return [];
  const ownership = findOwnership(context, object);
  const { middlewares = [] } = ownership ? readIngressAnnotations(context, object, ownership).directives : {};
  return middlewares.flatMap(({ differs }) => differs ?? []);
}

/** Classes are names that tenants write. */
const mostClasses = 50;

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function toTotals(objects: readonly MigratedObject[]): Migration['totals'] {
  const totals = { objects: objects.length, same: 0, differs: 0, loses: 0, 'not-routed': 0 };
  for (const { verdict } of objects) totals[verdict] += 1;
  return totals;
}

function groupProblems(problems: readonly Problem[]): ReadonlyMap<string, readonly Problem[]> {
  const groups = new Map<string, Problem[]>();
  for (const problem of problems) {
    const key = toSubjectKey(problem.subject);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [problem]);
    else group.push(problem);
  }
  return groups;
}

function listPorts(pipeline: Pipeline): readonly MigratedPort[] {
  const services = [...pipeline.store.values()].flatMap(({ kind, meta }) =>
    kind === 'Service' ? meta.ref : [],
  );
  return services
    .flatMap((ref) =>
      pipeline.importedPortsOf(ref).map(({ port, protocol, servicePort }) => ({
        port,
        protocol,
        service: `${ref.namespace}/${ref.name}:${servicePort}`,
        source: ref.source,
      })),
    )
    .toSorted((a, b) => a.port - b.port || compareText(a.protocol, b.protocol));
}

function listPortProblems(problems: readonly Problem[]): readonly Finding[] {
  return problems
    .filter(({ code }) => code.startsWith('import-'))
    .map(({ subject, field, message, hint }) => ({
      what: `${toObjectPath(subject)} ${field}`.trim(),
      says: message,
      hint,
    }));
}

function toSubjectKey({ source, kind, namespace, name }: Problem['subject']): string {
  return [source, kind, namespace, name].join('|');
}

function toSortKey({ source, namespace, name, kind }: ObjectRef): string {
  return [source, namespace, name, kind].join('\u0000');
}
