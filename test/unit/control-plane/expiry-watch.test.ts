import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ExpiryWatch } from '../../../src/control-plane/expiry-watch.ts';

const day = 86_400_000;
const start = Date.UTC(2026, 0, 1);
const certificates = [
  {
    subject: { source: 'one', kind: 'Ingress', namespace: 'shop', name: 'web' },
    field: 'spec.tls[0].secretName',
    secretName: 'web-tls',
    validity: { notBefore: start - day, notAfter: start + 90 * day },
  },
];

beforeEach(() => void vi.useFakeTimers({ now: start }));
afterEach(() => void vi.useRealTimers());

describe('the watch over expiring certificates', () => {
  it('asks for a rebuild when a certificate comes to be reported, though nothing else happens', () => {
    const changed = vi.fn();
    const watch = new ExpiryWatch(14 * day, changed);
    expect(watch.update(certificates)).toBe(false);
    vi.advanceTimersByTime(76 * day - 1_000);
    expect(changed).not.toHaveBeenCalled();
    vi.advanceTimersByTime(2_000);
    expect(changed).toHaveBeenCalledOnce();
    expect(watch.update(certificates)).toBe(true);
    expect(watch.problems).toMatchObject([{ code: 'certificate-expiring' }]);
    expect(watch.update(certificates)).toBe(false);
    vi.advanceTimersByTime(15 * day);
    expect(changed).toHaveBeenCalledTimes(2);
    watch.update(certificates);
    expect(watch.problems).toMatchObject([{ code: 'certificate-expired' }]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('forgets what is no longer used, and stops', () => {
    const changed = vi.fn();
    const watch = new ExpiryWatch(100 * day, changed);
    expect(watch.update(certificates)).toBe(true);
    expect(watch.update([])).toBe(true);
    expect(watch.problems).toEqual([]);
    watch.update(certificates);
    watch.stop();
    vi.advanceTimersByTime(200 * day);
    expect(changed).not.toHaveBeenCalled();
  });
});
