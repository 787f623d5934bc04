import type { FleetStatus, Status } from '../../status.ts';
import { Age } from '../time.tsx';
import { toCount, toNumber, toShortRevision, toSize } from '../words.ts';
import { Card } from './card.tsx';

export function FleetTable({ status }: { readonly status: Status }) {
  const { fleets, leader } = status;
  return (
    <Card title="Served" aside={leader ? 'leader' : 'follower'}>
      <ul class="lines">
        {fleets.map((fleet) => (
          <li key={fleet.name}>
            <span class="grow">
              <b>{fleet.name}</b> revision{' '}
              <code title={fleet.revision ?? ''}>{toShortRevision(fleet.revision)}</code>
              <span class="sub">{describeRouters(fleet)}</span>
              <span class="sub">
                {fleet.changed === null ? (
                  'not changed yet'
                ) : (
                  <>
                    changed <Age time={fleet.changed} />
                  </>
                )}
                , {toSize(fleet.bytes)}
                {describeBanks(fleet)}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function describeRouters({ routers }: FleetStatus): string {
  const parts = (['http', 'tcp', 'udp'] as const).flatMap((protocol) =>
    routers[protocol] === 0 ? [] : [`${toNumber(routers[protocol])} ${protocol}`],
  );
  return parts.length === 0 ? 'no routers' : `${parts.join(' · ')} routers`;
}

function describeBanks({ banks }: FleetStatus): string {
  if (banks === undefined) return '';
  const wanted = banks.wanted === 0 ? '' : `, ${banks.wanted} wanted`;
  const closing = banks.closing === 0 ? '' : `, ${banks.closing} closing`;
  return `, ${toCount(banks.open, 'bank')} open${wanted}${closing}`;
}
