import { basename } from 'node:path';
import { toOutputEnd } from './cli/output-error.ts';
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

process.stdout.on('error', (error) => {
  const { line, status } = toOutputEnd(error);
  process.stderr.write(line);
  process.exit(status);
});
// Where nobody reads what is said any more, or the disk is full, Traefiks are served all the same.
process.stderr.on('error', () => undefined);

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
