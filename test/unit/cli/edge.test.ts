import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Io } from '../../../src/app/io.ts';
import { edge } from '../../../src/cli/edge.ts';
import { readEdgeArguments, type EdgeArguments } from '../../../src/cli/edge-options.ts';
import { parseCall } from '../../../src/cli/parse-call.ts';
import { runHere } from './run-here.ts';

function makeFolder(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-edge-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

function read(cwd: string, args: readonly string[], env: Io['env'] = {}): EdgeArguments {
  const call = parseCall(edge.spec, args);
  if (call === undefined) throw new Error('no call');
  const io: Io = {
    version: '0',
    env,
    cwd,
    out: () => undefined,
    err: () => undefined,
    terminal: false,
    colours: false,
    stopped: new Promise(() => undefined),
    onHangup: () => undefined,
  };
  return readEdgeArguments(call.options, io);
}

describe('what fairlead edge is called with', () => {
  test('has defaults for all but the server', async () => {
    const cwd = makeFolder();
    const given = read(cwd, ['--server', 'http://127.0.0.1:9080/']);
    expect(given).toMatchObject({
      server: 'http://127.0.0.1:9080',
      traefik: 'traefik',
      folder: join(cwd, 'fairlead-edge'),
      host: hostname(),
      more: {},
      replace: false,
    });
    expect(await given.readToken()).toBeUndefined();
  });

  test('takes paths from where it is called', async () => {
    const cwd = makeFolder({ token: ' abc\n', 'ca.pem': 'x', 'more.yml': 'accessLog: {}' });
    const args = ['--ca', 'ca.pem', '--token-file', 'token', '--static', 'more.yml', '--traefik', './t'];
    const given = read(cwd, ['--server', 'https://f:1/base', '--grace', '90s', '--dir', '/d', ...args]);
    expect(given).toMatchObject({
      server: 'https://f:1/base',
      traefik: join(cwd, 't'),
      folder: '/d',
      tls: { ca: join(cwd, 'ca.pem') },
      more: { accessLog: {} },
      graceMs: 90_000,
    });
    expect(await given.readToken()).toBe('abc');
    writeFileSync(join(cwd, 'token'), 'def');
    expect(await given.readToken()).toBe('def');
  });

  test('takes the token of the environment without a file', async () => {
    const given = read(makeFolder(), ['--server', 'http://f:1'], { FAIRLEAD_TOKEN: 'abc' });
    expect(await given.readToken()).toBe('abc');
  });

  const url = ['--server', 'https://f:1'];
  test.each([
    [[], /^--server is missing; give the URL of the provider listener/],
    [['--server', 'f:9080'], /^--server "f:9080" has no http:\/\/ or https:\/\/; write for instance/],
    [[...url, '--cert', 'a.pem'], /^--cert and --key go together; give both/],
    [['--server', 'http://f:1', '--ca', 'a.pem'], /^--ca is of no use with http:\/\/f:1; give an https URL/],
    [[...url, '--ca', 'nowhere.pem'], /^--ca .*nowhere\.pem cannot be read: /],
    [[...url, '--host', 'a b'], /^"a b" is no name for a host; give one of letters/],
    [[...url, '--bind', 'eth0'], /^--bind "eth0" is no IP address; write for instance/],
    [[...url, '--grace', '5'], /^--grace "5" is not a duration; write numbers with the units/],
    [[...url, '--static', 'list.yml'], /^--static .*list\.yml is no map; write it as a traefik\.yml/],
    [[...url, '--static', 'broken.yml'], /^--static .*broken\.yml is not YAML: /],
    [
      [...url, '--static', 'own.yml'],
      /has providers\.http and entryPoints\.traefik, which fairlead edge makes itself/,
    ],
    [[...url, '--static', 'flat.yml'], /has entryPoints that are no map of maps/],
  ])('%j is refused', (args, message) => {
    const cwd = makeFolder({
      'a.pem': '',
      'list.yml': '- a',
      'broken.yml': '{',
      'own.yml': 'providers: {http: {}}\nentryPoints: {traefik: {}}',
      'flat.yml': 'entryPoints: {web: ":80"}',
    });
    expect(() => read(cwd, args)).toThrow(message);
  });

  test.each([
    ['two lines', /token holds more than a token/],
    ['', /token is empty; put one of provider\.tokens into it/],
  ])('a token file with %j is refused', async (text, message) => {
    const cwd = makeFolder({ token: text.replace(' ', '\n') });
    await expect(read(cwd, [...url, '--token-file', 'token']).readToken()).rejects.toThrow(message);
  });

  test('a Traefik that is not there is one line', async () => {
    const cwd = makeFolder();
    const outcome = await runHere(cwd, 'edge', '--server', 'http://127.0.0.1:1', '--traefik', './none');
    expect(outcome).toEqual({
      status: 2,
      out: '',
      err: `fairlead: ${cwd}/none is not there; install Traefik, or name it by --traefik\n`,
    });
  });
});

test('docs/edge.md tells of each option, and of no other', () => {
  const text = readFileSync(new URL('../../../docs/edge.md', import.meta.url), 'utf8');
  const named = new Set([...text.matchAll(/`(?:[^`\n]* )?--([a-z-]+)/g)].map(([, name = '']) => name));
  const commands = [...text.matchAll(/^(?:fairlead edge| +fairlead-edge:\S+ edge) (.*(?:\n {2}.*)*)/gm)];
  expect(commands.length).toBeGreaterThanOrEqual(3);
  for (const [, line = ''] of commands) {
    const args = line.split(/[\s\\]+/).filter((word) => word !== '');
    expect(parseCall(edge.spec, args)?.options.text('server')).toMatch(/^https?:/);
    for (const word of args) if (word.startsWith('--')) named.add(word.slice(2));
  }
  expect([...named].toSorted()).toEqual(Object.keys(edge.spec.options).toSorted());
});
