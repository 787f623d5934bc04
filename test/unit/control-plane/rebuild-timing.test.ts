import { expect, test } from 'vitest';
import { toRebuildTiming } from '../../../src/control-plane/rebuild-timing.ts';
import { loadSettings } from '../../../src/settings/load-settings.ts';

test('gathers for longer while a required source is being read, and for as long as the settings say from then on', () => {
  const { provider } = loadSettings({ env: {}, cwd: process.cwd(), directories: ['.'] });
  const tracker = { isReading: true };
  const timing = toRebuildTiming(provider, tracker);
  expect(timing()).toEqual({ quietMs: 1_000, maxWaitMs: 10_000, loneMs: 1_000 });
  tracker.isReading = false;
  expect(timing()).toEqual({ quietMs: 50, maxWaitMs: 1_000, loneMs: 10 });
});
