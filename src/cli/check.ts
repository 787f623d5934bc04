import type { Command } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { openReplay } from '../app/open-replay.ts';
import { locateAll, printProblems, type LocatedProblem } from './problem-lines.ts';
import * as sharedOptions from './shared-options.ts';

/** `fairlead check`: the same pass as a linter for CI. */
export const check: Command = {
  spec: {
    name: 'check',
    summary: 'Check manifests: what cannot be routed as written, with file, line and column',
    positionals: '[DIR…]',
    options: {
      config: sharedOptions.config,
      output: sharedOptions.output,
    },
    examples: ['fairlead check ./manifests', 'fairlead check -c fairlead.yaml --output json'],
  },
  async run({ positionals, options }, io) {
    const { replay } = await openReplay({ config: options.text('config'), directories: positionals }, io);
    const problems = (await locateAll(replay, replay.inspection.problems())).toSorted(byPlace);
    const format = options.oneOf('output', ['text', 'json']);
    printProblems(problems, format, io, (text) => io.out(text));
    if (format === 'text') {
      const objects = replay.inspection.sources().reduce((sum, source) => sum + source.objects, 0);
      const errors = toCount(count(problems, 'error'), 'error');
      const warnings = toCount(count(problems, 'warning'), 'warning');
      io.err(`${toCount(objects, 'object')}, ${errors}, ${warnings}\n`);
    }
    return count(problems, 'error') > 0 ? exitCodes.problems : exitCodes.ok;
  },
};

function count(problems: readonly LocatedProblem[], severity: string): number {
  return problems.filter(({ problem }) => problem.severity === severity).length;
}

function toCount(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** By file and line, as an editor walks through them; what stands in no file comes first. */
function byPlace({ location: a }: LocatedProblem, { location: b }: LocatedProblem): number {
  const files = (a?.file ?? '') < (b?.file ?? '') ? -1 : (a?.file ?? '') > (b?.file ?? '') ? 1 : 0;
  return files || (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0);
}
