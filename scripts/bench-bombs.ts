/**
 * `npm run bench:bombs [-- NAME]`: what one hostile object costs everybody else. Each bomb runs in a process of its own
 * with a small heap, beside a tenant with one good Service.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import { ProblemLog } from '../src/control-plane/problem-log.ts';
import { toSourceObjects } from '../src/kinds/narrow.ts';
import type { Problem } from '../src/model/problem.ts';
import { Pipeline } from '../src/pipeline/pipeline.ts';
import { rebuildLedger } from '../src/ports/ledger/rebuild-ledger.ts';
import { loadSettings } from '../src/settings/load-settings.ts';
import { bombs, toRawService, toRawSlice, type Raw } from '../test/support/bombs.ts';

const settings = loadSettings({ env: {}, cwd: '/', directories: ['bombs'] });
const [source, fleet] = [settings.sources[0]?.name ?? '', settings.fleets[0]?.name ?? ''];

function time(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** One row of the table. */
function run(name: string): readonly (string | number)[] {
  const pipeline = new Pipeline(settings);
  const problems: Problem[] = [];
  const update = (raws: readonly Raw[]): void => {
    const objects = raws.flatMap((raw) => toSourceObjects(raw, source, (problem) => problems.push(problem)));
    pipeline.update(objects.map((object) => ({ kind: 'set', object })));
    pipeline.toBody(fleet);
  };
  update([toRawService('good', { 'fairlead.dev/host': 'good.test' }), toRawSlice('good', ['10.1.0.1'])]);
  const raws = bombs[name]?.() ?? [];
  const taken = time(() => update(raws));
  const good = time(() => update([toRawSlice('good', ['10.1.0.2'])]));
  const all = [...problems, ...pipeline.problems()];
  let logged = 0;
  const log = new ProblemLog(pino({}, { write: (line: string) => void (logged += line.length) }));
  const told = time(() => log.update(all));
  const body = pipeline.toBody(fleet).length;
  const again = time(() => update([toRawSlice('evil', ['10.2.0.1'])]));
  const ledger = time(() => {
    const { fleets, services } = settings;
    rebuildLedger({
      claims: pipeline.portClaims(),
      objects: [...pipeline.store.values()].filter((object) => object.kind === 'Service'),
      fleets,
      expose: services.expose,
      folders: new Set(),
      since: '2026-01-01T00:00:00Z',
    });
  });
  const resident = process.memoryUsage().rss / 1e6;
  const times = [taken, good, again, ledger, told].map((ms) => Math.round(ms));
  return [...times, body, all.length, JSON.stringify(all).length, logged, Math.round(resident)];
}

const columns = ['in', 'good', 'again', 'ledger', 'log', 'body', 'problems', 'bytes', 'logged', 'MB'];
const [only] = process.argv.slice(2);

if (only === undefined) {
  console.log(['bomb'.padEnd(48), ...columns.map((word) => word.padStart(9))].join(''));
  for (const name of Object.keys(bombs)) {
    const command = ['--max-old-space-size=1000', '--import', 'tsx', fileURLToPath(import.meta.url), name];
    try {
      const stdio = ['ignore', 'pipe', 'ignore'] as const;
      process.stdout.write(execFileSync(process.execPath, command, { timeout: 120_000, stdio: [...stdio] }));
    } catch {
      console.log(`${name.padEnd(48)}    did not end within two minutes and a gigabyte`);
    }
  }
} else console.log([only.padEnd(48), ...run(only).map((value) => String(value).padStart(9))].join(''));
