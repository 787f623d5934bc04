import { toComplement } from '../../lib/complement.ts';
import { cidr } from '../parsers.ts';
import type { NginxDirective } from './snippet-parser.ts';

/** As many as Traefik may be sent. */
const mostNetworks = 1_000;

/**
 * Who may come in by `allow` and `deny`, of which the first that fits decides, as networks; undefined: everybody.
 * @returns Why it cannot be said as a list of networks, as a text, where it cannot.
 */
export function readAccess(directives: readonly NginxDirective[]): readonly string[] | string | undefined {
  const rules = directives.map(({ name, args }) => ({ allows: name === 'allow', to: args[0] ?? '' }));
  const end = rules.findIndex(({ to }) => to === 'all');
  const before = end < 0 ? rules : rules.slice(0, end);
  // Whoever fits none of them may come in.
  const closesOthers = end >= 0 && rules[end]?.allows === false;
  const networks: string[] = [];
  for (const { to } of before) {
    const network = cidr(to);
    if (!network.ok) return network.message;
    networks.push(network.value);
  }
  if (before.every(({ allows }) => allows)) return closesOthers ? networks : undefined;
  if (before.some(({ allows }) => allows)) return 'allow and deny are mixed';
  if (closesOthers) return [];
  return (
    toComplement(networks, mostNetworks) ??
    `the addresses that are left make more than ${mostNetworks} networks`
  );
}

/** An allow-list of these. An empty list is none to Traefik, and no client has the address that stands for it. */
export function toAllowList(networks: readonly string[]): {
  readonly ipAllowList: { sourceRange: string[] };
} {
  return { ipAllowList: { sourceRange: networks.length === 0 ? ['255.255.255.255/32'] : [...networks] } };
}
