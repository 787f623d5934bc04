/** The part of `problemCodes` that is about the limits of one object; sorted by name. */
export const tooMuchCodes = {
  'too-large': {
    severity: 'error',
    means:
      'The share of an object in the document is larger than `limits.object.bytes`. Its first routes are served, the others are left out.',
  },
  'too-many-certificates': {
    severity: 'error',
    means: 'An object names more certificates than `limits.object.certificates`. The first are served.',
  },
  'too-many-endpoints': {
    severity: 'error',
    means: 'A Service has more endpoints than `limits.object.endpoints`. The first get traffic.',
  },
  'too-many-hosts': {
    severity: 'error',
    means: 'An object names more hosts than `limits.object.hosts`. The first are routed.',
  },
  'too-many-middlewares': {
    severity: 'error',
    means:
      'An object asks for more middlewares than `limits.object.middlewares`. Its routes answer 503, since each may limit access. For a route of the Gateway API the rules whose filters exceed the limit answer 500.',
  },
  'too-many-paths': {
    severity: 'error',
    means: 'An object names more paths than `limits.object.paths`. The first are routed.',
  },
  'too-many-ports': {
    severity: 'error',
    means: 'A Service has more ports than `limits.object.ports`. The first can be routed to and exposed.',
  },
  'too-many-routes': {
    severity: 'error',
    means:
      'The hosts of an object times its paths are more than `limits.object.routes`. Its first hosts are routed, each with all its paths.',
  },
} as const;
