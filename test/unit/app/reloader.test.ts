import { copyFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { Reloader } from '../../../src/app/reloader.ts';
import { loadSettings } from '../../../src/settings/load-settings.ts';
import type { Settings } from '../../../src/settings/settings.ts';
import { createLog, eventually } from '../http/support.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/tls');
const token = 'a-secret-token-of-16';
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fairlead-reload-'));
  for (const name of ['server.crt', 'server.key']) copyFileSync(join(fixtures, name), join(folder, name));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** As an editor does it: a new file in place of the old one. */
function write(rest: string): void {
  const text = `sources: [{name: a, directory: {path: x}}]\nlisten: {provider: ":9080"}\n${rest}\n`;
  writeFileSync(join(folder, 'new'), text);
  renameSync(join(folder, 'new'), join(folder, 'fairlead.yaml'));
}

function start(first: string) {
  write(first);
  const load = () => loadSettings({ configPath: 'fairlead.yaml', env: {}, cwd: folder });
  const applied: Settings[] = [];
  const { log, lines } = createLog();
  const apply = (settings: Settings): void => void applied.push(settings);
  const file = join(folder, 'fairlead.yaml');
  const reloader = new Reloader({ settings: load(), file, load, apply, log, everyMs: 20 });
  onTestFinished(() => reloader.stop());
  return { reloader, applied, lines, codes: () => reloader.problems.map(({ code }) => code) };
}

const tls = 'provider: {tls: {cert: server.crt, key: server.key}}';

describe('a changed configuration', () => {
  test('is taken over where that needs no restart', async () => {
    const { applied, lines } = start(`provider: {tokens: [${token}]}`);
    write(`provider: {tokens: [${token}, ${token}-2], hold: 2s}`);
    await eventually(() => applied.length === 1);
    expect(applied[0]?.provider).toMatchObject({ holdMs: 2_000, tokens: [token, `${token}-2`] });
    expect(lines).toMatchObject([
      { msg: 'configuration read again', changed: ['provider.hold', 'provider.tokens'] },
    ]);
  });

  test('that needs a restart is said so, by field, until it is taken back', async () => {
    const { reloader, applied, codes } = start('');
    write('ingress: {unclassed: take}\nfleets: [{name: other}]');
    await eventually(() => codes().includes('restart-needed'));
    expect(applied).toEqual([]);
    expect(reloader.problems[0]?.message).toContain('fleets, ingress.unclassed');
    write('');
    await eventually(() => codes().length === 0);
  });

  test('that cannot be used changes nothing, is an error once, and is taken when it is mended', async () => {
    const { applied, lines, codes } = start('');
    write('provider: {hold: x}');
    await eventually(() => codes().includes('configuration-broken'));
    await new Promise((resolve) => void setTimeout(resolve, 100));
    expect(applied).toEqual([]);
    expect(lines.map(({ level, msg }) => [level, msg])).toEqual([
      [50, 'the changed configuration cannot be used; the former one stays'],
    ]);
    write('provider: {hold: 2s}');
    await eventually(() => applied.length === 1);
    expect(codes()).toEqual([]);
  });

  test('that is gone changes nothing either', async () => {
    const { applied, codes } = start('');
    rmSync(join(folder, 'fairlead.yaml'));
    await eventually(() => codes().includes('configuration-broken'));
    expect(applied).toEqual([]);
  });

  test.each([
    [`provider: {tokens: [${token}]}`, 'provider: {}', 'provider.tokens'],
    ['provider: {}', `provider: {tokens: [${token}]}`, 'provider.tokens'],
    [tls, 'provider: {}', 'provider.tls'],
    [tls, tls.replace('key: server.key', 'key: server.key, clientCA: server.crt'), 'provider.tls'],
  ])('never changes who may have private keys: from %s to %s', async (before, after, field) => {
    const { reloader, applied, codes } = start(before);
    write(after);
    await eventually(() => codes().includes('restart-needed'));
    expect(reloader.problems[0]?.message).toContain(field);
    expect(applied).toEqual([]);
  });
});

describe('a token of the admin listener in a file', () => {
  const admin = 'admin: {tokens: [{tokenFile: token}]}';

  test('is taken over when the file changes, and when it is a new one of the same length', async () => {
    writeFileSync(join(folder, 'token'), `${token}-1`);
    const { applied } = start(admin);
    writeFileSync(join(folder, 'other'), `${token}-2`);
    renameSync(join(folder, 'other'), join(folder, 'token'));
    await eventually(() => applied.length === 1);
    expect(applied[0]?.admin.tokens).toMatchObject([{ token: `${token}-2` }]);
  });

  test('that is gone or broken keeps the old one, and no line repeats what is in it', async () => {
    writeFileSync(join(folder, 'token'), token);
    const { applied, lines, reloader, codes } = start(admin);
    writeFileSync(join(folder, 'token'), 'hunter2');
    await eventually(() => codes().includes('configuration-broken'));
    expect(reloader.problems[0]?.message).toContain('admin.tokens[0].tokenFile');
    expect(JSON.stringify([lines, reloader.problems])).not.toContain('hunter2');
    expect(applied).toEqual([]);
    writeFileSync(join(folder, 'token'), token);
    await eventually(() => codes().length === 0);
  });
});

describe('a TLS file', () => {
  test('is taken over when it changes, though the configuration does not', async () => {
    const { applied } = start(tls);
    for (const name of ['client.crt', 'client.key'])
      copyFileSync(join(fixtures, name), join(folder, name.replace('client', 'server')));
    await eventually(() => applied.length === 1);
    expect(applied[0]?.provider.tls?.cert).toContain('BEGIN CERTIFICATE');
  });

  test('that is broken keeps the old one, and is taken when it is whole', async () => {
    const { applied, reloader, codes } = start(tls);
    writeFileSync(join(folder, 'server.crt'), 'half');
    await eventually(() => codes().includes('configuration-broken'));
    expect(reloader.problems[0]?.message).toContain('provider.tls.cert');
    expect(applied).toEqual([]);
    copyFileSync(join(fixtures, 'server.crt'), join(folder, 'server.crt'));
    await eventually(() => codes().length === 0);
  });
});
