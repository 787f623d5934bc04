import { expect, it, onTestFinished, vi } from 'vitest';
import type { HeldPort } from '../../../src/model/ports.ts';
import { Publisher } from '../../../src/control-plane/publisher.ts';
import { TraefikWatch } from '../../../src/control-plane/traefik-watch.ts';
import { EdgeReports } from '../../../src/control-plane/edge-reports.ts';
import { toDocument } from '../../../src/settings/config-file.ts';
import { resolveSettings } from '../../../src/settings/resolve-settings.ts';
import { toState } from '../ports/allocation/notation.ts';

const ports = { tcp: { range: '20000-20003' }, udp: null, requestable: null, bank: 2, spare: 0 };
const { fleets } = resolveSettings({
  document: toDocument({ fleets: [{ name: 'default', ports }] }),
  env: {},
  folder: '/',
  sources: [{ name: 'prod', directory: { path: '/manifests' } }],
});

function toRow(revision: string | null, more: object = {}, bank = 0) {
  const seen = {
    version: '3.7.0',
    startedAt: 'then',
    revision,
    entryPoints: ['web', 'websecure', 'ready', ['tcp-', 20_000, 20_001]],
    faults: [],
    ...more,
  };
  return { bank, seen, error: null };
}
const toReport = (...traefiks: readonly unknown[]) => ({ traefiks });

function start() {
  const published = Publisher.of(fleets);
  const changed = vi.fn();
  const watch = new TraefikWatch({ fleets, published, changed });
  onTestFinished(() => watch.stop());
  published.setReadiness({ kind: 'ready' });
  const publish = (text: string): string => {
    published.publish('default', [Buffer.from(text)]);
    return published.current('default')?.revision ?? '';
  };
  const [held] = toState(['20000 tcp a:80 held@1']).entries;
  if (held?.state !== 'held') throw new Error('no port is held');
  const serves = (port: HeldPort = held) => watch.serves(port, 'default', published.sequence('default'));
  return { published, publish, watch, changed, serves };
}

it('a host is shown with what it reports, bank by bank, and what it no longer reports is not', () => {
  const { publish, watch, changed } = start();
  const revision = publish('{"n":1}');
  const fault = { protocol: 'tcp', router: 'a', status: 'disabled', entryPoints: ['tcp-20000'], errors: [] };
  const both = toReport(toRow(revision, { faults: [fault] }), { bank: 1, seen: null, error: 'it is away' });
  expect(watch.reported('default', 'host-1', both)).toBe('taken');
  expect(watch.reported('default', 'host-0', toReport(toRow('abc')))).toBe('taken');
  expect(
    watch.views().map(({ name, bank, standing, faults }) => [name, bank, standing, faults.size]),
  ).toEqual([
    ['host-0 (bank 0)', 0, 'behind', 0],
    ['host-1 (bank 0)', 0, 'current', 1],
    ['host-1 (bank 1)', 0, 'unreachable', 0],
  ]);
  expect(changed).toHaveBeenCalledTimes(2);
  watch.reported('default', 'host-1', both);
  expect(changed).toHaveBeenCalledTimes(2);
  watch.reported('default', 'host-1', toReport());
  expect(changed).toHaveBeenCalledTimes(3);
  expect(watch.views().map(({ name }) => name)).toEqual(['host-0 (bank 0)']);
});

it('takes nothing of fleets, banks and hosts that cannot be', () => {
  const { watch } = start();
  expect(watch.reported('other', 'host-1', toReport())).toBe('unknown-fleet');
  expect(watch.reported('default', 'host-1', { traefiks: 1 })).toBe('unusable');
  watch.reported('default', 'host-1', toReport(toRow('abc', {}, 2)));
  expect(watch.views()).toEqual([]);
  for (let host = 2; host <= 200; host += 1)
    expect(watch.reported('default', `host-${host}`, toReport(toRow('abc')))).toBe('taken');
  expect(watch.reported('default', 'host-201', toReport())).toBe('full');
  expect(watch.reported('default', 'host-200', toReport())).toBe('taken');
});

it('forgets a host that reports no more', async () => {
  const changed = vi.fn();
  const reports = new EdgeReports({ fleets, isLate: () => false, changed, forgetMs: 50 });
  reports.take('default', 'host-1', toReport(toRow('abc')));
  expect(reports.has('default', 'host-1', 0)).toBe(true);
  await vi.waitFor(() => expect(reports.states()).toEqual([]), 5_000);
  expect(changed).toHaveBeenCalledTimes(2);
});

it('a port is served when all hosts that poll its bank say so, and waited for when one says it does not', () => {
  const { published, publish, watch, serves } = start();
  const old = publish('{"n":1}');
  const current = publish('{"n":2}');
  expect(serves()).toBeUndefined();
  watch.reported('default', 'host-1', toReport(toRow(old)));
  expect(serves()).toBe('waits');
  watch.reported('default', 'host-1', toReport(toRow(current)));
  expect(serves()).toBe(true);
  // A host that polls, and does not report.
  published.polled({}, 'default', 'host-2');
  expect(serves()).toBeUndefined();
  watch.reported('default', 'host-2', toReport(toRow(current, { entryPoints: ['web'] })));
  expect(serves()).toBe('waits');
  watch.reported('default', 'host-2', toReport(toRow(current)));
  expect(serves()).toBe(true);
  const fault = { protocol: 'tcp', router: 'a', status: 'disabled', entryPoints: ['tcp-20000'], errors: [] };
  watch.reported('default', 'host-2', toReport(toRow(current, { faults: [fault] })));
  expect(serves()).toBe('waits');
  watch.reported('default', 'host-2', toReport({ ...toRow(current), error: 'it is away' }));
  expect(serves()).toBeUndefined();
});
