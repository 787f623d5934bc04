import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mostBanks } from '../src/model/bank.ts';
import { mostProblems } from '../src/model/problem-list.ts';
import { loadSettings } from '../src/settings/load-settings.ts';
import { limits, toSmallBytes } from '../src/source/folder/limits.ts';
import { maxDepth } from '../src/source/folder/manifest-fault.ts';
import { mostReportBytes } from '../src/traefik-api/edge-report.ts';
import { acceptSeconds, graceSeconds } from '../src/traefik/static/entry-point.ts';
import { longestWindowMs } from '../src/write-back/error-shares.ts';

// Figures that a page and the code both have: whoever changes one is led to the other.

const root = new URL('..', import.meta.url).pathname;
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** A number that a file keeps for itself, as `const name = 64 * 1024`, `name: 25` or `?? 100`. */
function own(path: string, before: string): number {
  const [, product] = new RegExp(`${before}\\s*(\\d[\\d_* ]*)`).exec(read(path)) ?? [];
  if (product === undefined) throw new Error(`${path} has no number behind ${before}`);
  return product.split('*').reduce((all, factor) => all * Number(factor.replaceAll('_', '')), 1);
}

const settings = loadSettings({ env: {}, cwd: tmpdir(), directories: [tmpdir()] });
const [fleet] = settings.fleets;
const pool = fleet?.pools[0];
const { shrinkGuard } = settings.provider;
const { node } = JSON.parse(read('package.json')).engines as { readonly node: string };
const { version } = JSON.parse(read('package.json')) as { readonly version: string };
const mebibyte = 1024 * 1024;
const words: Readonly<Record<string, number>> = { two: 2, three: 3, five: 5, ten: 10, twenty: 20 };

type Figure = readonly [page: string, text: RegExp, ...expected: readonly number[]];

const figures: readonly Figure[] = [
  [
    'docs/changes.md',
    /share: ([\d.]+) .*\n\s*minimum: (\d+) .*\n\s*for: (\d+)s/,
    shrinkGuard.share,
    shrinkGuard.minimum,
    shrinkGuard.forMs / 1_000,
  ],
  ['docs/changes.md', /is `hold` for (\d+) s/, shrinkGuard.forMs / 1_000],
  ['docs/edge.md', /accepts no more connections after (\d+) s/, acceptSeconds],
  ['docs/edge.md', /connections for (\d+) s more/, acceptSeconds],
  ['docs/edge.md', /time of the fleet \((\d+) s\)/, graceSeconds],
  ['docs/edge.md', /no routes within (\d+) s/, own('src/edge/bank-process.ts', 'lateMs =') / 1_000],
  ['docs/edge.md', /report has at most (\d+) KiB/, mostReportBytes / 1024],
  [
    'docs/edge.md',
    /(\d+) hosts of a fleet are shown/,
    own('src/control-plane/edge-reports.ts', 'mostHosts ='),
  ],
  ['docs/external-dns.md', /for (ten) minutes before/, (pool?.cooldownMs ?? 0) / 60_000],
  [
    'docs/folders.md',
    /(\d+) MiB of YAML, (\d+) MiB of JSON/,
    limits.yamlBytes / mebibyte,
    limits.jsonBytes / mebibyte,
  ],
  ['docs/folders.md', /of one YAML file \| ([\d,]+)/, limits.yamlPieces],
  ['docs/folders.md', /\| depth \| (\d+)/, maxDepth],
  [
    'docs/folders.md',
    /repeat in one document \| ([\d,]+)/,
    own('src/source/folder/yaml-value.ts', 'maxAliasedValues ='),
  ],
  ['docs/folders.md', /of one object that is read \| ([\d,]+)/, limits.objectValues],
  [
    'docs/folders.md',
    /one folder \| (\d+) MiB, ([\d,]+) values/,
    limits.folderBytes / mebibyte,
    limits.folderValues,
  ],
  [
    'docs/folders.md',
    /over (\d+) KiB \(YAML\) or (\d+) KiB \(JSON\)/,
    toSmallBytes('a.yaml') / 1024,
    toSmallBytes('a.json') / 1024,
  ],
  ['docs/http-api.md', /`limit`, at most (\d+)/, own('src/http/admin/read-query.ts', 'mostRows =')],
  ['docs/http-api.md', /At most (\d+) clients listen/, own('src/http/event-hub.ts', 'maxClients \\?\\?')],
  ['docs/http-api.md', /at most (ten) a second/, 1_000 / own('src/http/event-hub.ts', 'quietMs \\?\\?')],
  [
    'docs/kubernetes.md',
    /at most every (five) seconds/,
    own('src/write-back/events/event-recorder.ts', 'changeMs:') / 1_000,
  ],
  [
    'docs/kubernetes.md',
    /burst of (\d+), (five) Events/,
    own('src/write-back/events/event-recorder.ts', 'burst:'),
    own('src/write-back/events/event-recorder.ts', 'perSecond:'),
  ],
  ['docs/kubernetes.md', /`writeBack.announceAfter` \((\d+) s\)/, settings.writeBack.announceAfterMs / 1_000],
  [
    'docs/metrics.md',
    /Only the (\d+) that expire first/,
    own('src/http/admin/state-gauges.ts', 'certificates\\('),
  ],
  ['docs/metrics.md', /Only the (\d+) namespaces/, own('src/http/admin/state-gauges.ts', 'mostNamespaces =')],
  [
    'docs/metrics.md',
    /Only the (\d+) that polled last/,
    own('src/http/admin/revision-ages.ts', 'mostTraefiks ='),
  ],
  [
    'docs/metrics.md',
    /in the last (ten) minutes/,
    own('src/http/provider/pollers.ts', 'forgottenAfterMs =') / 60_000,
  ],
  ['docs/ports.md', /`bankGrace` \((\d+) h\)/, (pool?.bankGraceMs ?? 0) / 3_600_000],
  ['docs/ports.md', /at most ([\d,]+) banks/, mostBanks],
  ['docs/problems.md', /at most (twenty) problems of each code/, mostProblems],
  ['docs/restarts.md', /connections for (\d+) more seconds/, acceptSeconds],
  ['docs/restarts.md', /connections have (\d+) seconds to end/, graceSeconds],
  ['docs/restarts.md', /have (\d+) s to end/, graceSeconds],
  [
    'docs/tls.md',
    /RSA from ([\d,]+) to ([\d,]+) bits/,
    own('src/certificates/public-key.ts', '\\[minBits, maxBits\\] = \\['),
    own('src/certificates/public-key.ts', '\\[minBits, maxBits\\] = \\[\\d+,'),
  ],
  ['docs/tls.md', /up to (\d+) names/, own('src/certificates/host-names.ts', 'maxNames =')],
  [
    'docs/tls.md',
    /up to (\d+) KiB and (\d+) blocks/,
    own('src/certificates/pem.ts', 'maxLength =') / 1024,
    own('src/certificates/pem.ts', 'maxBlocks ='),
  ],
  [
    'docs/tls.md',
    /`certificates.warnBefore` \((\d+) days\)/,
    settings.certificates.warnBeforeMs / 86_400_000,
  ],
  [
    'docs/vm-backends.md',
    /last (five) minutes, with at least (\d+) requests/,
    longestWindowMs / 60_000,
    own('src/write-back/migration-steps.ts', 'fewestRequests ='),
  ],
  [
    'docs/annotations.md',
    /fail (three) times in a row, and puts them back after (two) successes/,
    own('src/health/tally.ts', 'fall ='),
    own('src/health/tally.ts', 'rise ='),
  ],
];

test.each(figures.map((figure) => ({ figure, at: `${figure[0]}: ${figure[1].source}` })))(
  '$at',
  ({ figure }) => {
    const [page, pattern, ...expected] = figure;
    // Pages are wrapped, and tables are filled with blanks.
    const text = read(page);
    const found = pattern.exec(text) ?? pattern.exec(text.replaceAll(/\s+/g, ' '));
    const numbers = found?.slice(1).map((word) => words[word] ?? Number(word.replaceAll(',', '')));
    expect(numbers).toEqual(expected);
  },
);

test('the pages ask for the Node that package.json asks for', () => {
  const [, asked = ''] = /^>=(\d+\.\d+)\.0$/.exec(node) ?? [];
  expect(read('README.md')).toContain(`Node ${asked} or later`);
  expect(read('docs/requirements.md')).toMatch(new RegExp(`\\| Node +\\| ${asked} or later`));
});

test.each([
  'README.md',
  'docs/install.md',
  'docs/kubernetes.md',
  'deploy/compose/compose.yaml',
  'charts/fairlead/Chart.yaml',
])('%s names the version of package.json, and no other', (page) => {
  const named = read(page).matchAll(
    /(?:fairlead(?:-edge)?[:-]|fairlead:|^(?:appVersion|version): "?)v?(\d+\.\d+\.\d+)/gm,
  );
  const versions = new Set([...named].map(([, each]) => each));
  expect([...versions]).toEqual([version]);
});
