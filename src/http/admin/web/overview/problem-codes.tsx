import type { Status } from '../../status.ts';
import { Link } from '../navigation.tsx';
import { countSeverity, SeverityMark } from '../severity.tsx';
import { toNumber } from '../words.ts';
import { Card } from './card.tsx';

/** So many are shown here. */
const most = 8;

export function ProblemCodes({ status }: { readonly status: Status }) {
  const { problems } = status;
  const sum = countSeverity(problems);
  return (
    <Card title="Problems" aside={sum === 0 ? 'none' : toNumber(sum)}>
      {sum === 0 && <p class="empty">Nothing that users have written is wrong.</p>}
      <ul class="lines">
        {problems.slice(0, most).map(({ code, severity, count }) => (
          <li key={code}>
            <SeverityMark severity={severity} />
            <span class="grow">
              <Link to={{ view: 'problems', code }}>{code}</Link>
            </span>
            <span class="number">{toNumber(count)}</span>
          </li>
        ))}
      </ul>
      {problems.length > most && (
        <p class="more">
          <Link to={{ view: 'problems' }}>all {toNumber(problems.length)} kinds</Link>
        </p>
      )}
    </Card>
  );
}
