import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      // Properties take a second or two by themselves, and much longer on a machine with other work.
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**'],
          // A process loads the modules once for all its files, which halves the time: no test changes what a module holds.
          isolate: false,
          testTimeout: 60_000,
        },
      },
      {
        // One file after another: the tests share the addresses of one network namespace, and two cores.
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.e2e.ts'],
          fileParallelism: false,
          // For what hangs: the tests know by themselves how long they may wait, and that a busy machine needs longer.
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
