import type { BackendScheme, Directives } from '../../annotations/directives.ts';
import { tlsParts } from '../../annotations/parts.ts';
import type { ServersTransport } from '../../traefik/servers-transport.ts';

/** The servers transport of a backend; undefined when it needs none of its own. */
export function toTransport(
  asked: Directives['transport'],
  scheme: BackendScheme,
): ServersTransport | undefined {
  if (asked === undefined) return undefined;
  const transport = Object.fromEntries(
    Object.entries(asked).filter(
      ([field, value]) =>
        // What Traefik does by default is not sent.
        value !== false && (scheme === 'https' || !tlsParts.includes(`transport/${field}`)),
    ),
  );
  return Object.keys(transport).length > 0 ? transport : undefined;
}
