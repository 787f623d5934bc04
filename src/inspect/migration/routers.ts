import type { ObjectKey } from '../../model/object-ref.ts';
import type { Pipeline } from '../../pipeline/pipeline.ts';
import { toElement, type Element } from '../../render/fragment.ts';

/** In what two routers for the same can be different. */
export const aspects = ['rule', 'priority', 'entryPoints', 'middlewares', 'servers'] as const;
export type Aspect = (typeof aspects)[number];

/** A router in the words of a report. */
export type Router = Readonly<Record<Aspect, string>>;

/** The routers of an object, those on plain HTTP and those over TLS, in the order in which the translator made them. */
export interface Routers {
  readonly plain: readonly Router[];
  readonly secured: readonly Router[];
}

/** Reads them off what the pipeline has rendered for an object. */
export function readRouters(pipeline: Pipeline, object: ObjectKey): Routers {
  const elements = [...pipeline.documents.of(object).values()].flat().map(toElement);
  const servers = new Map(
    elements.flatMap((element): (readonly [string, string])[] =>
      element.section === 'http.services' ? [[element.key, toServersText(element.value, elements)]] : [],
    ),
  );
  const plain: Router[] = [];
  const secured: Router[] = [];
  for (const element of elements) {
    if (element.section !== 'http.routers') continue;
    const { rule, priority, entryPoints, middlewares = [], service, tls } = element.value;
    (tls === undefined ? plain : secured).push({
      rule,
      priority: priority === undefined ? 'by the length of the rule' : String(priority),
      entryPoints: entryPoints.join(', '),
      middlewares: middlewares.join(', ') || 'nothing',
      servers: servers.get(service) ?? '503',
    });
  }
  return { plain, secured };
}

/** What Traefik dials, and how long it waits. */
function toServersText(
  value: Extract<Element, { section: 'http.services' }>['value'],
  elements: readonly Element[],
): string {
  if (!('loadBalancer' in value)) return Object.keys(value).join();
  const { servers, serversTransport: transport } = value.loadBalancer;
  const urls = servers.map(({ url }) => url).join(', ');
  const found = elements.find(
    ({ section, key }) => section === 'http.serversTransports' && key === transport,
  );
  return found === undefined ? urls : `${urls} with ${JSON.stringify(found.value)}`;
}
