import { toObjectKey } from '../../model/object-ref.ts';
import type { Ingress } from '../../model/objects.ts';
import type { Report } from '../../model/problem.ts';
import { ProblemList } from '../../model/problem-list.ts';
import { facts } from '../../annotations/parts.ts';
import type { Reading } from '../../annotations/read.ts';
import { toEmptyTranslation, type HttpRoute, type Translation } from '../../routes/intent.ts';
import { toUses } from '../../routes/why.ts';
import type { Translating } from '../context.ts';
import { chooseFleets } from '../fleets.ts';
import { limitDirectives, limitIngress } from '../limits.ts';
import { toDatedClientCertificate } from '../client-certificate.ts';
import { groupByZone, reportOnce } from '../zones.ts';
import { findCanaries } from './canary.ts';
import { withCanary } from './canary-branches.ts';
import { toCanaryParts } from './canary-parts.ts';
import { findDefaultBackend } from './default-backend.ts';
import { addPlaceFilters } from './place-filters.ts';
import { findOwnership } from './ingress-class.ts';
import { readIngressAnnotations } from './read.ts';
import { listRoutedPaths, type RoutedPath } from './routed-paths.ts';
import { toTarget, type IngressTarget } from './target.ts';
import { toAskedTls, toIngressCertificates } from './tls.ts';

/** An Ingress as routes and certificates. One that another controller owns comes to nothing, without a word. */
export function translateIngress(context: Translating, whole: Ingress): Translation {
  const { ref } = whole.meta;
  const unit = toObjectKey(ref);
  const ownership = findOwnership(context, whole);
  if (ownership === undefined) return toEmptyTranslation(unit);
  const reading = readIngressAnnotations(context, whole, ownership);
  const problems = new ProblemList(ref);
  const { report } = problems;
  problems.add(reading.problems);
  if (whole.defaultBackend === undefined && whole.rules.every(({ paths }) => paths.length === 0)) {
    report('nothing-to-route', {
      field: 'spec',
      message: 'no rule of the Ingress has a path, and it has no default backend, so it routes nothing',
      hint: 'Add paths to spec.rules, or a spec.defaultBackend.',
    });
  }
  const limits = context.settings.limits.object;
  const ingress = limitIngress(whole, limits, report);
  const directives = limitDirectives(reading.directives, limits, report);
  const fleets = chooseFleets(context.settings, directives, ownership.fleets, report);
  if (directives.canary !== undefined) {
    const part = {
      unit,
      fleets,
      ...toCanaryParts(context, ingress, { ...reading, directives }, ownership, report),
    };
    return { ...toEmptyTranslation(unit), ...part, problems: problems.toArray() };
  }
  const { asked } = reading;
  const groups = groupByZone(context.settings, fleets);
  const reportToAll = groups.length === 1 ? report : reportOnce(report);
  const routes = groups.flatMap((group) =>
    toRoutes(
      { ...context, zone: group.zone, ingressClass: ownership.ingressClass },
      ingress,
      { ...reading, directives },
      group.fleets,
      reportToAll,
    ),
  );
  const certificates = toIngressCertificates(context, ingress, directives, fleets, routes, report);
  return {
    unit,
    fleets,
    intents: [...routes, ...certificates],
    portClaims: [],
    clientCertificates: toDatedClientCertificate(context, ref, directives.clientCertificate),
    asked,
    uses: routes.length > 0 && asked.length > 0 ? toUses(ref, carried) : [],
    problems: problems.toArray(),
  };
}

/** What of the annotations every route of an Ingress carries. */
const carried = ['fleets', 'tls', 'regexPaths', 'observability/accessLogs', facts.routed];

function toRoutes(
  context: Translating & { readonly ingressClass: string | undefined },
  ingress: Ingress,
  reading: Reading,
  fleets: readonly string[],
  report: Report,
): readonly HttpRoute[] {
  // A default backend stands at many hosts, and has its problems once.
  let fallback: IngressTarget | undefined;
  const { ingressClass } = context;
  const { observability } = reading.directives;
  const defaultBackend = findDefaultBackend(context, ingress, reading, { fleets, ingressClass }, report);
  const known = { ...context, fleets, defaultBackend, backends: new Map() };
  const findTarget = ({ backend, field, fallback: isFallback }: RoutedPath): IngressTarget =>
    isFallback
      ? (fallback ??= toTarget(known, ingress, reading, backend, field, report))
      : toTarget(known, ingress, reading, backend, `${field}.backend`, report);
  const canaries = findCanaries(context, ingress);
  const { directives } = reading;
  return listRoutedPaths(ingress, report, directives).flatMap((place) => {
    const found = findTarget(place);
    const filters = addPlaceFilters(context, ingress.meta.ref, directives, place, found.filters, report);
    const target = { ...found, filters };
    const joining = canaries.get(place.place ?? '') ?? [];
    const { backend, branches, uses } = withCanary(context, { ...known, ingress, reading }, target, joining);
    const tls = toAskedTls(ingress.tls, reading.directives, place.host);
    const match = { host: place.host, path: place.path };
    return fleets.flatMap((fleet): HttpRoute[] => {
      const route: HttpRoute = {
        kind: 'http',
        owner: ingress.meta,
        why: { field: place.field, uses: [...target.uses, ...uses] },
        fleet,
        match,
        fallback: place.fallback,
        ...(tls && { tls }),
        ...(observability && { observability }),
        filters: target.filters,
        backend,
      };
      return [
        route,
        ...branches.map(({ header, ...part }) => ({
          ...route,
          ...part,
          match: { ...match, headers: [header] },
        })),
      ];
    });
  });
}
