import { run } from '../../src/cli/run.ts';

/** What a command prints, run in this process. @throws Error with what it says when it fails. */
export async function printed(
  args: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<string> {
  const written = { out: '', err: '' };
  const status = await run(args, {
    version: '0',
    env,
    cwd,
    out: (text) => (written.out += text),
    err: (text) => (written.err += text),
    terminal: false,
    colours: false,
    stopped: Promise.resolve(),
    onHangup: () => undefined,
  });
  if (status !== 0) throw new Error(`fairlead ${args.join(' ')}: ${written.err}`);
  return written.out;
}
