import { toObjectPath, toObjectKey, type ObjectRef } from '../model/object-ref.ts';
import type { RouteRow } from '../model/published.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { toElement, type Element } from '../render/fragment.ts';
import { toBranchRows, type AnyService } from './branch-rows.ts';
import { toCheckRows } from './check-rows.ts';

/** The routers of an object as they stand in the documents: checked, and without what the Traefik of a fleet would not know. */
export function toRouteRows(pipeline: Pipeline, ref: ObjectRef): readonly RouteRow[] {
  return [...pipeline.documents.of(toObjectKey(ref))].flatMap(([fleet, fragments]) => {
    const elements = fragments.map(toElement);
    const origin = { fleet, object: toObjectPath(ref), source: ref.source };
    return elements.flatMap((element) => toRow(elements, element, origin));
  });
}

const protocolOf = { 'http.routers': 'http', 'tcp.routers': 'tcp', 'udp.routers': 'udp' } as const;

type RuledRouter = Extract<Element, { section: 'http.routers' | 'tcp.routers' }>['value'];

/** The row of a router; none for what is no router. */
function toRow(
  elements: readonly Element[],
  element: Element,
  origin: Pick<RouteRow, 'fleet' | 'object' | 'source'>,
): readonly RouteRow[] {
  const { section, key, value } = element;
  if (section !== 'http.routers' && section !== 'tcp.routers' && section !== 'udp.routers') return [];
  // Those of UDP match everything.
  const { rule, middlewares = [], tls }: Partial<RuledRouter> = 'rule' in value ? value : {};
  const { entryPoints, service } = value;
  const protocol = protocolOf[section];
  const services = toServices(elements, protocol);
  const branches = toBranchRows(services, service);
  const checks = toCheckRows(
    services,
    branches.map((branch) => branch.service),
  );
  return [
    {
      ...origin,
      protocol,
      router: key,
      rule: rule ?? '',
      entryPoints,
      service,
      servers: [...new Set(branches.flatMap(({ servers }) => servers))],
      ...(branches.length > 1 && { branches }),
      ...(checks.length > 0 && { checks }),
      middlewares,
      tls: tls !== undefined,
    },
  ];
}

function toServices(
  elements: readonly Element[],
  protocol: RouteRow['protocol'],
): ReadonlyMap<string, AnyService> {
  return new Map(
    elements.flatMap(({ section, key, value }): [string, AnyService][] =>
      (section === 'http.services' || section === 'tcp.services' || section === 'udp.services') &&
      section.startsWith(protocol)
        ? [[key, value]]
        : [],
    ),
  );
}
