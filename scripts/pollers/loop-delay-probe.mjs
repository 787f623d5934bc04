// Loaded into the process that is measured. On SIGUSR2 it writes to the file that LOOP_DELAY_FILE names how long its event loop was blocked
// since the last time, in milliseconds, and what it holds in memory.
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const resolution = 5;
const histogram = monitorEventLoopDelay({ resolution });
const file = process.env.LOOP_DELAY_FILE;
histogram.enable();

const toMs = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - resolution);

process.on('SIGUSR2', () => {
  const { rss, external, arrayBuffers, heapUsed } = process.memoryUsage();
  const delay = { max: toMs(histogram.max), p99: toMs(histogram.percentile(99)) };
  writeFileSync(file, JSON.stringify({ ...delay, rss, external, arrayBuffers, heapUsed }));
  histogram.reset();
});
