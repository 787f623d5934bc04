import { toCount } from '../lib/to-count.ts';
import { findClusterMistakes } from '../app/find-cluster-mistakes.ts';
import { UsageError } from '../app/usage-error.ts';
import { checkPools } from '../ports/check-pools.ts';
import { isConfigured, loadSettings, type SettingsRequest } from '../settings/load-settings.ts';
import { SettingsError, toMistakeLine, type Mistake } from '../settings/mistake.ts';
import type { Settings, SourceSettings } from '../settings/settings.ts';
import { toFieldPath } from '../settings/value-path.ts';
import { findSettingsWarnings } from '../settings/warnings.ts';
import type { Command } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import * as sharedOptions from './shared-options.ts';

/** `fairlead config check`: whether `fairlead serve` would take a configuration. */
export const configCheck: Command = {
  spec: {
    name: 'config check',
    summary: 'Check the configuration, the environment and the files it names: all mistakes at once',
    options: { config: sharedOptions.config, output: sharedOptions.output },
    examples: ['fairlead config check', 'fairlead config check -c new.yaml --output json'],
  },
  run({ options }, io) {
    const request = { configPath: options.text('config'), env: io.env, cwd: io.cwd, check: findFileMistakes };
    if (!isConfigured(request))
      throw new UsageError('there is no configuration; name a file by -c, or write a fairlead.yaml');
    const { mistakes, settings } = judge(request);
    const warnings =
      settings === undefined ? [] : [...findSettingsWarnings(settings), ...findPoolWarnings(settings)];
    if (options.oneOf('output', ['text', 'json']) === 'json') {
      io.out(`${JSON.stringify({ mistakes: mistakes.map(toMistakeJson), warnings }, null, 2)}\n`);
    } else {
      for (const mistake of mistakes) io.out(`${toMistakeLine(mistake)}\n`);
      for (const warning of warnings) io.out(`warning: ${warning}\n`);
      io.err(toVerdict(mistakes.length, settings));
    }
    return Promise.resolve(mistakes.length > 0 ? exitCodes.usage : exitCodes.ok);
  },
};

function findPoolWarnings(settings: Settings): readonly string[] {
  return checkPools(settings).map(
    ({ subject, field, message, hint }) => `fleet ${subject.name}: ${field}: ${message} (${hint})`,
  );
}

interface Judgement {
  readonly mistakes: readonly Mistake[];
  /** Where there are none. */
  readonly settings?: Settings;
}

function judge(request: SettingsRequest): Judgement {
  try {
    return { mistakes: [], settings: loadSettings(request) };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return { mistakes: error.mistakes };
  }
}

/** A configuration for a pod is checked elsewhere, so where the account of the pod is does not count. */
function findFileMistakes(settings: Settings): readonly Mistake[] {
  return findClusterMistakes(settings).filter(
    ({ path: [, index] }) => !isInPod(settings.sources[Number(index)]),
  );
}

function isInPod(source: SourceSettings | undefined): boolean {
  return source !== undefined && 'kubernetes' in source && source.kubernetes.kubeconfig === null;
}

/** A mistake for programs. */
function toMistakeJson({ where = '', path, message, got, hint }: Mistake): Readonly<Record<string, unknown>> {
  const [, file, line, column] = /^(.+):(\d+):(\d+)$/.exec(where) ?? [];
  const place = file === undefined ? { where } : { file, line: Number(line), column: Number(column) };
  return { ...place, field: toFieldPath(path), message, ...(got !== undefined && { got }), hint };
}

function toVerdict(count: number, settings: Settings | undefined): string {
  if (settings === undefined) return `${toCount(count, 'mistake')}\n`;
  return `no mistakes (sources: ${toNames(settings.sources)}; fleets: ${toNames(settings.fleets)})\n`;
}

function toNames(list: readonly { readonly name: string }[]): string {
  return list.map(({ name }) => name).join(', ');
}
