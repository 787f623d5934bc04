import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { describeEmbedded, embeddedSettings } from '../../../src/settings/embedded.ts';
import { processVariables } from '../../../src/settings/variable-names.ts';
import { eachField } from '../../../src/settings/fields.ts';
import { settingsReference } from '../../../src/settings/reference.ts';

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-embedded-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test('without a configuration the examples of the current folder are served', () => {
  const cwd = makeFolder();
  mkdirSync(join(cwd, 'examples'));
  const settings = embeddedSettings({ env: {}, cwd });
  expect(settings.sources).toEqual([
    { name: 'examples', required: true, directory: { path: join(cwd, 'examples'), watch: true } },
  ]);
  expect(settings.ledger).toMatchObject({ file: join(cwd, 'fairlead-ports.json') });
  expect(settings.fleets[0]?.addresses).toEqual(['localhost']);
  expect(settings.ingress.unclassed).toBe('take');
  expect(settings.services.expose.map(({ key }) => key)).toEqual(['ingress', 'fairlead.dev/expose']);
  expect(describeEmbedded(settings)).toContain(join(cwd, 'examples'));
});

test('elsewhere those that come with the program are served', () => {
  const shipped = fileURLToPath(new URL('../../../examples', import.meta.url));
  expect(existsSync(shipped)).toBe(true);
  expect(embeddedSettings({ env: {}, cwd: makeFolder() }).sources[0]).toMatchObject({
    directory: { path: shipped },
  });
});

test('the environment still changes every field', () => {
  const settings = embeddedSettings({ env: { FAIRLEAD_LISTEN_PROVIDER: ':80' }, cwd: makeFolder() });
  expect(settings.listen.provider).toEqual({ host: '', port: 80 });
});

test('the reference says of every field what it means and what it is without being set', () => {
  const reference = settingsReference();
  const rows = reference.split('\n').filter((line) => line.startsWith('| `'));
  for (const row of rows)
    expect(
      row
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .every((cell) => cell.trim() !== ''),
    ).toBe(true);
  const fields = [...eachField()].filter(({ path }) => path.at(-1) !== '#');
  expect(rows.length).toBe(fields.length + Object.keys(processVariables).length);
  expect(reference).toContain('| `provider.hold` | duration | `4s` | `FAIRLEAD_PROVIDER_HOLD` | How long');
  expect(reference).toContain(
    '| `fleets[].ports.tcp` | object, or null | see its fields | `FAIRLEAD_FLEETS_0_PORTS_TCP` |',
  );
});
