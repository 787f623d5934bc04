import type { ListedRights, NamespaceRights } from '../../../../model/published.ts';
import { toNumber } from '../words.ts';

/** What a namespace may do, and how much of it is used. */
export function Rights({ rights }: { readonly rights: NamespaceRights }) {
  const { pools, routes, hosts, externalEndpoints, externalNames } = rights;
  return (
    <section aria-label="Rights">
      <h3>It may have</h3>
      <dl class="facts">
        {pools.map(({ fleet, pool, ranges, held, cooling, most }) => (
          <>
            <dt>
              ports of {fleet}/{pool}
            </dt>
            <dd>
              {toNumber(held)} held, {toNumber(cooling)} cooling down
              {most === null ? ', without a limit' : ` of ${toNumber(most)}`}
              <span class="sub">{ranges.join(', ')}</span>
            </dd>
          </>
        ))}
        {routes.map(({ fleet, used, most }) => (
          <>
            <dt>routes of {fleet}</dt>
            <dd>
              {toNumber(used)} of {toNumber(most)}
            </dd>
          </>
        ))}
        <dt>hosts</dt>
        <dd>
          {hosts.own.join(', ') || 'none of its own'}
          <span class="sub">
            {hosts.ownership === 'namespace'
              ? 'A host belongs to the namespace that routed it first'
              : 'Hosts are shared; a path belongs to the oldest object'}
          </span>
        </dd>
        <dt>endpoints</dt>
        <dd>{describe(externalEndpoints)}</dd>
        <dt>names</dt>
        <dd>{describe(externalNames)}</dd>
      </dl>
    </section>
  );
}

function describe({ allowed, field }: ListedRights): string {
  const what = allowed === null ? 'all' : allowed.join(', ') || 'none';
  return `${what} (${field})`;
}
