import type { AppliedRow, HealthRow, RouteReason, RouteRow } from '../../../../model/published.ts';
import type { ExplanationJson } from '../../report-json.ts';
import { Link } from '../navigation.tsx';
import { Rule } from '../rule.tsx';
import { toCount } from '../words.ts';
import { AppliedOn } from './applied-on.tsx';
import { OnTraefiks } from './on-traefiks.tsx';
import { Servers } from './servers.tsx';

/** An object may have thousands; so many are shown. */
const most = 30;

/** The routers that an object became. */
export function ObjectRoutes({ told }: { readonly told: ExplanationJson }) {
  const { routes, reasons = [], health = [], applied = [], object } = told;
  if (routes.length === 0) return null;
  return (
    <section aria-label="Routers">
      <h3>It became</h3>
      {routes.slice(0, most).map((route) => (
        <RouterStory
          key={`${route.fleet} ${route.protocol} ${route.router}`}
          route={route}
          object={object}
          reason={reasons.find(({ fleet, router }) => fleet === route.fleet && router === route.router)}
          health={health}
          applied={applied.find((row) => isOf(row, route))}
        />
      ))}
      {routes.length > most && <p class="more">and {toCount(routes.length - most, 'more router')}</p>}
    </section>
  );
}

interface RouterStoryProps {
  readonly route: RouteRow;
  readonly object: string;
  readonly reason: RouteReason | undefined;
  readonly health: readonly HealthRow[];
  readonly applied: AppliedRow | undefined;
}

function isOf(row: AppliedRow, { fleet, protocol, router }: RouteRow): boolean {
  return row.fleet === fleet && row.protocol === protocol && row.router === router;
}

/** The way from what asks for a router to the Traefiks that have it. */
function RouterStory({ route, object, reason, health, applied }: RouterStoryProps) {
  const { protocol, router, rule, entryPoints, middlewares, tls } = route;
  return (
    <article class="router" aria-label={`Router ${router}`}>
      <ol class="way">
        {reason !== undefined && (
          <li>
            <span class="step">asked for by</span>
            <Reason reason={reason} object={object} />
          </li>
        )}
        <li>
          <span class="step">
            {protocol}
            {tls ? ' with TLS' : ''} router
          </span>
          <code class="name">{router}</code>
          <span class="block">
            <Rule rule={rule} />
          </span>
          <span class="sub">on {entryPoints.join(', ')}</span>
        </li>
        {middlewares.length > 0 && (
          <li>
            <span class="step">through</span>
            {middlewares.map((name) => (
              <code key={name} class="block">
                {name}
              </code>
            ))}
          </li>
        )}
        <li>
          <span class="step">to</span>
          <Servers route={route} health={health} />
        </li>
        <li>
          <span class="step">on</span>
          {applied === undefined ? <OnTraefiks fleet={route.fleet} /> : <AppliedOn row={applied} />}
        </li>
      </ol>
    </article>
  );
}

function Reason({ reason, object }: { readonly reason: RouteReason; readonly object: string }) {
  const { field, annotations } = reason;
  return (
    <>
      <code>{field || 'the object'}</code>
      {annotations.length > 0 && (
        <span class="sub">
          shaped by{' '}
          {annotations.map((each, index) => (
            <span key={`${each.object} ${each.key}`}>
              {index > 0 && ', '}
              <code>{each.key}</code>
              {each.object !== object && (
                <>
                  {' of '}
                  <Link to={{ object: each.object, port: '' }}>{each.object}</Link>
                </>
              )}
            </span>
          ))}
        </span>
      )}
    </>
  );
}
