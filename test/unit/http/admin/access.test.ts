import { describe, expect, test } from 'vitest';
import { Access } from '../../../../src/http/admin/access.ts';
import type { AdminSettings } from '../../../../src/settings/settings.ts';
import { cheapHash } from './cheap-hash.ts';

const token = 'a-token-of-the-operators';
const shopToken = 'a-token-of-the-shop-team';
const admin: AdminSettings = {
  users: [
    { name: 'ops', passwordHash: cheapHash('ops password'), namespaces: 'all' },
    { name: 'gäst', passwordHash: cheapHash('with:colon ß'), namespaces: ['game-*'] },
  ],
  tokens: [
    { token, namespaces: 'all' },
    { token: shopToken, namespaces: ['shop'] },
  ],
};

const basic = (name: string, password: string): string =>
  `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;

async function admit(authorization: string | undefined, settings = admin) {
  const access = new Access({ admin: settings, listen: { hosts: [] } });
  const admission = await access.admit({
    address: '192.0.2.1',
    headers: { host: 'fairlead:9081', ...(authorization !== undefined && { authorization }) },
  });
  return admission.kind === 'let-in' ? admission.view.namespaces : admission.kind;
}

describe('with users and tokens', () => {
  test.each([
    ['a token', `Bearer ${token}`, 'all'],
    ['a token of a namespace', `bearer ${shopToken}`, ['shop']],
    ['a token as a password, as browsers send it', basic('', shopToken), ['shop']],
    ['a name and password', basic('ops', 'ops password'), 'all'],
    ['a password with a colon, beyond ASCII', basic('gäst', 'with:colon ß'), ['game-*']],
  ])('lets in %s', async (_what, authorization, namespaces) => {
    expect(await admit(authorization)).toEqual(namespaces);
  });

  test.each([
    ['nothing', undefined],
    ['another token', 'Bearer another-token-of-somebody'],
    ['a token in another way', `Token ${token}`],
    ['a wrong password', basic('ops', 'wrong')],
    ['the password of another user', basic('gäst', 'ops password')],
    ['the password of the first user under no name that there is', basic('nobody', 'ops password')],
    ['a hash in place of the password', basic('ops', admin.users[0]?.passwordHash ?? '')],
    ['no colon', `Basic ${Buffer.from('ops').toString('base64')}`],
    ['what is no base64', 'Basic ???'],
    ['a password beyond all bounds', basic('ops', 'x'.repeat(2_000))],
  ])('does not let in %s', async (_what, authorization) => {
    expect(await admit(authorization)).toBe('unknown');
  });

  test('asks this machine, too', async () => {
    const access = new Access({ admin, listen: { hosts: [] } });
    expect((await access.admit({ address: '127.0.0.1', headers: { host: 'localhost' } })).kind).toBe(
      'unknown',
    );
  });

  test('does not tell by the time it takes whether there is such a user', async () => {
    const access = new Access({ admin, listen: { hosts: [] } });
    const ask = (name: string, password: string) =>
      access.admit({ address: '192.0.2.1', headers: { authorization: basic(name, password) } });
    // Both are slow comparisons: both count, so the eleventh has to wait.
    for (let n = 0; n < 5; n += 1) await Promise.all([ask('ops', `${n}`), ask('nobody', `n${n}`)]);
    expect((await ask('nobody', 'once more')).kind).toBe('later');
  });
});

describe('without any', () => {
  const access = new Access({ admin: { users: [], tokens: [] }, listen: { hosts: ['vm.example.com'] } });
  const kindFor = async (address: string, host?: string) =>
    (await access.admit({ address, headers: host === undefined ? {} : { host } })).kind;

  test.each([
    ['127.0.0.1', 'localhost:9081'],
    ['::1', '[::1]:9081'],
    ['::ffff:127.0.0.1', '127.0.0.1:9081'],
    ['127.0.0.1', 'vm.example.com'],
    ['127.0.0.1', undefined],
  ])('lets in %s for %s', async (address, host) => expect(await kindFor(address, host)).toBe('let-in'));

  test.each([
    ['192.0.2.1', 'localhost:9081'],
    ['::ffff:192.0.2.1', '127.0.0.1'],
    ['', 'localhost'],
    ['127.0.0.1', 'rebound.example'],
    ['127.0.0.1', '192.0.2.1:9081'],
  ])('does not let in %j for %s', async (address, host) =>
    expect(await kindFor(address, host)).toBe('not-here'),
  );

  test('says what to set', async () => {
    const admission = await access.admit({ address: '192.0.2.1', headers: {} });
    expect('error' in admission && admission.error).toContain('set admin.users or admin.tokens');
  });
});
