import { noLag, type ClockLag } from '../lib/clock-jumps.ts';
import type { BankStates } from '../model/bank.ts';
import { toObjectKey, toObjectPath, type ObjectRef } from '../model/object-ref.ts';
import type { SourceObject } from '../model/objects.ts';
import type { Problem } from '../model/problem.ts';
import type {
  AppliedRow,
  Explanation,
  Inspection,
  PortReport,
  RouteRow,
  SourceRow,
} from '../model/published.ts';
import type { ShrinkRow } from '../model/shrink.ts';
import { findKind } from '../kinds/index.ts';
import { LatestReport } from '../ports/latest-report.ts';
import type { FleetSettings } from '../settings/settings.ts';
import { toAnswer } from './answer.ts';
import { toAppliedRows } from './applied.ts';
import { CertificateExpiries } from './certificate-expiries.ts';
import { explainGateway } from './explain-gateway.ts';
import { explainGone } from './explain-gone.ts';
import { explainNamespace } from './explain-namespace.ts';
import { explainObject } from './explain.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { toFigures } from './figures.ts';
import { toRouteRows } from './route-rows.ts';
import { toTraefikRow, type TraefikView } from './traefik-views.ts';

export interface InspectionOptions {
  readonly pipeline: Pipeline;
  /** With the addresses that they have now. */
  readonly fleets: () => readonly FleetSettings[];
  readonly banks: () => BankStates;
  readonly problems: () => readonly Problem[];
  readonly sources: () => readonly SourceRow[];
  /** Losses of routes that stand; absent: nothing is watched. */
  readonly shrinks?: () => readonly ShrinkRow[];
  /** What the Traefiks say; absent: nobody asks them. */
  readonly traefiks?: TraefikViewer;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** By how much less has cooled down than the clock says; absent: nobody has watched it. */
  readonly clockLag?: () => ClockLag;
}

/** Who asks Traefiks. */
export interface TraefikViewer {
  views(): readonly TraefikView[];
  refresh(): Promise<void>;
  /** The bank whose Traefiks serve an entryPoint of a fleet. */
  bankOf(fleet: string, entryPoint: string): number;
}

/** Looks into a pipeline. Everything is worked out when asked for, so that serving pays nothing for it. */
export function inspect(options: InspectionOptions): Inspection {
  const { pipeline, problems, sources } = options;
  const expiries = new CertificateExpiries();
  const latest = new LatestReport();
  const ports = (): PortReport =>
    latest.read(pipeline.ledger, options.fleets(), problems(), options.banks(), {
      now: options.now(),
      lag: options.clockLag?.() ?? noLag,
    });
  const toApplied = (routes: readonly RouteRow[]): readonly AppliedRow[] => {
    const { traefiks } = options;
    return traefiks === undefined
      ? []
      : toAppliedRows(routes, traefiks.views(), (fleet, name) => traefiks.bankOf(fleet, name));
  };
  return {
    problems,
    sources,
    ports,
    refresh: async () => options.traefiks?.refresh(),
    traefiks: () => (options.traefiks?.views() ?? []).map(toTraefikRow),
    importedNumbers: () => pipeline.importedNumbers(),
    shrinks: () => options.shrinks?.() ?? [],
    answer: () => toAnswer(pipeline),
    figures: () => toFigures(pipeline),
    certificates: (most) => expiries.list(pipeline.store.values(), most),
    routes: () => [...pipeline.store.values()].flatMap((object) => toRouteRows(pipeline, object.meta.ref)),
    explain(kindName, namespace, name): readonly Explanation[] {
      const definition = findKind(kindName);
      if (definition === undefined) return [];
      const { kind, namespaced } = definition;
      const report = ports();
      // A source that is not configured any more may still be one that the ledger knows.
      const names = [...sources(), ...report.ports.map((row) => ({ name: row.source }))].map(
        ({ name: each }) => each,
      );
      return [...new Set(names)].flatMap((source) => {
        const ref: ObjectRef = { source, kind, namespace: namespaced ? namespace : '', name };
        const object: SourceObject | undefined = pipeline.store.get(toObjectKey(ref));
        const about = problems().filter(({ subject }) => isAbout(subject, ref));
        if (kind === 'Namespace') return explainNamespace(pipeline, object, { ref, report, about });
        if (object === undefined) return explainGone(ref, report, about) ?? [];
        const claims = pipeline.portClaimsOf(toObjectKey(ref));
        const holders = new Set([toObjectPath(ref), ...claims.map(({ holder }) => toObjectPath(holder))]);
        const routes = toRouteRows(pipeline, ref);
        const applied = toApplied(routes);
        const reasons = pipeline.reasonsOf(toObjectKey(ref));
        const held = report.ports.filter((row) => holders.has(row.holder) && row.source === source);
        const gateway = explainGateway(pipeline, object, held);
        return [
          explainObject(pipeline, object, {
            routes,
            ...(gateway && { gateway }),
            ...(applied.length > 0 && { applied }),
            ...(reasons.length > 0 && { reasons }),
            ports: held,
            problems: about,
            ...toAge(sources().find(({ name: each }) => each === source)),
          }),
        ];
      });
    },
  };
}

/** From when what is told of an object is, where its source is not in step. */
function toAge(row: SourceRow | undefined): Pick<Explanation, 'asOf'> {
  if (row?.kept !== undefined)
    return { asOf: `Its source has not answered since the start: this is what it had at ${row.kept}.` };
  return row?.state === 'stale' && row.lastSync !== null
    ? { asOf: `Its source cannot be read now: this is what it had at ${row.lastSync}.` }
    : {};
}

function isAbout(subject: Problem['subject'], ref: ObjectRef): boolean {
  return (
    subject.kind === ref.kind &&
    subject.name === ref.name &&
    subject.namespace === ref.namespace &&
    subject.source === ref.source
  );
}
