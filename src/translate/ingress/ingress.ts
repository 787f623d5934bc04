import { toObjectKey } from '../../model/object-ref.ts';
import type { Ingress } from '../../model/objects.ts';
import type { Report } from '../../model/problem.ts';
import { ProblemList } from '../../model/problem-list.ts';
import { facts, selectParts } from '../../annotations/parts.ts';
import type { Reading } from '../../annotations/read.ts';
import { toEmptyTranslation, type HttpRoute, type Translation } from '../../routes/intent.ts';
import { toUses } from '../../routes/why.ts';
import type { Translating } from '../context.ts';
import { chooseFleets } from '../fleets.ts';
import { limitDirectives, limitIngress, limitOtherHosts } from '../limits.ts';
import { toDatedClientCertificate } from '../client-certificate.ts';
import { groupByZone, reportOnce } from '../zones.ts';
import { toCanaryParts } from './canary-parts.ts';
import { findOwnership, type Ownership } from './ingress-class.ts';
import { readIngressAnnotations } from './read.ts';
import { toPassthroughRoutes } from './passthrough.ts';
import type { RoutedIngress } from './routed-ingress.ts';
import { toIngressRoutes } from './routes.ts';
import { toIngressCertificates } from './tls.ts';

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
  const ingress = limitIngress(withoutIdleDefault(whole, ownership, report), limits, report);
  const some = limitDirectives(reading.directives, limits, report);
  const directives = limitOtherHosts(some, ingress, limits, report);
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
  const inGroups = <R>(
    toRoutes: (context: Translating, routed: RoutedIngress, report: Report) => readonly R[],
  ): readonly R[] =>
    groups.flatMap(({ zone, fleets: served }) => {
      const routed = { ingress, reading: { ...reading, directives }, ownership, fleets: served };
      return toRoutes({ ...context, zone }, routed, reportToAll);
    });
  const routes = inGroups(toIngressRoutes);
  const certificates = toIngressCertificates(context, ingress, directives, fleets, routes, report);
  return {
    unit,
    fleets,
    intents: [...routes, ...inGroups(toPassthroughRoutes), ...certificates],
    portClaims: [],
    clientCertificates: toDatedClientCertificate(context, ref, directives.clientCertificate),
    asked,
    uses: asked.length > 0 ? toUses(ref, listCarried(routes, ingress, reading)) : [],
    problems: problems.toArray(),
  };
}

/** Traefik's own provider reads a default backend only where there is no rule. */
function withoutIdleDefault(ingress: Ingress, { dialect }: Ownership, report: Report): Ingress {
  const { defaultBackend, ...rest } = ingress;
  if (dialect !== 'traefik' || defaultBackend === undefined || ingress.rules.length === 0) return ingress;
  report('ingress-default-backend-idle', {
    field: 'spec.defaultBackend',
    message: 'as with Traefik, the default backend of an Ingress that has rules gets no request',
    hint: 'Remove it, or give the Ingress a class of Fairlead, with which it answers what no rule of these hosts does.',
  });
  return rest;
}

/** What of the annotations the routes carry, besides middlewares and backends. */
function listCarried(
  routes: readonly HttpRoute[],
  { rules }: Ingress,
  { parts }: Reading,
): readonly string[] {
  if (routes.length === 0) return [];
  const hasTls = routes.some(({ tls }) => tls !== undefined);
  const isFree = rules.some(({ paths }) =>
    paths.some(({ pathType }) => pathType === 'ImplementationSpecific'),
  );
  return [
    'fleets',
    'tls',
    'regexPaths',
    'satisfy',
    'tlsPassthrough',
    facts.routed,
    'router/entryPoints',
    'router/priority',
    'router/tls',
    ...(hasTls ? ['router/tlsOptions', 'router/domains'] : []),
    ...(isFree ? ['router/pathMatcher'] : []),
    ...selectParts(parts, ['clientAuth', 'observability']),
  ];
}
