/**
 * How Kubernetes labels the endpoints that it makes itself, for the pods of a Service. Endpoints have the label from 1.33 on. The
 * controller that copies hand-written Endpoints into slices has another value. Sources:
 * https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#management, and pkg/controller/endpoint of Kubernetes.
 */
export const managedBy = {
  EndpointSlice: {
    label: 'endpointslice.kubernetes.io/managed-by',
    value: 'endpointslice-controller.k8s.io',
  },
  Endpoints: { label: 'endpoints.kubernetes.io/managed-by', value: 'endpoint-controller' },
} as const;
