import { expect, onTestFinished, test, vi } from 'vitest';
import { Publisher } from '../../../../src/control-plane/publisher.ts';
import { RevisionAges } from '../../../../src/http/admin/revision-ages.ts';

test('a clock that is set by an hour makes no Traefik late', () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const published = new Publisher(['default']);
  published.setReadiness({ kind: 'ready' });
  published.publish('default', [Buffer.from('{"http":{}}')]);
  const ages = new RevisionAges(published, () => undefined);
  onTestFinished(() => ages.stop());
  const former = published.current('default')?.revision ?? '';
  published.publish('default', [Buffer.from('{"tcp":{}}')]);
  for (const ms of [3_600_000, -7_200_000]) {
    vi.setSystemTime(Date.now() + ms);
    const seconds = ages.behindSeconds('default', former);
    expect(seconds).toBeGreaterThanOrEqual(0);
    expect(seconds).toBeLessThan(600);
  }
});
