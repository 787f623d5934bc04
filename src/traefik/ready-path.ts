/** The path at which a Traefik says that it has its routes; `/ping` tells no more than that it runs. */
export const readyPath = '/ready';
