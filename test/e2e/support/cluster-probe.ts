// A program of its own, so that what it measures is the source and not the test runner. Bundled as the product is.
// Arguments: the path of a kubeconfig. Prints a line of JSON when everything has come.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pino } from 'pino';
import { createClusterSource } from '../../../src/source/cluster/cluster-source.ts';
import { ObjectStore } from '../../../src/source/object-store.ts';

const store = new ObjectStore();
const delay = monitorEventLoopDelay({ resolution: 1 });
const kubeconfig = process.argv[2] ?? '';
const source = createClusterSource(
  { name: 'probe', kubeconfig, context: null, namespaces: [] },
  pino({ level: 'silent' }),
);
let peak = 0;
const sampler = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss());
}, 20);
// The first turns load code; a process that serves has that behind it.
await new Promise((resolve) => setTimeout(resolve, 200));
const before = process.memoryUsage.rss();
delay.enable();
const started = performance.now();
let applyMs = 0;
source.start({
  changed: (changes) => {
    const begun = performance.now();
    store.apply(changes);
    applyMs = Math.max(applyMs, performance.now() - begun);
  },
  problems: () => undefined,
  state: ({ kind }) => {
    if (kind !== 'synced') return;
    const syncMs = performance.now() - started;
    setTimeout(() => void report(syncMs), 50);
  },
});

async function report(syncMs: number): Promise<void> {
  clearInterval(sampler);
  const figures = {
    objects: store.count('probe'),
    syncMs: Math.round(syncMs),
    stallMs: Math.round(delay.max / 1e5) / 10,
    applyMs: Math.round(applyMs * 10) / 10,
    beforeMb: toMegabytes(before),
    peakMb: toMegabytes(peak),
    residentMb: toMegabytes(process.memoryUsage.rss()),
  };
  await source.stop();
  console.log(JSON.stringify(figures));
}

function toMegabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}
