import type { PortRow } from '../../../../model/published.ts';
import { toTargetText } from '../../../../model/target-text.ts';
import { Link } from '../navigation.tsx';
import { Age } from '../time.tsx';

/** An object may hold hundreds. */
const most = 50;

/** The pool ports that an object holds or had. */
export function ObjectPorts({ ports }: { readonly ports: readonly PortRow[] }) {
  if (ports.length === 0) return null;
  return (
    <section aria-label="Pool ports">
      <h3>Its pool ports</h3>
      <ul class="lines">
        {ports.slice(0, most).map((row) => {
          const { port, protocols, state, since, until, addresses, fleet, pool } = row;
          const [protocol = 'tcp'] = protocols;
          return (
            <li key={`${fleet} ${port} ${protocols.join()}`}>
              <span class={`swatch s-${state[0]}`} aria-hidden="true" />
              <span class="grow">
                <Link to={{ view: 'ports', pool: `${fleet}/${pool}/${protocol}`, port: String(port) }}>
                  <b class="number">{port}</b>
                </Link>{' '}
                {protocols.join(' and ')} for {toTargetText(row)}
                <span class="sub">
                  {state} since <Age time={since} suffix="" />
                  {until !== undefined && (
                    <>
                      , for others <Age time={until} />
                    </>
                  )}
                  {addresses.length > 0 && ` at ${addresses.join(', ')}`}
                </span>
              </span>
            </li>
          );
        })}
      </ul>
      {ports.length > most && <p class="more">and {ports.length - most} more</p>}
    </section>
  );
}
