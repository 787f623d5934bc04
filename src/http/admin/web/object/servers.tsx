import type { BranchRow, HealthRow, RouteRow } from '../../../../model/published.ts';
import { toCount } from '../words.ts';

/** So many servers of a service are shown. */
const most = 12;

const roles: Readonly<Record<BranchRow['role'], (percent: number) => string>> = {
  share: (percent) => `${percent} %`,
  fallback: () => 'when those are down',
  copies: (percent) => `copies of ${percent} %`,
};

/** What Traefik does with clients of a service that has no servers. */
const without: Readonly<Record<RouteRow['protocol'], string>> = {
  http: 'no servers: answers 503',
  tcp: 'no servers: closes each connection',
  udp: 'no servers: drops each packet',
};

/** The services behind a router, with their shares, their servers, and how those are. */
export function Servers({
  route,
  health,
}: {
  readonly route: RouteRow;
  readonly health: readonly HealthRow[];
}) {
  const { branches, service, servers, protocol, checks = [] } = route;
  const all: readonly BranchRow[] = branches ?? [{ role: 'share', percent: 100, service, servers }];
  return (
    <>
      {all.map((branch) => (
        <div key={`${branch.role} ${branch.service}`} class="branch">
          <code class="name">{branch.service}</code>
          {branches !== undefined && <span class="tag">{roles[branch.role](branch.percent)}</span>}
          <ul class="servers">
            {branch.servers.slice(0, most).map((server) => (
              <li key={server}>
                <ServerHealth rows={health.filter((row) => row.service === branch.service)} server={server} />
                <code>{server}</code>
              </li>
            ))}
          </ul>
          {branch.servers.length === 0 && <span class="sub">{without[protocol]}</span>}
          {branch.servers.length > most && (
            <span class="sub">and {toCount(branch.servers.length - most, 'more', 'more')}</span>
          )}
          {checks
            .filter((check) => check.service === branch.service)
            .map((check) => (
              <span key={check.service} class="sub">
                checked: {[check.active, check.passive].filter((each) => each !== undefined).join('; ')}
              </span>
            ))}
        </div>
      ))}
      <Unasked rows={health.filter((row) => all.some((branch) => branch.service === row.service))} />
    </>
  );
}

/** How the Traefiks that could be asked see a server. */
function ServerHealth({ rows, server }: { readonly rows: readonly HealthRow[]; readonly server: string }) {
  const seen = rows.flatMap((row) =>
    'servers' in row ? row.servers.filter((each) => each.server === server) : [],
  );
  if (seen.length === 0) return null;
  const up = seen.filter(({ status }) => status === 'UP').length;
  const mark = up === seen.length ? 'good' : up === 0 ? 'bad' : 'warn';
  const text = up === seen.length ? 'up' : up === 0 ? 'down' : `up on ${up} of ${seen.length} Traefiks`;
  return (
    <span class={`health ${mark}`}>
      <span class={`dot ${mark}`} aria-hidden="true" />
      {text}{' '}
    </span>
  );
}

function Unasked({ rows }: { readonly rows: readonly HealthRow[] }) {
  const errors = new Map(rows.flatMap((row) => ('error' in row ? [[row.traefik, row.error]] : [])));
  return (
    <>
      {[...errors].map(([traefik, error]) => (
        <span key={traefik} class="sub">
          {traefik}: {error}
        </span>
      ))}
    </>
  );
}
