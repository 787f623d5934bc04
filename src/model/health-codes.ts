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
      'Endpoints of a UDP port are not checked though their Service asks for it: there is no room for so many checks (`healthChecks`). They count as healthy.',
  },
  'health-check-unwritten': {
    severity: 'warning',
    means:
      'The results of the checks of UDP endpoints cannot be written to the place where all replicas read them. What is served does not change.',
  },
} as const;
