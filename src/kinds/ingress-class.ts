import type { IngressClass, Meta } from '../model/objects.ts';
import type { Report } from '../model/problem.ts';
import { malformed, reportMalformed, toMapping } from '../lib/raw-fields.ts';
import type { RawObject } from '../lib/raw-object.ts';
import { defaultClassOf } from './index-keys.ts';
import { defineKind } from './kind.ts';
import { withoutAnnotations } from './meta.ts';

/** Which controller an Ingress belongs to. */
export const ingressClass = defineKind({
  kind: 'IngressClass',
  apiVersions: ['networking.k8s.io/v1', 'networking.k8s.io/v1beta1'],
  plural: 'ingressclasses',
  shortNames: [],
  namespaced: false,
  routed: false,
  cluster: {},
  read: toIngressClass,
  index: ({ meta: { ref }, isDefault }) => (isDefault ? [defaultClassOf(ref.source)] : []),
});

/** https://kubernetes.io/docs/concepts/services-networking/ingress/#default-ingress-class */
const defaultAnnotation = 'ingressclass.kubernetes.io/is-default-class';

/** An IngressClass of networking.k8s.io. Undefined when it does not say which controller it belongs to. */
function toIngressClass(raw: RawObject, meta: Meta, report: Report): IngressClass | undefined {
  const spec = toMapping(raw, 'spec', '', report);
  if (spec === malformed) return undefined;
  const controller = spec?.['controller'];
  if (typeof controller !== 'string' || controller === '') {
    reportMalformed(report, 'spec.controller', controller, 'the name of a controller');
    return undefined;
  }
  const isDefault = meta.annotations[defaultAnnotation] === 'true';
  return {
    kind: 'IngressClass',
    meta: withoutAnnotations(meta),
    controller,
    ...(isDefault && { isDefault }),
  };
}
