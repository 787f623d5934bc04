import { watchedKinds } from '../../../src/kinds/index.ts';
import type { Manifest } from './apiserver.ts';

const group = 'gateway.networking.k8s.io';

/** The kinds of the Gateway API that are read. */
export const gatewayKinds = watchedKinds.filter((kind) => kind.group === group);

/**
 * The definition of one of them, which takes whatever is written: the API server serves the versions that are named, and stores the
 * first. Others that it had before are in `former`: they are not served any more.
 */
export function toGatewayDefinition(
  { kind, plural, namespaced }: Pick<(typeof gatewayKinds)[number], 'kind' | 'namespaced' | 'plural'>,
  versions: readonly string[],
  former: readonly string[] = [],
): Manifest {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${plural}.${group}`,
      // Groups that end in k8s.io need the approval of their keepers.
      annotations: {
        'api-approved.kubernetes.io': 'https://github.com/kubernetes-sigs/gateway-api/pull/4538',
      },
    },
    spec: {
      group,
      scope: namespaced ? 'Namespaced' : 'Cluster',
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [...versions, ...former].map((name, index) => ({
        name,
        served: versions.includes(name),
        storage: index === 0,
        subresources: { status: {} },
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      })),
    },
  };
}

/** The definitions of all of them, in v1. */
export const gatewayDefinitions: readonly Manifest[] = gatewayKinds.map((kind) =>
  toGatewayDefinition(kind, ['v1']),
);
