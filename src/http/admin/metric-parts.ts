import { Gauge, Histogram, type Registry } from 'prom-client';

/** The labels of one time series, and its value. */
export type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

/** A gauge that is worked out when it is asked for; a series that `read` gives no more is gone. */
export function addGauge(
  registry: Registry,
  name: string,
  help: string,
  labelNames: readonly string[],
  read: () => readonly Sample[],
): void {
  const gauge = new Gauge({
    name,
    help,
    labelNames: [...labelNames],
    registers: [registry],
    collect: () => {
      gauge.reset();
      for (const [labels, value] of read()) gauge.set(labels, value);
    },
  });
}

/** How late the event loop comes to what is due, looked at ten times a second. Returns what ends it. */
export function addEventLoopDelay(registry: Registry): () => void {
  const delays = new Histogram({
    name: 'fairlead_event_loop_delay_seconds',
    help: 'How late timers of the event loop ran.',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers: [registry],
  });
  const everyMs = 100;
  let due = performance.now() + everyMs;
  const timer = setInterval(() => {
    const now = performance.now();
    delays.observe(Math.max(0, now - due) / 1_000);
    due = now + everyMs;
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
