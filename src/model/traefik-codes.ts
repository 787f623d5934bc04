/** The part of `problemCodes` that is about Traefiks; sorted by name. */
export const traefikCodes = {
  'traefik-answer-not-applied': {
    severity: 'error',
    means:
      'A Traefik whose API is in `fleets[].api`, or that `fairlead edge` runs, has not applied the current configuration for a while. It polls elsewhere, is refused, or could not decode it.',
  },
  'traefik-entry-point-missing': {
    severity: 'error',
    means:
      'A Traefik whose API is in `fleets[].api`, or that `fairlead edge` runs, lacks entryPoints of the fleet. Their routes cannot be reached there, and their ports are not announced.',
  },
  'traefik-router-disabled': {
    severity: 'error',
    means: 'A Traefik refuses a router of the object, or serves it only on some of its entryPoints.',
  },
  'traefik-too-old': {
    severity: 'warning',
    means: 'The Traefik version of the fleet does not know a setting. The setting is left out.',
  },
  'traefik-unreachable': {
    severity: 'warning',
    means: 'The API of a Traefik that is in `fleets[].api`, or that `fairlead edge` runs, gives no answer.',
  },
} as const;
