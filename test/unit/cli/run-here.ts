import { run } from '../../../src/cli/run.ts';

/** How a command that ends by itself ended. */
export interface Outcome {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process, in a folder and without any environment. */
export function runHere(cwd: string, ...args: readonly string[]): Promise<Outcome> {
  return runWithInput('', cwd, ...args);
}

/** As `runHere`, with a text on standard input. */
export async function runWithInput(input: string, cwd: string, ...args: readonly string[]): Promise<Outcome> {
  const written = { out: '', err: '' };
  const status = await run(args, {
    version: '0',
    commit: '0123456789ab',
    env: {},
    cwd,
    out: (text) => (written.out += text),
    err: (text) => (written.err += text),
    terminal: false,
    readInput: () => Promise.resolve(Buffer.from(input)),
    colours: false,
    stopped: new Promise(() => undefined),
    onHangup: () => undefined,
  });
  return { status, ...written };
}
