import type { Page } from '../../../../model/listing.ts';
import { refusalCodes } from '../../../../model/refusal-codes.ts';
import type { ProblemJson } from '../../../problem-json.ts';
import { useLive } from '../live.tsx';
import { Link } from '../navigation.tsx';
import { Prose } from '../prose.tsx';
import { SeverityMark } from '../severity.tsx';
import { useAnswer } from '../use-answer.ts';
import { toCount } from '../words.ts';

/** So many are listed. */
const most = 5;
const path = `api/search/problems?limit=${most}&code=${[...refusalCodes].join(',')}`;

/** Requests for ports that could not be met; nothing where there are none. */
export function UnmetRequests() {
  const { version } = useLive();
  const { value } = useAnswer<Page<ProblemJson>>(path, version);
  if (value === undefined || value.total === 0) return null;
  const { total, rows } = value;
  return (
    <details class="unmet">
      <summary>{toCount(total, 'request')} could not be met</summary>
      <ul class="lines">
        {rows.map(({ severity, object, message, hint, field }) => (
          <li key={`${object} ${field} ${message}`}>
            <SeverityMark severity={severity} />
            <span class="grow">
              <Link to={{ object, port: '' }}>{object}</Link>
              <span class="sub">
                {message}. <Prose text={hint} />
              </span>
            </span>
          </li>
        ))}
      </ul>
      {total > most && (
        <p class="more">
          <Link to={{ view: 'problems', code: [...refusalCodes].join(',') }}>
            and {toCount(total - most, 'more', 'more')}
          </Link>
        </p>
      )}
    </details>
  );
}
