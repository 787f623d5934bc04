/** The part of `problemCodes` that is about the checks Fairlead makes itself; sorted by name. */
export const healthCodes = {
  'health-check-failing': {
    severity: 'warning',
    means:
      'Endpoints of a UDP port fail the check that their Service asks for. They get no datagrams until they pass it again; when all fail, all stay.',
  },
  'health-check-left-out': {
    severity: 'warning',
    means:
      'Endpoints of a UDP port are not checked though their Service asks for it: there is no room for so many checks (`healthChecks`). They count as alive.',
  },
  'health-check-unwritten': {
    severity: 'warning',
    means:
      'Which endpoints of UDP ports fail their checks cannot be written to where all replicas read it. What is served stays as it was.',
  },
} as const;
