import { parseArgs, type ParseArgsConfig } from 'node:util';
import { findNearest } from '../lib/nearest.ts';
import type { Call, CommandSpec, Options } from './command.ts';
import { UsageError } from '../app/usage-error.ts';

type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

/** The arguments after the name of a command. Undefined when they ask for help. @throws UsageError */
export function parseCall(spec: CommandSpec, args: readonly string[]): Call | undefined {
  const { values, positionals } = parse(spec, args);
  if (values['help'] === true) return undefined;
  checkPositionals(spec, positionals);
  const options = toOptions(spec, values);
  for (const [name, { value }] of Object.entries(spec.options)) {
    if (value?.includes('|') === true) options.oneOf(name, value.split('|'));
  }
  return { positionals, options };
}

function parse(
  spec: CommandSpec,
  args: readonly string[],
): { readonly values: Values; readonly positionals: string[] } {
  const options: NonNullable<ParseArgsConfig['options']> = { help: { type: 'boolean', short: 'h' } };
  for (const [name, { short, value, multiple }] of Object.entries(spec.options)) {
    options[name] = {
      type: value === undefined ? 'boolean' : 'string',
      ...(short !== undefined && { short }),
      ...(multiple && { multiple }),
    };
  }
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw findDashValue(spec, args) ?? toUsageError(spec, error);
  }
}

/** An option and then something with a dash: whether that is its value, or its value was forgotten, is left to who wrote it. */
function findDashValue(spec: CommandSpec, args: readonly string[]): UsageError | undefined {
  const end = args.indexOf('--');
  const given = end === -1 ? args : args.slice(0, end);
  for (const [name, { short, value }] of Object.entries(spec.options)) {
    const spellings = new Set([`--${name}`, ...(short === undefined ? [] : [`-${short}`])]);
    const at = given.findIndex((arg, index) => spellings.has(arg) && /^-./.test(given[index + 1] ?? ''));
    if (value === undefined || at === -1) continue;
    const next = given[at + 1] ?? '';
    return new UsageError(
      `${given[at]} has no value before ${JSON.stringify(next)}; write --${name}=${next} if that is the value`,
    );
  }
  return undefined;
}

/** `parseArgs` says what is wrong in several sentences; the first is enough, with what was meant instead of the rest. */
function toUsageError(spec: CommandSpec, error: unknown): UsageError {
  const [sentence = ''] = (error instanceof Error ? error.message : String(error)).split(/\. |\n/);
  const unknown = /^Unknown option '(--?[^']*)'/.exec(sentence)?.[1];
  const known = [...Object.keys(spec.options), 'help'].map((name) => `--${name}`);
  const nearest = unknown === undefined ? undefined : findNearest(unknown, known);
  // As kubectl has it: here the namespace is a part of the name.
  const isNamespace = unknown === '-n' || unknown === '--namespace';
  if (isNamespace && spec.positionals?.startsWith('KIND/NAMESPACE/NAME') === true)
    return new UsageError(`there is no option ${unknown}; write the namespace as in Service/shop/db`);
  const hint = nearest === undefined ? `see fairlead ${spec.name} --help` : `did you mean ${nearest}?`;
  return new UsageError(
    `${sentence.charAt(0).toLowerCase()}${sentence.slice(1).replace(/\.$/, '')}; ${hint}`,
  );
}

function checkPositionals(spec: CommandSpec, given: readonly string[]): void {
  const wanted = spec.positionals ?? '';
  const required = wanted.split(' ').filter((word) => word !== '' && !word.startsWith('['));
  if (given.length < required.length) {
    throw new UsageError(`${required[given.length]} is missing; write fairlead ${spec.name} ${wanted}`);
  }
  if (given.length > required.length && !wanted.includes('…')) {
    throw new UsageError(
      `${JSON.stringify(given[required.length])} is one argument too many; see fairlead ${spec.name} --help`,
    );
  }
}

function toOptions(spec: CommandSpec, values: Values): Options {
  const get = (name: string): Values[string] => {
    if (spec.options[name] === undefined) throw new Error(`fairlead ${spec.name} has no option --${name}`);
    return values[name];
  };
  const text = (name: string): string | undefined => {
    const value = get(name);
    return typeof value === 'string' ? value : undefined;
  };
  return {
    text,
    texts: (name) =>
      [get(name) ?? []]
        .flat()
        .flatMap((value) => String(value).split(','))
        .filter((value) => value !== ''),
    flag: (name) => get(name) === true,
    oneOf(name, words) {
      const given = text(name);
      const found = words.find((word) => word === (given ?? words[0]));
      if (found !== undefined) return found;
      throw new UsageError(`--${name} cannot be ${JSON.stringify(given)}; write one of ${words.join(', ')}`);
    },
  };
}
