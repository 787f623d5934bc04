import { openSide, toRequest, type JudgedSide } from '../app/open-sides.ts';
import { readSettings } from '../app/read-settings.ts';
import type { Io } from '../app/io.ts';
import { UsageError } from '../app/usage-error.ts';
import type { ProblemJson } from '../http/problem-json.ts';
import type { PortReportJson } from '../http/admin/report-json.ts';
import { compareAnswers, isEmptyDifference } from '../inspect/answer-difference.ts';
import type { Answer } from '../model/answer.ts';
import type { Settings } from '../settings/settings.ts';
import { clusterOptions, readCluster } from './cluster-options.ts';
import type { Call, Command } from './command.ts';
import { toDifferenceText } from './diff-text.ts';
import { exitCodes } from './exit-codes.ts';
import { toListenUrl } from './listen-url.ts';
import { compareProblems } from './problem-difference.ts';
import { askServer } from './server.ts';
import { readServerAccess, serverOptions, type ServerAccess } from './server-options.ts';
import * as sharedOptions from './shared-options.ts';

/** `fairlead diff`: what a folder or a configuration would change in the answer, before it does. */
export const diff: Command = {
  spec: {
    name: 'diff',
    summary: 'Show what a folder or a new configuration would change in what Traefiks are given',
    positionals: '[DIR…]',
    options: {
      config: { ...sharedOptions.config, help: 'the configuration to come, or that of the folders' },
      ...clusterOptions,
      ...serverOptions,
      server: {
        value: 'URL',
        help: 'compare with a running Fairlead (default: the admin listener that the configuration names)',
      },
      before: { value: 'PATH', help: 'compare with a folder of manifests or a configuration file instead' },
      output: sharedOptions.output,
    },
    finds: 'when something changes',
    examples: [
      'fairlead diff -c new.yaml --server http://127.0.0.1:9081',
      'fairlead diff ./manifests-new --before ./manifests',
      'fairlead diff -c new.yaml --before fairlead.yaml --output json',
    ],
  },
  async run(call, io) {
    const [before, after] = await openSides(call, io);
    const difference = compareAnswers(before, after);
    const problems = compareProblems(before.problems, after.problems);
    const json = call.options.oneOf('output', ['text', 'json']) === 'json';
    io.out(
      json
        ? `${JSON.stringify({ ...difference, problems }, null, 2)}\n`
        : toDifferenceText(difference, problems, io.colours),
    );
    return isEmptyDifference(difference) ? exitCodes.ok : exitCodes.problems;
  },
};

async function openSides({ positionals, options }: Call, io: Io): Promise<readonly [JudgedSide, JudgedSide]> {
  const cluster = readCluster(options);
  const request = { config: options.text('config'), cluster, directories: positionals };
  const path = options.text('before');
  const server = options.text('server');
  if (path !== undefined && server !== undefined)
    throw new UsageError('--server and --before are both something to compare with; give one of them');
  const asked = path === undefined ? (server ?? toAdminUrl(readSettings(request, io))) : undefined;
  const access = await readServerAccess(options, io, asked);
  const before =
    access === undefined ? await openSide(toRequest(path ?? '', request, io), io) : await askSide(access, io);
  return [before, await openSide(request, io, before)];
}

function toAdminUrl({ listen }: Settings): string {
  return toListenUrl(listen.admin, 'http');
}

/** @throws UsageError when it is not there, or does not know of this. */
async function askSide(access: ServerAccess, io: Io): Promise<JudgedSide> {
  const answer = await askServer<Answer>(access, '/api/answer', io);
  const report = await askServer<PortReportJson>(access, '/api/ports', io);
  const problems = await askServer<readonly ProblemJson[]>(access, '/api/problems', io);
  if (answer === undefined || report === undefined || problems === undefined)
    throw new UsageError(`the Fairlead at ${access.server} is of a release that cannot be compared with`);
  return { answer, ports: report.ports, problems };
}
