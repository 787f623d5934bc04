import { toCount } from '../lib/to-count.ts';
import { clusterOptions, readCluster } from './cluster-options.ts';
import type { Command } from './command.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import type { Io } from '../app/io.ts';
import { toInputs, type Inputs } from '../app/input-folder.ts';
import { openReplay } from '../app/open-replay.ts';
import type { SettingsOrigin } from '../app/read-settings.ts';
import { checkFormats, type CheckFormat } from './check-format.ts';
import { locateAll, printProblems, type LocatedProblem } from './problem-lines.ts';
import * as sharedOptions from './shared-options.ts';

/** `fairlead check`: the same pass as a linter for CI. */
export const check: Command = {
  spec: {
    name: 'check',
    summary: 'Check manifests: what cannot be routed as written, with file, line and column',
    positionals: '[DIR…|-]',
    options: {
      config: sharedOptions.config,
      ...clusterOptions,
      strict: { help: 'exit with 1 for warnings as well' },
      output: {
        value: 'text|json|github|junit|sarif',
        help: 'how to print: for people, programs, or the reports of a CI (default: text)',
      },
    },
    finds: 'when an object has an error, with --strict also for warnings, and when there is nothing to check',
    examples: [
      'fairlead check ./manifests',
      'helm template ./chart | fairlead check -',
      'fairlead check ./manifests --strict --output sarif > fairlead.sarif',
    ],
  },
  async run({ positionals, options }, io) {
    const format = options.oneOf('output', ['text', 'json', 'github', 'junit', 'sarif']);
    const inputs = await toInputs(positionals, io);
    try {
      return await checkInputs(
        inputs,
        { config: options.text('config'), cluster: readCluster(options) },
        options.flag('strict'),
        format,
        io,
      );
    } finally {
      await inputs.remove();
    }
  },
};

async function checkInputs(
  { directories, stream }: Inputs,
  origin: Omit<SettingsOrigin, 'directories'>,
  strict: boolean,
  format: CheckFormat | 'json' | 'text',
  io: Io,
): Promise<ExitCode> {
  const { replay } = await openReplay({ ...origin, directories, stream }, io);
  const problems = (await locateAll(replay, replay.inspection.problems())).toSorted(byPlace);
  const objects = replay.inspection.sources().reduce((sum, source) => sum + source.objects, 0);
  const isEmpty = objects === 0 && problems.some(({ problem }) => problem.code === 'source-empty');
  const failing = problems.filter(({ problem: { severity, code } }) => {
    return severity === 'error' || (strict && severity === 'warning') || (isEmpty && code === 'source-empty');
  });
  if (format === 'text' || format === 'json') printProblems(problems, format, io, (text) => io.out(text));
  else io.out(checkFormats[format](problems, new Set(failing)));
  const errors = toCount(count(problems, 'error'), 'error');
  const warnings = toCount(count(problems, 'warning'), 'warning');
  if (format === 'text') io.err(`${toCount(objects, 'object')}, ${errors}, ${warnings}\n`);
  if (isEmpty) io.err('fairlead: there is nothing to check; name a folder of manifests\n');
  return failing.length > 0 ? exitCodes.problems : exitCodes.ok;
}

function count(problems: readonly LocatedProblem[], severity: string): number {
  return problems.filter(({ problem }) => problem.severity === severity).length;
}

/** By file and line, as an editor walks through them; what stands in no file comes first. */
function byPlace({ location: a }: LocatedProblem, { location: b }: LocatedProblem): number {
  const files = (a?.file ?? '') < (b?.file ?? '') ? -1 : (a?.file ?? '') > (b?.file ?? '') ? 1 : 0;
  return files || (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0);
}
