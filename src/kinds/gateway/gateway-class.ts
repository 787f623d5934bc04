import type { GatewayClass, Meta } from '../../model/objects.ts';
import type { Report } from '../../model/problem.ts';
import { malformed } from '../../lib/raw-fields.ts';
import type { RawObject } from '../../lib/raw-object.ts';
import { defineKind } from '../kind.ts';
import { withoutAnnotations } from '../meta.ts';
import { toKeptStatus } from './answered.ts';
import { refOrNothingAt } from './named-ref.ts';
import { requiredTextAt, specOf, type TextRule } from './place.ts';
import { toGatewayVersions } from './words.ts';

/** Which controller a Gateway belongs to. */
export const gatewayClass = defineKind({
  kind: 'GatewayClass',
  apiVersions: toGatewayVersions('v1', 'v1beta1'),
  plural: 'gatewayclasses',
  shortNames: ['gc'],
  namespaced: false,
  routed: true,
  cluster: { optional: true },
  read: toGatewayClass,
});

const controllerName: TextRule = { most: 253, wanted: 'the name of a controller' };

/** A GatewayClass. Undefined when it does not say which controller it belongs to. */
function toGatewayClass(raw: RawObject, meta: Meta, report: Report): GatewayClass | undefined {
  const spec = specOf(raw, report);
  if (spec === malformed) return undefined;
  const controller = requiredTextAt(spec, 'controllerName', controllerName);
  if (controller === malformed) return undefined;
  const parametersRef = refOrNothingAt(spec, 'parametersRef', {});
  return {
    kind: 'GatewayClass',
    meta: withoutAnnotations(meta),
    ...toKeptStatus(raw),
    controller,
    ...(parametersRef !== undefined && { parametersRef }),
  };
}
