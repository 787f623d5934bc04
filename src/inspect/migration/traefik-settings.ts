/** What a Traefik's own provider was started with, and is not seen in objects. */
export const unseenOfTraefik: readonly string[] = [
  'the options of providers.kubernetesIngress: ingressClass is fleets[].ingressClasses, namespaces is sources[].kubernetes.namespaces, labelSelector has no counterpart, allowExternalNameServices is services.allowExternalName, nativeLBByDefault is services.backends: clusterip, ingressEndpoint is fleets[].addresses, crossProviderNamespaces is the policy for references such as name@file',
  'entryPoints with http.middlewares, http.tls or forwardedHeaders: they stay as they are in the static configuration of the new Traefiks',
  'names in logs, metrics and dashboards: routers and services end in @http, no more in @kubernetes; IngressRoutes and other objects that refer to name@kubernetes lead nowhere',
];
