import type { PortRow } from '../../../../model/published.ts';
import { toTargetText } from '../../../../model/target-text.ts';
import { useLive } from '../live.tsx';
import { Link, useNavigation } from '../navigation.tsx';
import { Age } from '../time.tsx';
import { WindowList } from '../window-list.tsx';

const words: Readonly<Record<PortRow['state'], string>> = {
  held: 'held since',
  cooling: 'cools down since',
  lost: 'lost; held since',
};

/** The ports that somebody has or had, as a list. */
export function PortLines({
  text,
  onTotal,
}: {
  readonly text: string;
  readonly onTotal: (total: number) => void;
}) {
  const { place } = useNavigation();
  const { version } = useLive();
  return (
    <WindowList<PortRow>
      label="Ports"
      path={`api/search/ports?q=${encodeURIComponent(text)}`}
      version={version}
      rowHeight={[44, 66]}
      onTotal={onTotal}
      empty={text === '' ? 'Nobody holds a port.' : 'No port matches.'}
      row={(row, index, tabIndex) => {
        const [protocol = 'tcp'] = row.protocols;
        return (
          <Link
            to={{ pool: `${row.fleet}/${row.pool}/${protocol}`, port: String(row.port), object: '' }}
            class="row port"
            index={index}
            tabIndex={tabIndex}
            current={place.port === String(row.port) ? 'true' : undefined}
          >
            <span class={`swatch s-${row.state[0]}`} aria-hidden="true" />
            <span class="number name">{row.port}</span>
            <span class="main">
              <span class="name">{row.holder}</span>
              <span class="sub">
                {toTargetText(row)}, {row.protocols.join(' and ')}, {words[row.state]}{' '}
                <Age time={row.since} suffix="" />
              </span>
            </span>
            <span class="tags">
              <span class="tag">
                {row.fleet}/{row.pool}
              </span>
            </span>
          </Link>
        );
      }}
    />
  );
}
