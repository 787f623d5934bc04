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
      'A GatewayClass, Gateway or ListenerSet of Fairlead is not accepted, or only in part (`Accepted` in its status). What is not accepted is not served.',
  },
  'gateway-policy-refused': {
    severity: 'error',
    means:
      'A BackendTLSPolicy cannot be applied, or an older one has its Service. Requests to that Service get 5xx, so nothing is sent without TLS.',
  },
  'gateway-refs-unresolved': {
    severity: 'error',
    means:
      'Something that a Gateway, ListenerSet or route names does not exist, is not usable, or may not be named from there (`ResolvedRefs` in its status). The requests for it get 500.',
  },
  'gateway-route-refused': {
    severity: 'error',
    means: 'A route is not attached to a Gateway or ListenerSet that it names (`Accepted` in its status).',
  },
  'gateway-route-shadowed': {
    severity: 'warning',
    means:
      'A TCPRoute, UDPRoute or TLSRoute is attached to a listener, but an older route gets all its connections.',
  },
  'gateway-value-unsupported': {
    severity: 'error',
    means: 'A rule of a route asks for something that Traefik cannot do. Its requests get 500.',
  },
  'gateway-version-unsupported': {
    severity: 'warning',
    means:
      'A cluster has a release of the Gateway API that Fairlead does not know (`SupportedVersion` in the status of the GatewayClass). The fields that it knows are served.',
  },
} as const;
