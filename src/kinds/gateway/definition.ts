import { definitionName } from '../../model/gateway-definition.ts';
import type { CustomResourceDefinition, Meta } from '../../model/objects.ts';
import type { RawObject } from '../../lib/raw-object.ts';
import { defineKind } from '../kind.ts';
import { withoutAnnotations } from '../meta.ts';

/** Which version of the Gateway API is installed. */
export const customResourceDefinition = defineKind({
  kind: 'CustomResourceDefinition',
  apiVersions: ['apiextensions.k8s.io/v1'],
  plural: 'customresourcedefinitions',
  shortNames: ['crd'],
  namespaced: false,
  routed: false,
  // Nothing that is served hangs on it.
  cluster: { optional: true, name: definitionName },
  // People put the manifests of the Gateway API beside each application.
  repeatable: true,
  read: toDefinition,
});

/** https://gateway-api.sigs.k8s.io/concepts/versioning/ */
const versionAnnotation = 'gateway.networking.k8s.io/bundle-version';

/** A definition of which only the version is kept. Undefined for any other than that of GatewayClasses. */
function toDefinition(_raw: RawObject, meta: Meta): CustomResourceDefinition | undefined {
  if (meta.ref.name !== definitionName) return undefined;
  const version = meta.annotations[versionAnnotation];
  return {
    kind: 'CustomResourceDefinition',
    meta: withoutAnnotations(meta),
    ...(version !== undefined && { bundleVersion: version.slice(0, 100) }),
  };
}
