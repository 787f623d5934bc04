/** The beginning of all annotations of Traefik's own Ingress provider. */
export const traefikPrefix = 'traefik.ingress.kubernetes.io/';

/** A key as the features declare it: Traefik reads what follows its prefix without regard to case, and nothing else so. */
export function toDeclaredKey(key: string): string {
  return key.startsWith(traefikPrefix) ? traefikPrefix + key.slice(traefikPrefix.length).toLowerCase() : key;
}
