import { mkdir, realpath } from 'node:fs/promises';
import type { Logger } from 'pino';
import { createLogger } from '../app/log.ts';
import type { Io } from '../app/io.ts';
import { readPluginFiles } from '../app/plugin-files.ts';
import { UsageError } from '../app/usage-error.ts';
import { Edge } from '../edge/edge.ts';
import { EdgeReporter } from '../edge/edge-reporter.ts';
import { EdgeClient, type EdgeOutcome } from '../edge/edge-client.ts';
import { lockFolder } from '../edge/folder-lock.ts';
import { ServerWatch } from '../edge/server-watch.ts';
import { isOlder, type ProgramVersion, readTraefikVersion } from '../edge/traefik-version.ts';
import { toFileErrorText } from '../lib/error-text.ts';
import { parseTraefikVersion } from '../lib/units.ts';
import { withGoRuntime } from '../traefik/static/go-runtime.ts';
import { tokenVariable } from '../traefik/static/static-config.ts';
import { AnswerFollower } from './answer-follower.ts';
import type { Command } from './command.ts';
import { type EdgeArguments, edgeOptions, readEdgeArguments } from './edge-options.ts';
import { exitCodes } from './exit-codes.ts';

/** `fairlead edge`: the Traefiks of one host. Runs until it is asked to stop. */
export const edge: Command = {
  spec: {
    name: 'edge',
    summary: 'Run the Traefiks of this host: one for each bank of the pool',
    options: edgeOptions,
    examples: [
      'fairlead edge --server http://127.0.0.1:9080',
      'fairlead edge --server https://fairlead.example.com:30980 --ca ca.pem --token-file token --dir /var/lib/fairlead-edge',
    ],
  },
  async run({ options }, io) {
    const given = readEdgeArguments(options, io);
    await given.readToken();
    const program = await readTraefikVersion(given.traefik);
    if (program.kind === 'unusable') throw new UsageError(`${given.traefik} ${program.why}`);
    const folder = await openFolder(given.folder);
    const log = createLogger({ level: 'info', format: 'auto' }, io);
    await runUntilStopped({ given: { ...given, folder }, program, io, log });
    log.info('stopped');
    return exitCodes.ok;
  },
};

interface Run {
  readonly given: EdgeArguments;
  readonly program: ProgramVersion;
  readonly io: Io;
  readonly log: Logger;
}

async function runUntilStopped({ given, program, io, log }: Run): Promise<void> {
  const { folder, server, replace, traefik } = given;
  const lock = await lockFolder(folder);
  if (lock === undefined)
    throw new UsageError(
      `another fairlead edge runs in ${folder}; give each one a folder of its own by --dir`,
    );
  // The token is in the file that Traefik reads.
  const env = withGoRuntime({ ...io.env, [tokenVariable]: undefined });
  const pluginFiles = readPluginFiles();
  const traefiks = new Edge({ folder, traefik, env, pluginFiles, replace, log });
  const client = new EdgeClient({ ...given, token: given.readToken });
  const follower = new AnswerFollower(given, traefiks, log);
  const watch = new ServerWatch({
    client: { ask: async () => withVersion(await client.ask(), program, traefik) },
    server,
    log,
    answered: (answer) => follower.answered(answer),
    asked: () => follower.asked(),
  });
  const reporter = new EdgeReporter({ traefiks, client });
  const stopped = new AbortController();
  void io.stopped.then(() => stopped.abort());
  io.onHangup(() => watch.hurry());
  io.onSecondStop?.(() => traefiks.kill());
  try {
    await traefiks.adopt();
    const first = withVersion(await client.ask(), program, traefik);
    if (first.kind === 'refused' && traefiks.running === 0) throw new UsageError(first.why);
    log.info({ version: io.version, server, host: given.host, folder }, 'starting');
    if (first.kind !== 'answer') await follower.start();
    reporter.start();
    await watch.run(await watch.take(first), stopped.signal);
    await traefiks.stop();
  } finally {
    await reporter.stop();
    await client.close();
    lock.close();
  }
}

/** An answer for a Traefik that is newer than the one here is refused: it may not be able to decode what it is served. */
function withVersion(outcome: EdgeOutcome, program: ProgramVersion, traefik: string): EdgeOutcome {
  if (outcome.kind !== 'answer' || program.kind !== 'version') return outcome;
  const { fleet, traefik: asked } = outcome.answer;
  const wanted = parseTraefikVersion(asked);
  if (!wanted.ok || !isOlder(program.version, wanted.value)) return outcome;
  const { major, minor } = program.version;
  const why = `${traefik} is version ${major}.${minor}, and the fleet ${fleet} is for ${asked}; install that, or set fleets[].traefik to "${major}.${minor}"`;
  return { kind: 'refused', why };
}

/** @returns Its path without links. @throws UsageError */
async function openFolder(folder: string): Promise<string> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return await realpath(folder);
  } catch (error) {
    throw new UsageError(`--dir ${folder} cannot be used: ${toFileErrorText(error)}`, { cause: error });
  }
}
