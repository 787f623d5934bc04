import type { Status } from '../../status.ts';
import { Age } from '../time.tsx';
import { toCount, toNumber } from '../words.ts';
import { Card } from './card.tsx';

const marks = { synced: 'good', starting: 'idle', stale: 'bad' } as const;
const words = { synced: 'synced', starting: 'starting', stale: 'stale' } as const;

export function SourceTable({ status }: { readonly status: Status }) {
  const { sources, objects } = status;
  return (
    <Card title="Sources" aside={toCount(objects, 'object')}>
      <ul class="lines">
        {sources.map(({ name, state, detail, objects: count, lastSync, kept }) => (
          <li key={name}>
            <span class={`dot ${marks[state]}`} aria-hidden="true" />
            <span class="grow">
              <b>{name}</b> {kept === undefined ? words[state] : 'served from lastKnownGood'}
              {kept !== undefined && (
                <>
                  , of <Age time={kept} />
                </>
              )}
              {state !== 'synced' && lastSync !== null && (
                <>
                  , synced <Age time={lastSync} />
                </>
              )}
              {detail !== '' && <span class="sub">{detail}</span>}
            </span>
            <span class="number">{toNumber(count)}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
