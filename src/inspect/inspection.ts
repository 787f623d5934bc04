import { toObjectKey, toObjectPath, type Kind, type ObjectRef } from '../model/object-ref.ts';
import type { SourceObject } from '../model/objects.ts';
import type { Problem } from '../model/problem.ts';
import type { Explanation, Inspection, PortReport, RouteRow, SourceRow } from '../model/published.ts';
import { toPortReport } from '../ports/port-report.ts';
import type { FleetSettings } from '../settings/settings.ts';
import { toElements } from '../render/render-unit.ts';
import type { Element } from '../render/fragment.ts';
import { explainObject } from './explain.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';

export interface InspectionOptions {
  readonly pipeline: Pipeline;
  /** With the addresses that they have now. */
  readonly fleets: () => readonly FleetSettings[];
  readonly problems: () => readonly Problem[];
  readonly sources: () => readonly SourceRow[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const kindsByName: Readonly<Record<string, Kind>> = {
  configmap: 'ConfigMap',
  endpointslice: 'EndpointSlice',
  ing: 'Ingress',
  ingress: 'Ingress',
  ingressclass: 'IngressClass',
  secret: 'Secret',
  service: 'Service',
  svc: 'Service',
};

/** Looks into a pipeline. Everything is worked out when asked for, so that serving pays nothing for it. */
export function inspect(options: InspectionOptions): Inspection {
  const { pipeline, problems, sources } = options;
  const ports = (): PortReport => toPortReport(pipeline.ledger, options.fleets(), problems(), options.now());
  return {
    problems,
    sources,
    ports,
    routes: () => [...pipeline.store.values()].flatMap((object) => toRouteRows(pipeline, object.meta.ref)),
    explain(kindName, namespace, name): readonly Explanation[] {
      const kind = kindsByName[kindName.toLowerCase()];
      if (kind === undefined) return [];
      return sources().flatMap(({ name: source }) => {
        const ref: ObjectRef = { source, kind, namespace: kind === 'IngressClass' ? '' : namespace, name };
        const object: SourceObject | undefined = pipeline.store.get(toObjectKey(ref));
        if (object === undefined) return [];
        return [
          explainObject(pipeline, object, {
            routes: toRouteRows(pipeline, ref),
            ports: ports().ports.filter((row) => row.holder === toObjectPath(ref) && row.source === source),
            problems: problems().filter(({ subject }) => isAbout(subject, ref)),
          }),
        ];
      });
    },
  };
}

function isAbout(subject: Problem['subject'], ref: ObjectRef): boolean {
  return (
    subject.kind === ref.kind &&
    subject.name === ref.name &&
    subject.namespace === ref.namespace &&
    subject.source === ref.source
  );
}

function toRouteRows(pipeline: Pipeline, ref: ObjectRef): readonly RouteRow[] {
  return pipeline.intentsOf(toObjectKey(ref)).flatMap((intent) => {
    const context = pipeline.contexts.get(intent.fleet);
    if (context === undefined) return [];
    const elements = toElements(context, intent);
    return elements.flatMap((element) =>
      toRow(elements, element, { fleet: intent.fleet, object: toObjectPath(ref), source: ref.source }),
    );
  });
}

type RuledRouter = Extract<Element, { section: 'http.routers' | 'tcp.routers' }>['value'];

const protocolOf = { 'http.routers': 'http', 'tcp.routers': 'tcp', 'udp.routers': 'udp' } as const;

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
  return [
    {
      ...origin,
      protocol: protocolOf[section],
      router: key,
      rule: rule ?? '',
      entryPoints,
      service,
      servers: listServers(elements),
      middlewares,
      tls: tls !== undefined,
    },
  ];
}

function listServers(elements: readonly Element[]): readonly string[] {
  return elements.flatMap((element): readonly string[] => {
    switch (element.section) {
      case 'http.services':
        return 'loadBalancer' in element.value
          ? element.value.loadBalancer.servers.map((server) => server.url)
          : [];
      case 'tcp.services':
      case 'udp.services':
        return 'loadBalancer' in element.value
          ? element.value.loadBalancer.servers.map((server) => server.address)
          : [];
      default:
        return [];
    }
  });
}
