import type { ProblemJson } from '../../../problem-json.ts';
import { Prose } from '../prose.tsx';
import { SeverityMark } from '../severity.tsx';

/** What is wrong with an object, and how to mend it. */
export function ObjectProblems({ problems }: { readonly problems: readonly ProblemJson[] }) {
  if (problems.length === 0) return null;
  return (
    <section aria-label="Problems">
      <h3>Problems</h3>
      <ul class="lines">
        {problems.map(({ severity, code, field, message, hint }) => (
          <li key={`${code} ${field} ${message}`}>
            <SeverityMark severity={severity} />
            <span class="grow">
              {message}. <span class="code">{code}</span>
              <span class="sub">
                <Prose text={hint} />
              </span>
              {field !== '' && <code class="field">{field}</code>}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
