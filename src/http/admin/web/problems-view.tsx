import type { ProblemJson } from '../../problem-json.ts';
import { useLive } from './live.tsx';
import { Link, useNavigation } from './navigation.tsx';
import { Prose } from './prose.tsx';
import { SearchField } from './search-field.tsx';
import { SeverityMark } from './severity.tsx';
import { useSearch } from './use-search.ts';
import { WindowList } from './window-list.tsx';
import { toCount, toNumber } from './words.ts';

export function ProblemsView() {
  const { place } = useNavigation();
  const { version } = useLive();
  const { text, total, onText, onTotal } = useSearch();
  const params = new URLSearchParams({ q: text, code: place.code, severity: place.severity });
  return (
    <>
      <div class="tools">
        <h1>Problems</h1>
        <SearchField label="Search problems" hint="namespace, name, words of the message…" onText={onText} />
        <CodeChoice />
        <p class="found" role="status">
          {total !== undefined && toCount(total, 'problem')}
        </p>
      </div>
      <WindowList<ProblemJson>
        label="Problems"
        path={`api/search/problems?${params.toString()}`}
        version={version}
        rowHeight={[76, 140]}
        onTotal={onTotal}
        empty={
          text === '' && place.code === '' && place.severity === ''
            ? 'There are no problems.'
            : 'No problem matches.'
        }
        row={(problem, index, tabIndex) => (
          <Link
            to={{ object: problem.object, port: '' }}
            class="row problem"
            index={index}
            tabIndex={tabIndex}
            current={place.object === problem.object ? 'true' : undefined}
          >
            <SeverityMark severity={problem.severity} />
            <span class="main">
              <span class="line">
                <span class="name">{problem.object}</span> <span class="code">{problem.code}</span>
              </span>
              <span class="message">{problem.message}.</span>
              <span class="hint">
                <Prose text={problem.hint} />
              </span>
            </span>
          </Link>
        )}
      />
    </>
  );
}

/** Of all codes that occur, one or all; and of all severities. */
function CodeChoice() {
  const { place, go } = useNavigation();
  const { status } = useLive();
  const codes = status.value?.problems ?? [];
  const chosen = place.code === '' ? place.severity : place.code;
  const isKnown = chosen === '' || chosen === place.severity || codes.some(({ code }) => code === chosen);
  const choose = (value: string): void => {
    const isSeverity = ['error', 'warning', 'info'].includes(value);
    go({ severity: isSeverity ? value : '', code: isSeverity ? '' : value });
  };
  return (
    <label class="choice">
      <span class="unseen">Which problems</span>
      <select value={chosen} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">All</option>
        <option value="error">Errors</option>
        <option value="warning">Warnings</option>
        <option value="info">Notes</option>
        {!isKnown && <option value={chosen}>{chosen}</option>}
        {codes.map(({ code, count }) => (
          <option key={code} value={code}>
            {`${code} (${toNumber(count)})`}
          </option>
        ))}
      </select>
    </label>
  );
}
