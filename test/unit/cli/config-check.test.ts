import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runHere } from './run-here.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fairlead-'));
  mkdirSync(join(folder, 'vms'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (text: string): void => writeFileSync(join(folder, 'fairlead.yaml'), text);

const broken = `provider: { hold: soon }
sources:
  - name: vms
    directory: { path: ./vms, wacth: false }
`;

test('all mistakes at once, each with its place', async () => {
  write(broken);
  expect(await runHere(folder, 'config', 'check')).toEqual({
    status: 2,
    out: [
      'fairlead.yaml:1:13: provider.hold: is not a duration (got "soon"); write numbers with the units ms, s, m or h, such as 50ms, 4s or 1h30m',
      'fairlead.yaml:4:31: sources[0].directory.wacth: is not a field; did you mean watch?',
      '',
    ].join('\n'),
    err: '2 mistakes\n',
  });
});

test('for programs', async () => {
  write(broken);
  const { status, out } = await runHere(folder, 'config', 'check', '--output', 'json');
  expect([status, JSON.parse(out)]).toMatchObject([
    2,
    {
      mistakes: [
        { file: 'fairlead.yaml', line: 1, column: 13, field: 'provider.hold', got: '"soon"' },
        { file: 'fairlead.yaml', line: 4, column: 31, field: 'sources[0].directory.wacth' },
      ],
      warnings: [],
    },
  ]);
});

test('what is right, and what is unwise', async () => {
  write('provider: { hold: 6s }\nsources: [{ name: vms, directory: { path: ./vms } }]\n');
  const { status, out, err } = await runHere(folder, 'config', 'check');
  expect([status, err]).toEqual([0, 'no mistakes (sources: vms; fleets: default)\n']);
  expect(out).toMatch(/^warning: provider\.hold: is not below the 5s [^\n]+\n$/);
});

test('pools that Traefik or its hosts need themselves', async () => {
  const pools = 'tcp: { range: 75-85 }, udp: { range: 32760-32768 }, requestable: null';
  write(`sources: [{ name: vms, directory: { path: ./vms } }]\nfleets: [{ name: a, ports: { ${pools} } }]\n`);
  const { status, out } = await runHere(folder, 'config', 'check');
  expect(status).toBe(0);
  expect(out.trim().split('\n')).toEqual([
    expect.stringMatching(
      /^warning: fleet a: ports\.tcp\.range: The pool 75-85 contains 80, .+ \(Use a range /,
    ),
    expect.stringMatching(
      /^warning: fleet a: ports\.udp\.range: The pool 32760-32768 overlaps 32768-60999, /,
    ),
  ]);
});

test('one for a pod is right elsewhere, and the kubeconfig that another names is looked at', async () => {
  write('sources: [{ name: cluster, kubernetes: {} }]\nledger: { configMap: a/b }\n');
  expect((await runHere(folder, 'config', 'check')).status).toBe(0);
  write('sources: [{ name: cluster, kubernetes: { kubeconfig: ./none } }]\n');
  const { status, out } = await runHere(folder, 'config', 'check');
  expect([status, out]).toEqual([
    2,
    expect.stringMatching(
      /^fairlead\.yaml:1:42: sources\[0\]\.kubernetes\.kubeconfig: the kubeconfig \S+none cannot be read: there is no such file \(ENOENT\)/,
    ),
  ]);
});

test('without a configuration there is nothing to check', async () => {
  const { status, err } = await runHere(folder, 'config', 'check');
  expect([status, err]).toEqual([
    2,
    'fairlead: there is no configuration; name a file by -c, or write a fairlead.yaml\n',
  ]);
});

test('half a command is not taken for another', async () => {
  expect((await runHere(folder, 'config')).err).toBe(
    'fairlead: config is half a command; write fairlead config check\n',
  );
  expect((await runHere(folder, 'config', 'print')).err).toBe(
    'fairlead: there is no command "config print"; write fairlead config check\n',
  );
});
