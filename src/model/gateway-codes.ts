/** Problems of the Gateway API; see `problem-codes.ts`. Each stands in a condition of the status of its object too. */
export const gatewayCodes = {
  'gateway-field-ignored': {
    severity: 'warning',
    means: 'A field of a Gateway or ListenerSet means nothing to Fairlead. The rest of it is served.',
  },
  'gateway-listener-refused': {
    severity: 'error',
    means:
      'A listener of a Gateway or ListenerSet is not served: its protocol, port or host cannot be, or an older one has them.',
  },
  'gateway-not-accepted': {
    severity: 'error',
    means:
      'A GatewayClass, Gateway or ListenerSet of ours is not accepted, or not as a whole (`Accepted` in its status). What it would serve is not served.',
  },
  'gateway-policy-refused': {
    severity: 'error',
    means:
      'A BackendTLSPolicy cannot be carried out, or an older one has its Service. Requests to that Service get an answer of 5xx rather than going on in the clear.',
  },
  'gateway-refs-unresolved': {
    severity: 'error',
    means:
      'Something that a Gateway, ListenerSet or route names does not exist, is not usable, or may not be named from there (`ResolvedRefs` in its status). Requests that it was for get 500.',
  },
  'gateway-route-refused': {
    severity: 'error',
    means: 'A route is not attached to a Gateway or ListenerSet that it names (`Accepted` in its status).',
  },
  'gateway-route-shadowed': {
    severity: 'warning',
    means:
      'An older route has all connections of the listener that a TCPRoute, UDPRoute or TLSRoute is attached to.',
  },
  'gateway-value-unsupported': {
    severity: 'error',
    means:
      'A rule of a route asks for what Traefik cannot be made to do. Its requests get 500 rather than an answer that was not asked for.',
  },
  'gateway-version-unsupported': {
    severity: 'warning',
    means:
      'A cluster has a release of the Gateway API that Fairlead does not know (`SupportedVersion` in the status of the GatewayClass). What it knows of the objects is served.',
  },
} as const;
