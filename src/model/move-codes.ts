/** The part of `problemCodes` that is about moves, failover and mirroring; sorted by name. */
export const moveCodes = {
  'move-chained': {
    severity: 'warning',
    means:
      'The Service that `migrate-to`, `failover-to` or `mirror-to` names moves its own traffic to another one, or back. This is not followed: its share goes to its own endpoints.',
  },
  'move-plan-held': {
    severity: 'warning',
    means:
      'The plan of a move waits at its step, since something is wrong with the move. The weight stays as it is.',
  },
  'move-port-missing': {
    severity: 'error',
    means:
      'The Service that `migrate-to`, `failover-to` or `mirror-to` names has no port that fits one of this Service, or several. The traffic of that port stays where it is.',
  },
  'move-refused': {
    severity: 'error',
    means:
      'A Service of another namespace or source is named by `migrate-to`, `failover-to` or `mirror-to`, and is not there or does not agree by `grant-to` or a ReferenceGrant. The traffic stays where it is.',
  },
  'move-target-empty': {
    severity: 'warning',
    means:
      'The Service that `migrate-to`, `failover-to` or `mirror-to` names has no endpoint that can take traffic. Its share stays with this Service; at a weight of 100 it is answered 503.',
  },
  'move-target-missing': {
    severity: 'error',
    means:
      'The Service that `migrate-to`, `failover-to` or `mirror-to` names does not exist, or is this Service itself. The traffic stays where it is.',
  },
  'move-unsupported': {
    severity: 'warning',
    means:
      'A part of a move, failover or mirroring is not possible, with Traefik or in a folder. The message says what happens instead.',
  },
} as const;
