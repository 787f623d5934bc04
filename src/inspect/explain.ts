import { toObjectKey, toObjectPath } from '../model/object-ref.ts';
import type { SourceObject } from '../model/objects.ts';
import { canaryKey } from '../model/canary.ts';
import { annotationField } from '../model/problem.ts';
import type { AnnotationEffect, Explanation } from '../model/published.ts';
import { isAnnotatedEndpoints, isRouted } from '../kinds/index.ts';
import {
  readEndpointAnnotations,
  readGatewayAnnotations,
  readServiceAnnotations,
  noParents,
  toTranslateContext,
} from '../translate/context.ts';
import { readIngressAnnotations } from '../translate/ingress/read.ts';
import { explainForeign, findOwnership } from '../translate/ingress/ingress-class.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { summarizeOther, summarizeParent, summarizeRoute } from './gateway-verdict.ts';
import { trackView } from '../pipeline/tracking-view.ts';

/** Why an object is or is not routed. */
export function explainObject(
  pipeline: Pipeline,
  object: SourceObject,
  found: Pick<Explanation, 'applied' | 'gateway' | 'ports' | 'problems' | 'reasons' | 'routes'>,
): Explanation {
  const { annotations, verdict } = describe(pipeline, object, found);
  const idle = new Map(
    found.problems
      .filter(({ code }) => code === 'annotation-without-effect')
      .map(({ field, message }) => [field, message]),
  );
  return {
    object: toObjectPath(object.meta.ref),
    source: object.meta.ref.source,
    verdict,
    annotations: annotations.map((each) => {
      const says = idle.get(annotationField(each.key));
      return says === undefined ? each : { key: each.key, value: each.value, effect: 'no-effect', says };
    }),
    ...found,
  };
}

function describe(
  pipeline: Pipeline,
  object: SourceObject,
  found: Pick<Explanation, 'gateway' | 'ports' | 'problems' | 'routes'>,
): { readonly annotations: readonly AnnotationEffect[]; readonly verdict: string } {
  const context = {
    ...toTranslateContext(pipeline.settings),
    view: trackView(pipeline.store, new Map(), new Set()),
    parent: noParents,
  };
  const waits = pipeline.portClaimsOf(toObjectKey(object.meta.ref)).length > 0;
  const outcome = summarize(found) ?? (waits ? 'Waits for its pool port.' : undefined);
  if (!isRouted(object)) {
    const annotations = isAnnotatedEndpoints(object)
      ? readEndpointAnnotations(context, object.meta).effects
      : [];
    const verdict = `${object.kind} objects are not routed themselves; Ingresses and Services use them.`;
    return { annotations, verdict };
  }
  switch (object.kind) {
    case 'Ingress': {
      const ownership = findOwnership(context, object);
      if (ownership === undefined)
        return { annotations: [], verdict: `Not routed: ${explainForeign(context, object)}.` };
      const { effects, directives } = readIngressAnnotations(context, object, ownership);
      const isUsed =
        directives.canary !== undefined &&
        !found.problems.some(({ field }) => field === annotationField(canaryKey));
      return {
        annotations: effects,
        verdict:
          outcome ??
          (isUsed
            ? 'A canary: the Ingress with the same hosts and paths sends it some of the requests.'
            : 'Not routed: none of its rules can be used; see the problems.'),
      };
    }
    case 'Service': {
      const { effects } = readServiceAnnotations(context, object.meta);
      const asks = effects.some(({ effect }) => effect !== 'written-back');
      return {
        annotations: effects,
        verdict:
          outcome ??
          (asks
            ? 'Not routed by itself: no annotation of it asks for a route or a port that it can have.'
            : 'Not routed by itself: it has no annotation that asks for it. An Ingress may lead to it.'),
      };
    }
    case 'Gateway':
    case 'ListenerSet': {
      const { effects } = readGatewayAnnotations(context, object.meta, object.kind);
      return { annotations: effects, verdict: summarizeParent(found) };
    }
    case 'TCPRoute':
    case 'TLSRoute':
    case 'UDPRoute': {
      const annotations = readGatewayAnnotations(context, object.meta, object.kind).effects;
      return { annotations, verdict: outcome ?? summarizeRoute(found) };
    }
    case 'GRPCRoute':
    case 'HTTPRoute':
      return { annotations: [], verdict: outcome ?? summarizeRoute(found) };
    case 'BackendTLSPolicy':
    case 'GatewayClass':
      return { annotations: [], verdict: summarizeOther(object.kind, found) };
  }
}

function summarize({
  routes,
  ports,
  problems,
}: Pick<Explanation, 'ports' | 'problems' | 'routes'>): string | undefined {
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  const suffix = errors === 0 ? '.' : `, with ${errors} ${errors === 1 ? 'problem' : 'problems'}.`;
  if (routes.length > 0)
    return `Routed by ${routes.length} ${routes.length === 1 ? 'router' : 'routers'}${suffix}`;
  return ports.some((port) => port.state === 'held')
    ? `Holds a pool port, but is not routed${suffix}`
    : undefined;
}
