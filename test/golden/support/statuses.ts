import { toObjectKey, toObjectPath } from '../../../src/model/object-ref.ts';
import type { NamedRef } from '../../../src/model/gateway-specs.ts';
import type { SourceObject } from '../../../src/model/objects.ts';
import type { ParentRef } from '../../../src/model/route-specs.ts';
import type { Pipeline } from '../../../src/pipeline/pipeline.ts';
import { toListenerKey, type Condition, type StatusFacts } from '../../../src/routes/status.ts';

/**
 * As `status.yaml` has it: what the status of each object is to say that is answered, in the order of the objects. Each condition is one
 * line, such as `Accepted True Accepted: The route is attached`.
 */
export function toStatusRows(
  pipeline: Pick<Pipeline, 'attachedRoutes' | 'statusOf'>,
  objects: readonly SourceObject[],
): readonly object[] {
  return objects.flatMap(({ meta: { ref } }) => {
    const facts = pipeline.statusOf(toObjectKey(ref));
    return facts === undefined ? [] : { object: toObjectPath(ref), ...toRow(facts, pipeline, ref) };
  });
}

function toRow(
  facts: StatusFacts,
  pipeline: Pick<Pipeline, 'attachedRoutes'>,
  ref: SourceObject['meta']['ref'],
): object {
  switch (facts.of) {
    case 'GatewayClass':
      return { conditions: facts.conditions.map(toLine) };
    case 'Gateway':
    case 'ListenerSet':
      return {
        fleets: facts.fleets.join(' '),
        conditions: facts.conditions.map(toLine),
        ...(facts.addresses && { addresses: facts.addresses.join(' ') }),
        ...(facts.listenerSets !== undefined && { listenerSets: facts.listenerSets }),
        listeners: facts.listeners.map(({ name, supportedKinds, conditions }) => ({
          name,
          kinds: supportedKinds.map(({ kind }) => kind).join(' '),
          attached: pipeline.attachedRoutes(toListenerKey(toObjectKey(ref), name)),
          conditions: conditions.map(toLine),
        })),
      };
    case 'Route':
      return {
        parents: facts.parents.map(({ parentRef, conditions, attached }) => ({
          parent: toParentText(parentRef),
          attached: attached.length,
          conditions: conditions.map(toLine),
        })),
      };
    case 'Policy':
      return {
        ancestors: facts.ancestors.map(({ ancestorRef, conditions }) => ({
          ancestor: toRefText(ancestorRef),
          conditions: conditions.map(toLine),
        })),
      };
  }
}

function toLine({ type, status, reason, message }: Condition): string {
  return `${type} ${status} ${reason}: ${message}`;
}

function toRefText({ kind, namespace, name }: NamedRef): string {
  return `${kind}/${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

function toParentText(ref: ParentRef): string {
  const { sectionName, port } = ref;
  return [toRefText(ref), sectionName ?? [], port ?? []].flat().join(' ');
}
