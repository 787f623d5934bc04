import { readFileSync } from 'node:fs';
import { endpoints } from '../src/http/admin/endpoints.ts';

const root = new URL('..', import.meta.url);

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
  const rows = endpoints.map(
    ({ path, answer, says }) =>
      `| \`${path}\` | \`${answer}\` | ${says[0]?.toUpperCase()}${says.slice(1)}. |`,
  );
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
