/** The definition of GatewayClasses: the one that the status of a class stands on, and by which a cluster says what it has. */
export const definitionName = 'gatewayclasses.gateway.networking.k8s.io';
