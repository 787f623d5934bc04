/** A Traefik polls every few seconds: one that has not for so long has gone, or cannot reach this Fairlead. */
export const silentMs = 30_000;
/** It takes a moment until a change has been fetched. */
export const behindSeconds = 10;
/** So long a Traefik may take to apply an answer, and to answer again, before somebody should look. */
export const graceMs = 15_000;
