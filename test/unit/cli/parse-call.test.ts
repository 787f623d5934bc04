import { expect, test } from 'vitest';
import type { CommandSpec } from '../../../src/cli/command.ts';
import { toCommandHelp } from '../../../src/cli/help.ts';
import { parseCall } from '../../../src/cli/parse-call.ts';
import { run } from '../../../src/cli/run.ts';
import { UsageError } from '../../../src/app/usage-error.ts';

const spec: CommandSpec = {
  name: 'draw',
  summary: 'Draws a thing',
  positionals: 'KIND [COLOUR…]',
  options: {
    config: { short: 'c', value: 'FILE', help: 'the configuration' },
    format: { value: 'yaml|json', help: 'how to write it' },
    strict: { help: 'be strict' },
  },
  examples: ['fairlead draw circle'],
};

const call = (...args: readonly string[]) => parseCall(spec, args);

test('options may stand anywhere, short, long and with =', () => {
  const parsed = call('-c', 'a.yaml', 'circle', '--strict', 'red', '--format=json');
  expect(parsed?.positionals).toEqual(['circle', 'red']);
  expect(parsed?.options.text('config')).toBe('a.yaml');
  expect(parsed?.options.flag('strict')).toBe(true);
  expect(parsed?.options.oneOf('format', ['yaml', 'json'])).toBe('json');
});

test('what is not given is absent, and a choice has its first word', () => {
  const options = call('circle')?.options;
  expect(options?.text('config')).toBeUndefined();
  expect(options?.flag('strict')).toBe(false);
  expect(options?.oneOf('format', ['yaml', 'json'])).toBe('yaml');
});

test('help is asked for even where the rest is not complete', () => {
  expect(call('--help')).toBeUndefined();
  expect(call('-h')).toBeUndefined();
});

test.each([
  ['an unknown option', ['circle', '--stirct'], "unknown option '--stirct'; did you mean --strict?"],
  ['an option far from any', ['circle', '--zzzzz'], "unknown option '--zzzzz'; see fairlead draw --help"],
  [
    'a value that is missing',
    ['circle', '-c'],
    /^option '-c, --config <value>' argument missing; see fairlead draw --help$/,
  ],
  [
    'an option for a value',
    ['circle', '-c', '--strict'],
    '-c has no value before "--strict"; write --config=--strict if that is the value',
  ],
  [
    'a value for a flag',
    ['circle', '--strict=yes'],
    /^option '--strict' does not take an argument; see fairlead draw --help$/,
  ],
  [
    'a word that is no choice',
    ['circle', '--format', 'xml'],
    '--format cannot be "xml"; write one of yaml, json',
  ],
  [
    'a value that begins with a dash',
    ['circle', '--format', '-1'],
    '--format has no value before "-1"; write --format=-1 if that is the value',
  ],
  ['a positional that is missing', [], 'KIND is missing; write fairlead draw KIND [COLOUR…]'],
])('%s is reported in one line', (_, args, message) => {
  expect(() => call(...args)).toThrow(UsageError);
  expect(() => call(...args)).toThrow(message);
});

test('the help has one column for the options and one for what they do', () => {
  const lines = toCommandHelp(spec).split('\n');
  const starts = ['the configuration', 'how to write it', 'be strict', 'show this'].map((text) =>
    lines.find((line) => line.endsWith(text))?.indexOf(text),
  );
  expect(new Set(starts).size).toBe(1);
  expect(starts[0]).toBeGreaterThan(0);
});

async function runWith(...args: readonly string[]) {
  const written = { out: '', err: '' };
  const code = await run(args, {
    version: '1.2.3',
    env: {},
    cwd: '/',
    out: (text) => void (written.out += text),
    err: (text) => void (written.err += text),
    terminal: false,
    colours: false,
    stopped: Promise.resolve(),
    onHangup: () => undefined,
  });
  return { code, ...written };
}

test('the program tells its version and its commands', async () => {
  expect(await runWith('--version')).toEqual({ code: 0, out: 'fairlead 1.2.3\n', err: '' });
  const help = await runWith('--help');
  expect(help.code).toBe(0);
  for (const command of ['serve', 'render', 'check', 'explain', 'ports', 'traefik']) {
    expect(help.out).toMatch(new RegExp(`^ +${command} {2}`, 'm'));
    expect(await runWith(command, '--help')).toMatchObject({ code: 0, err: '' });
  }
});

test('an unknown command, a wrong call and a wrong configuration end with 2 and a line each', async () => {
  expect(await runWith('rendr')).toEqual({
    code: 2,
    out: '',
    err: 'fairlead: there is no command "rendr"; did you mean render?\n',
  });
  expect(await runWith('--context', 'one', 'ports')).toMatchObject({
    code: 2,
    err: 'fairlead: the command comes first; write fairlead COMMAND --context\n',
  });
  for (const option of ['-n', '--namespace'])
    expect(await runWith('explain', 'svc/db', option, 'shop')).toMatchObject({
      code: 2,
      err: `fairlead: there is no option ${option}; write the namespace as in Service/shop/db\n`,
    });
  expect(await runWith('check', '--nope')).toMatchObject({ code: 2, out: '' });
  expect(await runWith('check', '-c', '/nowhere.yaml')).toEqual({
    code: 2,
    out: '',
    err: 'fairlead: /nowhere.yaml: cannot be read (got ENOENT); check the path and its rights\n',
  });
});
