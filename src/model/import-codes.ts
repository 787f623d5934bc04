/** The part of `problemCodes` that is about imports of the configuration; sorted by name. */
export const importCodes = {
  'import-entrypoint-new': {
    severity: 'warning',
    means:
      'An import has a number that it did not have when Fairlead started. Where Traefik has no entryPoint for it yet, nothing listens on it.',
  },
  'import-invalid': {
    severity: 'error',
    means:
      'An entry of an import cannot be used: its number, what it names, or both. The other entries are served.',
  },
  'import-missing': {
    severity: 'error',
    means: 'The ConfigMap of an import is not there, or too large to be read. Nothing is served of it.',
  },
  'import-proxy-unusable': {
    severity: 'warning',
    means:
      'An entry of an import asks for the PROXY protocol where it cannot be carried out. The port is served without it.',
  },
} as const;
