import type { ListenerSet, Meta } from '../../model/objects.ts';
import type { Report } from '../../model/problem.ts';
import { malformed } from '../../lib/raw-fields.ts';
import type { RawObject } from '../../lib/raw-object.ts';
import { listenerSetsOf } from '../index-keys.ts';
import { defineKind } from '../kind.ts';
import { withOwnAnnotations } from '../meta.ts';
import { toKeptStatus } from './answered.ts';
import { toListeners } from './listeners.ts';
import { toNamedRef, toTarget } from './named-ref.ts';
import { parentDefaults } from './parent-refs.ts';
import { placeAt, reportAt, specOf } from './place.ts';
import { gatewayGroup, toGatewayVersions } from './words.ts';

/** Listeners that a namespace adds to a Gateway. */
export const listenerSet = defineKind({
  kind: 'ListenerSet',
  apiVersions: toGatewayVersions('v1'),
  plural: 'listenersets',
  shortNames: ['lset'],
  namespaced: true,
  routed: true,
  cluster: { optional: true },
  read: toListenerSet,
  index: ({ meta, parentRef }) =>
    parentRef.group === gatewayGroup && parentRef.kind === 'Gateway'
      ? [listenerSetsOf(toTarget(meta, 'Gateway', parentRef))]
      : [],
});

/** A ListenerSet. Undefined when it is not known which Gateway it belongs to, or where it listens. */
function toListenerSet(raw: RawObject, meta: Meta, report: Report): ListenerSet | undefined {
  const spec = specOf(raw, report);
  if (spec === malformed) return undefined;
  const parent =
    placeAt(spec, 'parentRef') ?? reportAt(spec, 'parentRef', 'a mapping with the name of a Gateway');
  const listeners = toListeners(spec);
  if (parent === malformed || listeners === malformed) return undefined;
  const parentRef = toNamedRef(parent, parentDefaults);
  if (parentRef === undefined) return undefined;
  return {
    kind: 'ListenerSet',
    meta: withOwnAnnotations(meta),
    ...toKeptStatus(raw),
    parentRef,
    listeners,
  };
}
