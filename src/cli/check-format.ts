import { problemCodes, type Severity } from '../model/problem-codes.ts';
import { toObjectPath } from '../model/object-ref.ts';
import type { LocatedProblem } from './problem-lines.ts';
import { toPrintable } from './table.ts';

/** The formats that a CI reads. */
export type CheckFormat = 'github' | 'junit' | 'sarif';

/** Writes all problems of a check; `failing` are those that make it fail. */
type Write = (problems: readonly LocatedProblem[], failing: ReadonlySet<LocatedProblem>) => string;

export const checkFormats: Readonly<Record<CheckFormat, Write>> = {
  github: toGithub,
  junit: toJunit,
  sarif: toSarif,
};

/** Workflow commands: https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands */
function toGithub(problems: readonly LocatedProblem[]): string {
  const commands: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' };
  const lines = problems.map(({ problem, location }) => {
    const place =
      location === undefined
        ? []
        : [`file=${toProperty(location.file)}`, `line=${location.line}`, `col=${location.column}`];
    const properties = [...place, `title=${toProperty(`${problem.code} ${toObjectPath(problem.subject)}`)}`];
    return `::${commands[problem.severity]} ${properties.join(',')}::${toData(toText({ problem }))}\n`;
  });
  return lines.join('');
}

function toData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function toProperty(text: string): string {
  return toData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** JUnit's XML as Jenkins and GitLab read it: a test case for each problem, or a single one that passed. */
function toJunit(problems: readonly LocatedProblem[], failing: ReadonlySet<LocatedProblem>): string {
  const cases = problems.map((each) => {
    const { problem, location } = each;
    const file = location?.file ?? problem.subject.source;
    const where = location === undefined ? file : `${file}:${location.line}:${location.column}`;
    const name = toXml(`${problem.code} ${toObjectPath(problem.subject)}`);
    const text = toXml(`${where}: ${toText(each)}`);
    const inside = failing.has(each)
      ? `<failure type="${problem.code}" message="${toXml(problem.message)}">${text}</failure>`
      : `<system-out>${text}</system-out>`;
    return `    <testcase classname="${toXml(file)}" name="${name}">${inside}</testcase>\n`;
  });
  const all = cases.length === 0 ? ['    <testcase classname="fairlead" name="check"/>\n'] : cases;
  const counts = `tests="${all.length}" failures="${failing.size}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites ${counts}>
  <testsuite name="fairlead check" ${counts}>
${all.join('')}  </testsuite>
</testsuites>
`;
}

function toXml(text: string): string {
  const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  // XML 1.0 has no way to write these at all.
  return toPrintable(text)
    .replaceAll(/[\uD800-\uDFFF\uFFFE\uFFFF]/gu, '\uFFFD')
    .replaceAll(/[&<>"]/g, (character) => escapes[character] ?? '');
}

/** SARIF 2.1.0, as code scanning of GitHub and others read it. */
function toSarif(problems: readonly LocatedProblem[]): string {
  const levels: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };
  const codes = [...new Set(problems.map(({ problem }) => problem.code))].sort();
  const rules = codes.map((code) => ({
    id: code,
    shortDescription: { text: problemCodes[code].means },
    defaultConfiguration: { level: levels[problemCodes[code].severity] },
  }));
  const results = problems.map(({ problem, location }) => ({
    ruleId: problem.code,
    level: levels[problem.severity],
    message: { text: `${toObjectPath(problem.subject)}: ${toText({ problem })}` },
    ...(location && {
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: location.file.split('/').map(encodeURIComponent).join('/') },
            region: { startLine: location.line, startColumn: location.column },
          },
        },
      ],
    }),
  }));
  const driver = { name: 'fairlead', rules };
  const log = { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0' };
  return `${JSON.stringify({ ...log, runs: [{ tool: { driver }, results }] }, null, 2)}\n`;
}

function toText({ problem }: Pick<LocatedProblem, 'problem'>): string {
  return `${problem.message} (${problem.hint})`;
}
