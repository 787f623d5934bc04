import type { RouteHit } from '../../../model/listing.ts';
import { useLive } from './live.tsx';
import { Link, useNavigation } from './navigation.tsx';
import { Rule } from './rule.tsx';
import { SearchField } from './search-field.tsx';
import { ProblemMark } from './severity.tsx';
import { useSearch } from './use-search.ts';
import { WindowList } from './window-list.tsx';
import { toCount } from './words.ts';

export function RoutesView() {
  const { place } = useNavigation();
  const { version } = useLive();
  const { text, total, onText, onTotal } = useSearch();
  const path = `api/search/routes?q=${encodeURIComponent(text)}`;
  return (
    <>
      <div class="tools">
        <h1>Routes</h1>
        <SearchField
          label="Search routes"
          hint="host, namespace, Service, port… ns:shop host:www"
          onText={onText}
        />
        <p class="found" role="status">
          {total !== undefined && toCount(total, 'route')}
        </p>
      </div>
      <WindowList<RouteHit>
        label="Routes"
        path={path}
        version={version}
        rowHeight={[54, 92]}
        onTotal={onTotal}
        empty={text === '' ? 'Nothing is routed.' : 'No route has all these words. Fewer of them find more.'}
        row={(route, index, tabIndex) => (
          <RouteLine route={route} index={index} tabIndex={tabIndex} chosen={place.object} />
        )}
      />
    </>
  );
}

function RouteLine(props: {
  readonly route: RouteHit;
  readonly index: number;
  readonly tabIndex: number;
  readonly chosen: string;
}) {
  const { route, index, tabIndex, chosen } = props;
  return (
    <Link
      to={{ object: route.object, port: '' }}
      class="row route"
      index={index}
      tabIndex={tabIndex}
      current={chosen === route.object ? 'true' : undefined}
    >
      <ProblemMark problems={route.problems} />
      <span class="main">
        <Rule rule={route.rule} />
        <span class="sub">{route.object}</span>
      </span>
      <span class="to">
        <span class="unseen"> to </span>
        <Target route={route} />
      </span>
      <span class="tags">
        {route.entryPoints.map((name) => (
          <span class="tag" key={name}>
            {name}
          </span>
        ))}
        {route.tls && <span class="tag tls">TLS</span>}
        {route.protocol !== 'http' && <span class="tag">{route.protocol}</span>}
      </span>
    </Link>
  );
}

/** Where a route leads: its servers, or the shares of its services. */
function Target({ route }: { readonly route: RouteHit }) {
  const { branches, servers, serverCount, service } = route;
  const [only = 'no server: answers 503'] = servers;
  const rest = serverCount > 1 ? ` and ${toCount(serverCount - 1, 'more', 'more')}` : '';
  return (
    <>
      <span class="name">{branches === undefined ? service : describeShares(route)}</span>
      <span class="sub">
        {only}
        {rest}
      </span>
    </>
  );
}

function describeShares({ branches = [] }: RouteHit): string {
  return branches
    .map(({ role, percent, service }) => {
      if (role === 'fallback') return `else ${service}`;
      return role === 'copies' ? `${percent} % copied to ${service}` : `${percent} % ${service}`;
    })
    .join(', ');
}
