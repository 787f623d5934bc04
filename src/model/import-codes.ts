/** The part of `problemCodes` that is about imports of the configuration; sorted by name. */
export const importCodes = {
  'import-entrypoint-new': {
    severity: 'warning',
    means:
      'An import has a number that it did not have when Fairlead started. If Traefik has no entryPoint for it yet, nothing listens on it.',
  },
  'import-invalid': {
    severity: 'error',
    means:
      'An entry of an import cannot be used: its number, what it names, or both. The other entries are served.',
  },
  'import-missing': {
    severity: 'error',
    means: 'The ConfigMap of an import does not exist, or is too large. Nothing of it is served.',
  },
  'import-proxy-unusable': {
    severity: 'warning',
    means:
      'An entry of an import asks for the PROXY protocol where it is not possible. The port is served without it.',
  },
} as const;
