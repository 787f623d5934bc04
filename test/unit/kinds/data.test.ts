import { describe, expect, it } from 'vitest';
import { meta, narrow, narrowOne } from './support.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const secret = (fields: object): unknown => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: meta(),
  ...fields,
});

describe('a Secret', () => {
  it('of one user has the line of that user, and not the password', () => {
    const type = 'kubernetes.io/basic-auth';
    const stringData = { username: 'ann', password: 'password' };
    const users = 'ann:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=';
    expect(narrowOne('Secret', secret({ type, stringData })).object.data).toEqual({ users });
    for (const less of [
      { username: 'ann' },
      { username: '', password: 'p' },
      { username: 'ann', password: '' },
    ])
      expect(narrowOne('Secret', secret({ type, stringData: less })).object.data).toEqual({});
    expect(narrowOne('Secret', secret({ stringData })).object.data).toEqual({});
  });

  it('keeps the keys that routes use, decoded, and nothing else', () => {
    const data = { 'tls.crt': base64('cert'), 'tls.key': base64('key'), password: base64('no') };
    const { object } = narrowOne('Secret', secret({ type: 'kubernetes.io/tls', data }));
    expect(object.type).toBe('kubernetes.io/tls');
    expect(object.data).toEqual({ 'tls.crt': 'cert', 'tls.key': 'key' });
  });

  it('lets stringData win', () => {
    const fields = { data: { users: base64('old'), auth: base64('a') }, stringData: { users: 'new' } };
    expect(narrowOne('Secret', secret(fields)).object.data).toEqual({ users: 'new', auth: 'a' });
  });

  it('takes base64 that is broken over lines', () => {
    const text = 'x'.repeat(200);
    const wrapped = base64(text).replaceAll(/(.{60})/g, '$1\n');
    expect(narrowOne('Secret', secret({ data: { 'ca.crt': wrapped } })).object.data).toEqual({
      'ca.crt': text,
    });
  });

  it('leaves out what is not base64, and shows no value in any problem', () => {
    const { objects, problems } = narrow(
      secret({ data: { 'tls.key': 'geheim!', 'tls.crt': 'abc' }, stringData: { auth: 12_345_678 } }),
    );
    expect(objects).toMatchObject([{ data: {} }]);
    expect(problems.map(({ field }) => field)).toEqual([
      'data[tls.crt]',
      'data[tls.key]',
      'stringData[auth]',
    ]);
    expect(JSON.stringify(problems)).not.toMatch(/geheim|abc|12345678/);
  });

  it.each([{ data: 'x' }, { stringData: [] }])('is refused with %j', (fields) => {
    expect(narrow(secret(fields)).objects).toEqual([]);
  });
});

describe('a ConfigMap', () => {
  it('keeps its texts and leaves out other values', () => {
    const { object, fields } = narrowOne('ConfigMap', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: meta(),
      data: { '3306': 'rds/db:3306', bad: 5 },
    });
    expect(object.data).toEqual({ '3306': 'rds/db:3306' });
    expect(fields).toEqual(['data[bad]']);
  });
});

const readConfigMap = (...texts: readonly string[]) =>
  narrowOne('ConfigMap', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: meta(),
    data: Object.fromEntries(texts.map((text, index) => [`k${index}`, text])),
  });

describe('a ConfigMap that is large', () => {
  it('is kept up to 128 KiB, and beyond without any of its texts', () => {
    const most = 'x'.repeat(128 * 1024 - 4);
    expect(readConfigMap(most, '').object).toMatchObject({ data: { k0: most } });
    const { object, fields } = readConfigMap(most, 'x');
    expect(object).toMatchObject({ data: {}, tooLarge: true });
    expect(fields).toEqual([]);
  });
});

const readNamespace = (metadata: object) =>
  narrowOne('Namespace', { apiVersion: 'v1', kind: 'Namespace', metadata });

describe('a Namespace', () => {
  it('has its labels, and its name as one of them, and no namespace', () => {
    const { object, fields } = readNamespace({ name: 'shop', namespace: 'x', labels: { team: 'a', bad: 5 } });
    expect(object.meta.ref).toEqual({ source: 'test', kind: 'Namespace', namespace: '', name: 'shop' });
    expect(object.labels).toEqual({ team: 'a', 'kubernetes.io/metadata.name': 'shop' });
    expect(fields).toEqual(['metadata.labels[bad]']);
  });

  it('may stand without labels', () => {
    expect(readNamespace({ name: 'shop' }).object.labels).toEqual({ 'kubernetes.io/metadata.name': 'shop' });
  });
});
