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
      'A Service names a port pool that it may not use, or may use none. It gets no port, and keeps those that it holds.',
  },
  'pool-unwise': {
    severity: 'warning',
    means:
      'A port pool overlaps the ephemeral ports of the hosts, the own entryPoints of the fleet, or the listeners of a Fairlead on the same host.',
  },
  'port-ambiguous': {
    severity: 'error',
    means:
      'An annotation does not say which of several ports of the Service it means. Its host is not routed: the connections are closed.',
  },
  'port-pending': {
    severity: 'warning',
    means:
      'A Service waits for its pool port: there is a free one, but the ledger cannot be written now. It is served as soon as it can.',
  },
  'port-quota-exceeded': {
    severity: 'error',
    means:
      'The namespace has reached its quota of pool ports, including those that cool down after it. The Service is served as soon as there is room.',
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
      'A Service asks for consecutive pool ports, and there is no free run of this length, or the number beside the others is taken.',
  },
  'port-transfer-refused': {
    severity: 'error',
    means: 'A Service asks for the pool ports of another one that has not agreed. It gets ports of its own.',
  },
  'port-unknown': {
    severity: 'error',
    means: 'An annotation names a port that the Service does not have. The other ports are served.',
  },
} as const;
