import { expect, it } from 'vitest';
import { createAbsentSources } from '../../../src/ports/absent-sources.ts';
import { toDocument } from '../../../src/settings/config-file.ts';
import { resolveSettings } from '../../../src/settings/resolve-settings.ts';
import { toState } from './allocation/notation.ts';

function toAbsent(...retiredSources: readonly string[]) {
  const directory = { path: '.' };
  const sources = ['one', 'two'].map((name) => ({ name, directory }));
  const document = toDocument({ sources, ledger: { retiredSources } });
  return createAbsentSources(resolveSettings({ document, env: {}, folder: '/' }));
}

// All of the source vms.
const ledger = toState(['20000 tcp a:80 held@1', '20001 tcp a:81 held@1', '20002 tcp b:80 cooling@5']);

it('a source is absent that is neither configured nor retired', () => {
  const absent = toAbsent('west');
  expect(['one', 'two', 'west', 'tow'].filter((each) => absent.includes(each))).toEqual(['tow']);
});

it('tells how many ports a source holds, without those that cool down', () => {
  expect(toAbsent().problems(ledger)).toMatchObject([
    {
      severity: 'warning',
      code: 'source-absent',
      subject: { source: 'vms', kind: 'Source', name: 'vms' },
      message:
        'The ledger holds 2 pool ports for the source vms, and no source of that name is configured. They are kept for its Services, not routed, and given to nobody else',
      hint: 'When the source has got another name, give it the name vms again. When it is gone for good, or that name was a mistake, add vms to ledger.retiredSources: its ports then cool down and go to others.',
    },
  ]);
});

it('tells nothing of sources that are retired, or whose ports all rest', () => {
  expect(toAbsent('vms').problems(ledger)).toEqual([]);
  expect(toAbsent().problems(toState(['20002 tcp b:80 cooling@5']))).toEqual([]);
});

it('does not count again while the ledger is the same', () => {
  const absent = toAbsent();
  const problems = absent.problems(ledger);
  expect(absent.problems(ledger)).toBe(problems);
  expect(absent.problems({ entries: [] })).toEqual([]);
});
