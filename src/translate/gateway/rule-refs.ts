import type { Report } from '../../model/problem.ts';
import type { BackendRef, RouteFilter } from '../../model/route-specs.ts';
import { readServiceAnnotations, type Translating } from '../context.ts';
import { findBackend, refuse, refuseExtension, type BackendTarget } from './backend-ref.ts';
import type { RequestRoute, RequestRule } from './rules.ts';
import { reportRefusal, type FieldRefusal } from './unsupported.ts';

/** What the `backendRefs` of a route lead to, those of its mirrors among them. */
export interface RouteRefs {
  readonly targets: ReadonlyMap<BackendRef, BackendTarget>;
  /** The first that leads to nothing. */
  readonly refusal?: FieldRefusal;
}

/** Looks up all that the rules of a route name, once. What leads to nothing is reported. */
export function findRefs(
  context: Translating,
  route: RequestRoute,
  rules: readonly RequestRule[],
  report: Report,
): RouteRefs {
  const targets = new Map<BackendRef, BackendTarget>();
  let refusal: FieldRefusal | undefined;
  const refused = (each: FieldRefusal): void => {
    refusal ??= each;
    reportRefusal(each, report);
  };
  for (const ref of rules.flatMap(listRefs)) {
    const found = findBackend(context, route.meta.ref, ref);
    const odd = 'code' in found ? found : findOddProtocol(context, found, ref);
    if (odd !== undefined) refused(odd);
    else if (!('code' in found)) targets.set(ref, found);
  }
  for (const filter of rules.flatMap(listExtensions)) refused(filter);
  return { targets, ...(refusal && { refusal }) };
}

function listRefs({ backendRefs, filters }: RequestRule): readonly BackendRef[] {
  return [...backendRefs.flatMap((ref) => [ref, ...listMirrored(ref.filters)]), ...listMirrored(filters)];
}

function listMirrored(filters: readonly RouteFilter[]): readonly BackendRef[] {
  return filters.flatMap((filter) => (filter.type === 'RequestMirror' ? filter.backendRef : []));
}

function listExtensions({ backendRefs, filters }: RequestRule): readonly FieldRefusal[] {
  return [...filters, ...backendRefs.flatMap((ref) => ref.filters)].flatMap((filter) =>
    filter.type === 'ExtensionRef' ? refuseExtension(filter) : [],
  );
}

/** https://kubernetes.io/docs/concepts/services-networking/service/#application-protocol */
const protocols = new Set([
  'grpc',
  'h2c',
  'http',
  'https',
  'kubernetes.io/h2c',
  'kubernetes.io/ws',
  'kubernetes.io/wss',
]);

/** An annotation of the Service that says what it speaks goes before. */
function findOddProtocol(
  context: Translating,
  { service, port: { appProtocol, port } }: BackendTarget,
  { field }: BackendRef,
): FieldRefusal | undefined {
  if (appProtocol === undefined || protocols.has(appProtocol.toLowerCase())) return undefined;
  if (readServiceAnnotations(context, service.meta).directives.scheme !== undefined) return undefined;
  return refuse(
    'UnsupportedProtocol',
    field,
    `port ${port} of Service ${service.meta.ref.name} speaks ${appProtocol.slice(0, 80)}, which is not supported`,
    'Correct appProtocol of the port, or set fairlead.dev/scheme on the Service.',
  );
}
