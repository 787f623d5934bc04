import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseConfig } from '../../../src/settings/config-file.ts';
import { resolveSettings } from '../../../src/settings/resolve-settings.ts';
import type { Environment } from '../../../src/settings/environment.ts';
import { SettingsError } from '../../../src/settings/mistake.ts';
import { cheapHash } from '../http/admin/cheap-hash.ts';

const hash = cheapHash('secret');
const token = 'a-token-of-many-characters';
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fairlead-admin-'));
  writeFileSync(join(folder, 'hash'), `${hash}\n`);
  writeFileSync(join(folder, 'token'), `\n${token}\n`);
  writeFileSync(join(folder, 'short'), 'hunter2');
  writeFileSync(join(folder, 'plain'), 'my-plain-password');
});
afterAll(() => rmSync(folder, { recursive: true }));

function load(admin: string, env: Environment = {}) {
  const text = `sources: [{name: a, directory: {path: x}}]\n${admin === '' ? '' : `admin: ${admin}\n`}`;
  return resolveSettings({ document: parseConfig(text, 'f.yaml'), env, folder }).admin;
}

function linesOf(admin: string): string {
  try {
    load(admin);
    return '';
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
}

test('there are no users and tokens by default', () => expect(load('')).toEqual({ users: [], tokens: [] }));

test('secrets stand in the configuration, in files, or in the environment', () => {
  const admin = load(
    `{users: [{name: ops, passwordHash: '${hash}'}, {name: b, passwordHashFile: hash, namespaces: [shop, "game-*"]}], tokens: [{token: ${token}, namespaces: null}, {tokenFile: token}]}`,
  );
  expect(admin).toEqual({
    users: [
      { name: 'ops', passwordHash: hash, namespaces: 'all' },
      { name: 'b', passwordHash: hash, namespaces: ['shop', 'game-*'], file: join(folder, 'hash') },
    ],
    tokens: [
      { token, namespaces: 'all' },
      { token, namespaces: 'all', file: join(folder, 'token') },
    ],
  });
  const env = { FAIRLEAD_ADMIN_TOKENS_0_TOKEN: token, FAIRLEAD_ADMIN_TOKENS_0_NAMESPACES: 'shop' };
  expect(load('', env).tokens).toEqual([{ token, namespaces: ['shop'] }]);
});

test.each([
  ['{users: [{name: a}]}', 'admin.users[0]: has neither passwordHash nor passwordHashFile'],
  ['{tokens: [{}]}', 'admin.tokens[0]: has neither token nor tokenFile'],
  [`{tokens: [{token: ${token}, tokenFile: token}]}`, 'admin.tokens[0]: has token and tokenFile'],
  [
    '{users: [{name: a, passwordHash: plain-password}]}',
    'admin.users[0].passwordHash: is not a hash of scrypt',
  ],
  [`{users: [{name: "a:b", passwordHash: '${hash}'}]}`, 'admin.users[0].name: is not the name of a user'],
  [
    '{users: [{name: a, passwordHashFile: hash}, {name: a, passwordHashFile: hash}]}',
    'admin.users[1].name: is the same',
  ],
  [
    '{users: [{name: a, passwordHashFile: plain}]}',
    'passwordHashFile: names a file whose text is not a hash of scrypt',
  ],
  ['{tokens: [{tokenFile: short}]}', 'admin.tokens[0].tokenFile: names a file whose text has 7 characters'],
  ['{tokens: [{tokenFile: gone}]}', 'admin.tokens[0].tokenFile: names a file that cannot be read: ENOENT'],
  ['{tokens: [{tokenFile: token, namespaces: []}]}', 'admin.tokens[0].namespaces: is empty'],
  ['{tokens: [{tokenFile: token, namespaces: [Shop]}]}', 'is not the name of a namespace, nor a pattern'],
])('%s is a mistake', (admin, line) => {
  expect(linesOf(admin)).toContain(line);
  expect(linesOf(admin)).not.toMatch(/hunter2|plain-password|\$scrypt/);
});
