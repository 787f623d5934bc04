import type { RouteRow } from '../model/published.ts';
import { countText, cut } from '../model/problem.ts';
import type { TraefikFacts } from './facts.ts';

/** So many of a list are named. */
const mostNamed = 5;

/** `a, b, c, d, e and 7 more`. */
export function nameSome(words: readonly string[]): string {
  const named = words
    .slice(0, mostNamed)
    .map((word) => cut(word, 80))
    .join(', ');
  return words.length > mostNamed ? `${named} and ${countText(words.length - mostNamed)} more` : named;
}

/** Who is routed by some of these entryPoints, as the end of a sentence: `: 12 objects suffer (Service/a/b, …)`; empty for nobody. */
export function nameSufferers(
  routes: readonly RouteRow[],
  fleet: string,
  entryPoints: ReadonlySet<string>,
): string {
  const objects = routes
    .filter((route) => route.fleet === fleet && route.entryPoints.some((name) => entryPoints.has(name)))
    .map(({ object }) => object);
  const unique = [...new Set(objects)];
  if (unique.length === 0) return '';
  const verb = unique.length === 1 ? 'object suffers' : 'objects suffer';
  return `: ${countText(unique.length)} ${verb} (${nameSome(unique)})`;
}

/** The command that prints the static configuration of a Traefik. */
export function toStaticCommand({ fleet, bank }: Pick<TraefikFacts, 'bank' | 'fleet'>): string {
  return `fairlead traefik --fleet ${fleet.name}${bank === 0 ? '' : ` --bank ${bank}`} > traefik.yml, and restart Traefik with it`;
}

/** `2.5 s`. */
export function toSeconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}

/** The port and protocol of `127.0.0.1:20000/udp`; undefined of what is no address. */
export function parseEntryPointAddress(
  address: string,
): { readonly host: string; readonly port: number; readonly protocol: 'tcp' | 'udp' } | undefined {
  const [, host = '', port, protocol = 'tcp'] = /^(.*):(\d{1,5})(?:\/(tcp|udp))?$/.exec(address) ?? [];
  if (port === undefined) return undefined;
  return { host, port: Number(port), protocol: protocol === 'udp' ? 'udp' : 'tcp' };
}
