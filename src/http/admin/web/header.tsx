import { useLive } from './live.tsx';
import { Link, useNavigation } from './navigation.tsx';
import { countSeverity } from './severity.tsx';
import { toNumber } from './words.ts';

export function Header() {
  const { status } = useLive();
  const { place } = useNavigation();
  const problems = status.value?.problems ?? [];
  const errors = countSeverity(problems, 'error');
  const tab = (view: typeof place.view, name: string, count?: number, isBad = false) => (
    <li>
      <Link to={{ view }} current={place.view === view ? 'page' : undefined}>
        {name}
        {count !== undefined && count > 0 && (
          <span class={isBad ? 'count bad' : 'count'}>{toNumber(count)}</span>
        )}
      </Link>
    </li>
  );
  return (
    <header class="top">
      <span class="brand">Fairlead</span>
      <nav aria-label="Views">
        <ul>
          {tab('overview', 'Overview')}
          {tab('routes', 'Routes')}
          {tab('ports', 'Ports')}
          {tab('problems', 'Problems', status.value && countSeverity(problems), errors > 0)}
        </ul>
      </nav>
      <LiveMark />
    </header>
  );
}

function LiveMark() {
  const { connected, status } = useLive();
  const silent = status.error !== undefined;
  const [mark, word, title] = silent
    ? ['bad', 'no answer', 'Fairlead does not answer']
    : connected
      ? ['good', 'live', 'Changes show at once']
      : ['idle', 'every 5 s', 'Changes show every few seconds'];
  return (
    <span class="live" role="status" title={title}>
      <span class={`dot ${mark}`} aria-hidden="true" />
      {word}
    </span>
  );
}
