/** What is wrong with what Ingresses ask for in Traefik's own words. A part of `problemCodes`. */
export const ingressCodes = {
  'ingress-default-backend-idle': {
    severity: 'info',
    means:
      'An Ingress of the dialect `traefik` has rules and a default backend, which gets no request then, as with Traefik.',
  },
  'ingress-priority-refused': {
    severity: 'warning',
    means:
      'An Ingress asks for a higher priority than its rule has, on a host that another namespace routed first. The length of the rule counts.',
  },
  'ingress-tls-options-conflict': {
    severity: 'error',
    means:
      'A route asks for TLS options that its host cannot have: an older object has others, or the rule has no host. It answers 503.',
  },
} as const;
