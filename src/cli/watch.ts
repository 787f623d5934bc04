import type { Io } from '../app/io.ts';
import { followReplay, type ReplayRequest } from '../app/open-replay.ts';
import type { Replay } from '../inspect/replay.ts';
import type { OptionSpec } from './command.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { followServer } from './follow-server.ts';
import { askServer } from './server.ts';
import type { ServerAccess } from './server-options.ts';

/** `--watch`, of the commands that can go on showing what they show. */
export const watchOption: OptionSpec = {
  help: 'go on, and show it again whenever it has changed; as JSON one line each (ends with Ctrl-C)',
};

/** What is watched, of a running Fairlead or of sources. */
export interface Watched<T> {
  /** Undefined: the sources are followed. */
  readonly server: ServerAccess | undefined;
  /** Where a running Fairlead has it. */
  readonly path: string;
  readonly request: ReplayRequest;
  readonly toReport: (replay: Replay) => T | Promise<T>;
  /** The text for a report, or for none. */
  readonly toText: (report?: T) => string;
}

/** Shows a report, and again after each change of it, until the program is asked to stop. @throws UsageError */
export async function watch<T>(
  { server, path, request, toReport, toText }: Watched<T>,
  io: Io,
): Promise<ExitCode> {
  const screen = createScreen(io);
  if (server === undefined)
    await followReplay(request, io, async (replay) => screen(toText(await toReport(replay))));
  else await followServer(server, io, async () => screen(toText(await askServer<T>(server, path, io))));
  return exitCodes.ok;
}

const clear = '\x1b[2J\x1b[H';

/** Shows a text if it is another one than before: in its place on a terminal, else below it, with an empty line between. */
function createScreen(io: Io): (text: string) => void {
  let shown: string | undefined;
  return (text) => {
    if (text === shown) return;
    const isOneLine = text.indexOf('\n') === text.length - 1;
    const before = io.isScreen === true ? clear : shown === undefined || isOneLine ? '' : '\n';
    shown = text;
    io.out(`${before}${text}`);
  };
}
