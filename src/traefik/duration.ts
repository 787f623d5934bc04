/** Milliseconds as a duration that Traefik reads (Go's syntax). A bare number would count as seconds. */
export function toGoDuration(milliseconds: number): string {
  return milliseconds % 1_000 === 0 ? `${milliseconds / 1_000}s` : `${milliseconds}ms`;
}
