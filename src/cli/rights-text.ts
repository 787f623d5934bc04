import type { ListedRights, NamespaceRights, PoolRights } from '../model/published.ts';

/** What a namespace may do, for people. */
export function toRightsText(rights: NamespaceRights): string {
  const { pools, externalEndpoints, externalNames, hosts, routes, objectLimits } = rights;
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ['Routes', routes.map(({ fleet, used, most }) => `fleet ${fleet}: ${used} of ${most}`)],
    ['Port pools', pools.length === 0 ? ['none'] : pools.map(toPoolLine)],
    ['Endpoints written by hand', [toListed(externalEndpoints, 'any address')]],
    ['External names', [toListed(externalNames, 'any name')]],
    ['Hosts', toHostLines(hosts)],
    [
      'Limits of one object',
      [
        Object.entries(objectLimits)
          .map(([name, most]) => `${name} ${most}`)
          .join(', '),
      ],
    ],
  ];
  return sections
    .map(([title, lines]) => `\n${title}\n${lines.map((line) => `  ${line}\n`).join('')}`)
    .join('');
}

function toPoolLine({ fleet, pool, ranges, labels, held, cooling, most }: PoolRights): string {
  const needed = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  const only = needed.length === 0 ? '' : `, for Services with ${needed.join(', ')}`;
  const of = most === null ? 'no quota' : `${held + cooling} of ${most}`;
  return `${pool} of fleet ${fleet} (${ranges.join(', ')}): ${held} held, ${cooling} cooling down, ${of}${only}`;
}

function toListed({ allowed, field }: ListedRights, all: string): string {
  const what = allowed === null ? all : allowed.join(', ') || 'none';
  return `${what} (${field})`;
}

function toHostLines({ own, others, ownership }: NamespaceRights['hosts']): readonly string[] {
  const rest = { shared: 'shared by all namespaces', namespace: 'of the namespace that routes it first' }[
    ownership
  ];
  return [
    ...(own.length > 0 ? [`its own: ${own.join(', ')} (ingress.owners)`] : []),
    ...(others.length > 0 ? [`of others: ${others.join(', ')} (ingress.owners)`] : []),
    `any other: ${rest} (ingress.hostOwnership)`,
  ];
}
