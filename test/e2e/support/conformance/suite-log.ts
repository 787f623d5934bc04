/** One test of the official suite. */
export interface SuiteTest {
  readonly name: string;
  readonly outcome: 'failed' | 'passed' | 'skipped';
  /** Why it was skipped, or what failed first; empty when it passed. */
  readonly why: string;
}

export interface SuiteResult {
  readonly tests: readonly SuiteTest[];
  /** The end of the output, where the suite came to no result. */
  readonly broken?: string;
}

const outcomes = { FAIL: 'failed', PASS: 'passed', SKIP: 'skipped' } as const;
const result = /^ {4}--- (PASS|FAIL|SKIP): TestConformance\/([^/ ]+) /;

/** Reads the output of `go test -v`: the suite's tests are the second level, `TestConformance/Name`. */
export function readSuiteLog(text: string): SuiteResult {
  const lines = text.split('\n');
  const said = collectOutput(lines);
  const tests = lines.flatMap((line): readonly SuiteTest[] => {
    const [, word, name = ''] = result.exec(line) ?? [];
    if (word !== 'PASS' && word !== 'FAIL' && word !== 'SKIP') return [];
    const outcome = outcomes[word];
    return [{ name, outcome, why: outcome === 'passed' ? '' : toWhy(said.get(name) ?? [], outcome) }];
  });
  return tests.length > 0 ? { tests } : { tests, broken: lines.slice(-30).join('\n') };
}

/** What each test has said, its parts included. */
function collectOutput(lines: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const output = new Map<string, string[]>();
  let current = '';
  for (const line of lines) {
    const [, name] = /^=== (?:RUN|CONT|NAME|PAUSE) +TestConformance\/([^/ ]+)/.exec(line) ?? [];
    if (name !== undefined) current = name;
    else output.set(current, [...(output.get(current) ?? []), line]);
  }
  return output;
}

function toWhy(lines: readonly string[], outcome: 'failed' | 'skipped'): string {
  if (outcome === 'skipped') {
    const skip = lines.find((line) => /[Ss]kipping/.test(line)) ?? '';
    return skip.replace(/^.*?[Ss]kipping [^:]*: */, '').trim();
  }
  const at = lines.findIndex((line) => /^\s*(Error:|Messages:)/.test(line));
  return lines
    .slice(Math.max(0, at), at + 4)
    .map((line) => line.trim())
    .join(' ')
    .slice(0, 400);
}
