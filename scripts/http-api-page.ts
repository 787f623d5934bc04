import { readFileSync } from 'node:fs';

const root = new URL('..', import.meta.url);

/** What an address answers with: the text of a type, and where in the sources its parts are declared. */
interface Endpoint {
  readonly path: string;
  readonly answer: string;
  readonly says: string;
}

const files = [
  'src/http/admin/status.ts',
  'src/model/listing.ts',
  'src/http/problem-json.ts',
  'src/http/admin/report-json.ts',
  'src/http/provider/pollers.ts',
  'src/model/published.ts',
  'src/model/gateway-row.ts',
  'src/model/shrink.ts',
  'src/model/answer.ts',
  'src/model/bank.ts',
  'src/model/problem.ts',
];

/** Every address below `/api`. A test compares them with those that the listener names. */
export const endpoints: readonly Endpoint[] = [
  { path: '/api/status', answer: 'Status', says: 'Everything at a glance.' },
  {
    path: '/api/search/routes',
    answer: 'Page<RouteHit>',
    says: 'Routes in parts: `q` words that all have to occur, `offset`, `limit` (at most 200).',
  },
  { path: '/api/search/ports', answer: 'Page<PortRow>', says: 'Pool ports in parts.' },
  {
    path: '/api/search/problems',
    answer: 'Page<ProblemJson>',
    says: 'Problems in parts, the worst first; also by `severity` and by `code` (several with commas).',
  },
  { path: '/api/pools/{fleet}/{pool}/{protocol}', answer: 'PoolMap', says: 'The map of a pool.' },
  {
    path: '/api/pools/{fleet}/{pool}/{protocol}/{port}',
    answer: 'PortStory',
    says: 'Who has a port, who had it, and who wants it.',
  },
  { path: '/api/routes', answer: 'RouteRow[]', says: 'All routes.' },
  { path: '/api/answer', answer: 'Answer', says: 'The dynamic configuration, element by element.' },
  { path: '/api/ports', answer: 'PortReportJson', says: 'All pools and their ports.' },
  { path: '/api/problems', answer: 'ProblemJson[]', says: 'All problems.' },
  { path: '/api/pollers', answer: 'PollerRow[]', says: 'Who polls, and what each has fetched.' },
  { path: '/api/shrinks', answer: 'ShrinkRow[]', says: 'Losses of most routes at once.' },
  { path: '/api/sources', answer: 'SourceRow[]', says: 'Where objects come from.' },
  { path: '/api/traefiks', answer: 'TraefikRow[]', says: 'What the Traefiks whose APIs are known say.' },
  {
    path: '/api/explain/{kind}/{namespace}/{name}',
    answer: 'ExplanationJson[]',
    says: 'The story of an object, one for each source that has it; 404 when none has.',
  },
];

/** `docs/http-api.md`: addresses, and the types of their answers as they stand in the sources. */
export function toHttpApiPage(notice: string): string {
  const declarations = new Map(files.flatMap((file) => [...readDeclarations(file)]));
  const shown = new Set<string>();
  const wanted = endpoints.flatMap(({ answer }) => listNames(answer));
  while (wanted.length > 0) {
    const name = wanted.shift() ?? '';
    const text = declarations.get(name);
    if (text === undefined || shown.has(name)) continue;
    shown.add(name);
    wanted.push(...listNames(text));
  }
  const rows = endpoints.map(({ path, answer, says }) => `| \`${path}\` | \`${answer}\` | ${says} |`);
  const types = [...shown].sort().map((name) => declarations.get(name));
  return `${notice}# The HTTP API

The admin listener answers GET and HEAD with JSON. [security.md](security.md#who-may-look) says who may see what; objects of other namespaces are left out. An error is
\`{"error": "one line"}\`: 400 for an invalid query, 401 and 403 without permission, 404 for what does not exist, and 503 (with
\`Retry-After\`) when too many clients read lists. Fields may be added in any release. Times are RFC 3339, UTC.

| address | answer | |
| --- | --- | --- |
${rows.join('\n')}

\`/api/events\` is a stream of server-sent events: \`state\` with \`{"state": 17, "traefiks": 4}\` at the start and whenever there is something new to read, at most ten a
second. The first number changes with routes, ports, problems and sources, the second when a Traefik has come or has fetched something. At most 100
clients listen at a time; others get 503. \`fairlead confirm\` sends \`POST /api/confirm\`.

## Types

\`\`\`ts
${types.join('\n\n')}
\`\`\`
`;
}

function listNames(text: string): readonly string[] {
  return text.match(/\b[A-Z]\w+\b/g) ?? [];
}

/** The interfaces and types that a file exports, with their comments. */
function readDeclarations(file: string): ReadonlyMap<string, string> {
  const text = readFileSync(new URL(file, root), 'utf8');
  const pattern =
    /((?:^\/\*\*(?:[^*]|\*(?!\/))*\*\/\n)?)^export (interface|type) (\w+)([\s\S]*?)(?=\n\n|\n$(?![\s\S]))/gm;
  return new Map(
    [...text.matchAll(pattern)].map(([, comment = '', kind = '', name = '', rest = '']) => [
      name,
      `${comment}${kind} ${name}${rest}`.replaceAll(/\breadonly /g, '').trimEnd(),
    ]),
  );
}
