import type { PortStory } from '../../../../model/listing.ts';
import type { PortRow } from '../../../../model/published.ts';
import { toTargetText } from '../../../../model/target-text.ts';
import { useLive } from '../live.tsx';
import { Link, useNavigation } from '../navigation.tsx';
import { Panel } from '../panel.tsx';
import { Age } from '../time.tsx';
import { useAnswer } from '../use-answer.ts';
import { isPortState, states } from './states.ts';

/** Who has a port, who had it, and who wants it. */
export function PortPanel() {
  const { place } = useNavigation();
  const { version, status } = useLive();
  const [first] = status.value?.pools ?? [];
  const pool = place.pool || (first === undefined ? '' : `${first.fleet}/${first.pool}/${first.protocol}`);
  const path = pool === '' ? '' : `api/pools/${pool}/${encodeURIComponent(place.port)}`;
  const { value, error } = useAnswer<PortStory>(path, version);
  return (
    <Panel title={`Port ${place.port}`}>
      <p class="sub">
        {pool}
        {value !== undefined && value.bank > 0 && `, bank ${value.bank}`}
      </p>
      {value === undefined ? (
        <p class="empty">{error === undefined ? 'Reading…' : `${error.message}.`}</p>
      ) : (
        <Story story={value} />
      )}
    </Panel>
  );
}

function Story({ story }: { readonly story: PortStory }) {
  const { rows, state, history, wantedBy } = story;
  return (
    <>
      {rows.map((row) => (
        <Holder key={`${row.state} ${row.protocols.join()}`} row={row} />
      ))}
      {rows.length === 0 && (
        <p>
          <span class={`swatch s-${state === '.' ? 'x' : state}`} aria-hidden="true" />{' '}
          {isPortState(state) ? `It is ${states[state]}.` : ''}
        </p>
      )}
      {wantedBy.length > 0 && (
        <section aria-label="Asked for by">
          <h3>Asked for by</h3>
          <ul class="lines">
            {wantedBy.map((object) => (
              <li key={object}>
                <Link to={{ object, port: '' }}>{object}</Link>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section aria-label="Held before by">
        <h3>Held before by</h3>
        {history.length === 0 && <p class="quiet">nobody known</p>}
        <ul class="lines">
          {history.map((row) => (
            <li key={`${row.holder} ${row.since}`}>
              <span class="grow">
                <Link to={{ object: row.holder, port: '' }}>{row.holder}</Link>
                <span class="sub">
                  {toTargetText(row)}, until <Age time={row.until} />
                </span>
              </span>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

function Holder({ row }: { readonly row: PortRow }) {
  const { state, holder, source, protocols, since, until, addresses } = row;
  const words = {
    held: 'Held by',
    cooling: 'Cools down after',
    lost: 'Kept, but no longer in a pool, for',
  } as const;
  return (
    <dl class="facts">
      <dt>
        <span class={`swatch s-${state[0]}`} aria-hidden="true" /> {words[state]}
      </dt>
      <dd>
        <Link to={{ object: holder, port: '' }}>{holder}</Link>
      </dd>
      <dt>For</dt>
      <dd>
        {toTargetText(row)}, {protocols.join(' and ')}, source {source}
      </dd>
      <dt>Since</dt>
      <dd>
        <Age time={since} />
      </dd>
      {until !== undefined && (
        <>
          <dt>For others</dt>
          <dd>
            <Age time={until} />
          </dd>
        </>
      )}
      {addresses.length > 0 && (
        <>
          <dt>Reached at</dt>
          <dd>
            {addresses.map((address) => (
              <code key={address}>{address}</code>
            ))}
          </dd>
        </>
      )}
    </dl>
  );
}
