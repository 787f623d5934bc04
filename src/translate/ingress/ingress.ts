import { toObjectKey } from '../../model/object-ref.ts';
import type { Ingress } from '../../model/objects.ts';
import { annotationField, type Report } from '../../model/problem.ts';
import { ProblemList } from '../../model/problem-list.ts';
import { facts } from '../../annotations/parts.ts';
import type { Reading } from '../../annotations/read.ts';
import { canaryKey } from '../../annotations/vocabulary.ts';
import { toEmptyTranslation, type HttpRoute, type Translation } from '../../routes/intent.ts';
import { toUses } from '../../routes/why.ts';
import { readOnce, type Translating } from '../context.ts';
import { chooseFleets } from '../fleets.ts';
import { limitDirectives, limitIngress } from '../limits.ts';
import { toDatedClientCertificate } from '../client-certificate.ts';
import { groupByZone, reportOnce } from '../zones.ts';
import { findOwnership, type Ownership } from './ingress-class.ts';
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
  if (whole.meta.annotations[canaryKey] === 'true') {
    const message = 'a canary Ingress cannot be carried out; it is not routed';
    const hint = 'Remove it; the Ingress that it belongs to gets all the traffic.';
    report('annotation-not-supported', { field: annotationField(canaryKey), message, hint });
    return { ...toEmptyTranslation(unit), problems: problems.toArray() };
  }
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
  const { asked } = reading;
  const fleets = chooseFleets(context.settings, directives, ownership.fleets, report);
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
    uses: routes.length > 0 && asked.length > 0 ? toUses(ref, ['fleets', 'tls', facts.routed]) : [],
    problems: problems.toArray(),
  };
}

/** The annotations of an Ingress that is Fairlead's. */
export function readIngressAnnotations(
  context: Translating,
  { meta, tls }: Ingress,
  { dialect }: Ownership,
): Reading {
  return readOnce(context, meta, { on: 'Ingress', dialect, hasTls: tls.length > 0 });
}

function toRoutes(
  context: Translating & { readonly ingressClass: string | undefined },
  ingress: Ingress,
  reading: Reading,
  fleets: readonly string[],
  report: Report,
): readonly HttpRoute[] {
  // A default backend stands at many hosts, and has its problems once.
  let fallback: IngressTarget | undefined;
  const known = { ...context, fleets, backends: new Map() };
  const findTarget = ({ backend, field, fallback: isFallback }: RoutedPath): IngressTarget =>
    isFallback
      ? (fallback ??= toTarget(known, ingress, reading, backend, field, report))
      : toTarget(known, ingress, reading, backend, `${field}.backend`, report);
  return listRoutedPaths(ingress, report).flatMap((place) => {
    const { backend, filters, uses } = findTarget(place);
    const tls = toAskedTls(ingress.tls, reading.directives, place.host);
    return fleets.map((fleet) => ({
      kind: 'http',
      owner: ingress.meta,
      why: { field: place.field, uses },
      fleet,
      match: { host: place.host, path: place.path },
      fallback: place.fallback,
      ...(tls && { tls }),
      filters,
      backend,
    }));
  });
}
