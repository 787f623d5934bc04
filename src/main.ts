import { basename } from 'node:path';
import { run } from './cli/run.ts';

declare const FAIRLEAD_VERSION: string;
declare const FAIRLEAD_COMMIT: string;

let atSecondStop = (): void => {};

/** Resolves at the first signal to stop; a second one ends the process at once. */
const stopped = new Promise<void>((resolve) => {
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) {
      atSecondStop();
      process.exit(1);
    }
    isStopping = true;
    resolve();
  };
  // For good: with none for a moment, a second signal in that moment would end the process by itself, without `atSecondStop`.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
});

/** No more than `limit` bytes and a little are taken. */
async function readInput(limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin) {
    chunks.push(Buffer.from(chunk));
    size += chunk.length;
    if (size > limit) break;
  }
  return Buffer.concat(chunks);
}

// A reader such as `head` that has seen enough is no mistake.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await run(process.argv.slice(2), {
  version: FAIRLEAD_VERSION,
  commit: FAIRLEAD_COMMIT,
  isPlugin: basename(process.argv[1] ?? '').startsWith('kubectl-'),
  env: process.env,
  cwd: process.cwd(),
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  terminal: process.stderr.isTTY,
  isScreen: process.stdout.isTTY,
  readInput,
  colours: process.stderr.isTTY && (process.env['NO_COLOR'] ?? '') === '',
  stopped,
  onSecondStop: (listener) => void (atSecondStop = listener),
  onHangup: (listener) => void process.on('SIGHUP', listener),
});
