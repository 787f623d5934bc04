import type { BackendTLSPolicy, Meta } from '../../model/objects.ts';
import type { Report } from '../../model/problem.ts';
import type { BackendTlsPolicySpec } from '../../model/route-specs.ts';
import { malformed } from '../../lib/raw-fields.ts';
import type { RawObject } from '../../lib/raw-object.ts';
import { policiesFor } from '../index-keys.ts';
import { defineKind } from '../kind.ts';
import { withoutAnnotations } from '../meta.ts';
import { toKeptStatus } from './answered.ts';
import { toNamedRef, toTarget } from './named-ref.ts';
import { listAt, specOf, textAt, type Place } from './place.ts';
import { toBackendValidation } from './backend-validation.ts';
import { sectionName, toGatewayVersions } from './words.ts';

/** How TLS is spoken to Services. v1alpha3 has the same shape; the versions before it have another one. */
export const backendTlsPolicy = defineKind({
  kind: 'BackendTLSPolicy',
  apiVersions: toGatewayVersions('v1', 'v1alpha3'),
  plural: 'backendtlspolicies',
  shortNames: ['btlspolicy'],
  namespaced: true,
  routed: true,
  cluster: { optional: true },
  read: toBackendTlsPolicy,
  index: ({ meta, targetRefs }) => [
    ...new Set(
      targetRefs
        .filter(({ group, kind }) => group === '' && kind === 'Service')
        .map((ref) => policiesFor(toTarget(meta, 'Service', ref))),
    ),
  ],
});

/** As many as the API server takes. */
const mostTargets = 16;

/** A BackendTLSPolicy. Undefined when it is not known what it is for; what it demands is kept closed where it cannot be read. */
function toBackendTlsPolicy(raw: RawObject, meta: Meta, report: Report): BackendTLSPolicy | undefined {
  const spec = specOf(raw, report);
  if (spec === malformed) return undefined;
  const targetRefs = listAt(spec, 'targetRefs', mostTargets, toTargetRef);
  if (targetRefs === malformed) return undefined;
  return {
    kind: 'BackendTLSPolicy',
    meta: withoutAnnotations(meta),
    ...toKeptStatus(raw),
    targetRefs: targetRefs.entries,
    validation: toBackendValidation(spec),
  };
}

/** One of which the section cannot be read is for the whole Service: it must not go without. */
function toTargetRef(place: Place): BackendTlsPolicySpec['targetRefs'][number] | undefined {
  const ref = toNamedRef(place, { isLocal: true });
  const section = textAt(place, 'sectionName', sectionName);
  return ref && { ...ref, ...(typeof section === 'string' && { sectionName: section }) };
}
