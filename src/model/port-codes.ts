/** The part of `problemCodes` that is about pool ports; sorted by name. */
export const portCodes = {
  'pool-exhausted': {
    severity: 'error',
    means: 'The port pool has no free port. The Service is served as soon as one is free.',
  },
  'pool-port-kept': {
    severity: 'warning',
    means:
      'A Service holds a port of a pool that it may not use any more. The port is kept and served for as long as it asks for it.',
  },
  'pool-port-lost': {
    severity: 'error',
    means:
      'A Service holds a port that the configured pool no longer has. The port is kept for it but not routed.',
  },
  'pool-refused': {
    severity: 'error',
    means:
      'A Service names a port pool that is not for it, or there is none for it. It is given no port; one that it holds is kept.',
  },
  'pool-unwise': {
    severity: 'warning',
    means: 'A port pool overlaps the ephemeral ports of the hosts or the own entryPoints of the fleet.',
  },
  'port-ambiguous': {
    severity: 'error',
    means:
      'An annotation does not say which of several ports of the Service it means. The host that it names is routed nowhere: its connections are closed.',
  },
  'port-pending': {
    severity: 'warning',
    means:
      'A Service waits for its pool port: there is one for it, but it cannot be recorded now. It is served as soon as it can.',
  },
  'port-quota-exceeded': {
    severity: 'error',
    means:
      'The namespace has as many pool ports as it may, with those that cool down after it. The Service is served as soon as there is room.',
  },
  'port-request-refused': {
    severity: 'error',
    means: 'A requested port is taken, cooling down, or outside the band of ports that may be requested.',
  },
  'port-run-broken': {
    severity: 'warning',
    means:
      'The ports that a Service holds are not consecutive, though it asks for that. They are kept: nothing moves by itself.',
  },
  'port-run-refused': {
    severity: 'error',
    means:
      'A Service asks for consecutive pool ports, and there are not so many in one piece, or the one beside the others is taken.',
  },
  'port-transfer-refused': {
    severity: 'error',
    means:
      'A Service asks for the pool ports of another one that does not agree to it. It is given ports of its own.',
  },
  'port-unknown': {
    severity: 'error',
    means: 'An annotation names a port that the Service does not have. The other ports are served.',
  },
} as const;
