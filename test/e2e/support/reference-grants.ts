import type { Manifest } from './apiserver.ts';

/** The part of the Gateway API that moves read, as far as it is looked at. */
export const referenceGrants: Manifest = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: {
    name: 'referencegrants.gateway.networking.k8s.io',
    // Groups that end in k8s.io need the approval of their keepers.
    annotations: { 'api-approved.kubernetes.io': 'https://github.com/kubernetes-sigs/gateway-api/pull/4538' },
  },
  spec: {
    group: 'gateway.networking.k8s.io',
    scope: 'Namespaced',
    names: {
      kind: 'ReferenceGrant',
      plural: 'referencegrants',
      singular: 'referencegrant',
      listKind: 'ReferenceGrantList',
    },
    versions: [
      {
        name: 'v1beta1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};
