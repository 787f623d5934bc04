import { createHash } from 'node:crypto';
import type { Meta, Secret } from '../model/objects.ts';
import type { Report } from '../model/problem.ts';
import { describeType } from '../lib/raw-fields.ts';
import { isObject, type RawObject } from '../lib/raw-object.ts';
import { defineKind } from './kind.ts';
import { toRecord, withoutAnnotations } from './meta.ts';

/**
 * Types that no route can use. They are left out by the server, so that service account tokens, registry passwords and
 * Helm releases (up to a megabyte each) never come here. Opaque ones do: basic authentication and authorities are in them.
 */
const uselessTypes = [
  'bootstrap.kubernetes.io/token',
  'helm.sh/release.v1',
  'kubernetes.io/dockercfg',
  'kubernetes.io/dockerconfigjson',
  'kubernetes.io/service-account-token',
  'kubernetes.io/ssh-auth',
];

/** Certificates, authorities, and users of basic authentication, for those that name them. */
export const secret = defineKind({
  kind: 'Secret',
  apiVersions: ['v1'],
  plural: 'secrets',
  shortNames: [],
  namespaced: true,
  routed: false,
  cluster: { fieldSelector: uselessTypes.map((type) => `type!=${type}`).join(','), pageSize: 50 },
  read: toSecret,
});

/** What routes use: certificates, authorities, and the users of basic and digest authentication, if these do not have a key each. */
const keptKeys = ['tls.crt', 'tls.key', 'ca.crt', 'tls.ca', 'auth', 'users'];

/**
 * A core/v1 Secret with the values that routes use, as text; `stringData` wins over `data`, as in Kubernetes. Undefined when
 * either is not a mapping. A malformed value is left out. No problem ever shows a value.
 */
function toSecret(raw: RawObject, meta: Meta, report: Report): Secret | undefined {
  const data = toSection(raw, 'data', report);
  const stringData = toSection(raw, 'stringData', report);
  if (data === undefined || stringData === undefined) return undefined;
  const pairs: [string, string][] = [];
  for (const key of keptKeys) {
    const text = toPlainValue(stringData, key, report) ?? toDecodedValue(data, key, report);
    if (text !== undefined) pairs.push([key, text]);
  }
  for (const key of listUserKeys(stringData, data)) {
    const text = toPlainValue(stringData, key, silent) ?? toDecodedValue(data, key, silent);
    if (text !== undefined && passwordHash.test(text)) pairs.push([key, text]);
  }
  const type = typeof raw['type'] === 'string' ? raw['type'] : 'Opaque';
  const read = (key: string) => toPlainValue(stringData, key, silent) ?? toDecodedValue(data, key, silent);
  const user = type === 'kubernetes.io/basic-auth' ? toUser(read('username'), read('password')) : undefined;
  if (user !== undefined && pairs.every(([key]) => key !== 'users')) pairs.push(['users', user]);
  return {
    kind: 'Secret',
    meta: withoutAnnotations(meta),
    type,
    data: toRecord(pairs),
  };
}

const longestPassword = 1_000;

/** The line that Traefik's own provider makes of the Secret of one user. The password itself is not kept. */
function toUser(name = '', password = ''): string | undefined {
  if (name === '' || password === '' || password.length > longestPassword) return undefined;
  return `${name}:{SHA}${createHash('sha1').update(password).digest('base64')}`;
}

/** Of a password: where ingress-nginx is asked by names (`auth-map`), each key of a Secret is one, and its value the hash. */
const passwordHash = /^\s{0,4}(?:\$(?:1|apr1|2[abxy])\$|\{SHA\})[^\s:]{10,120}\s{0,4}$/;
const mostUserKeys = 1_000;
/** Of a hash, in base64. */
const longestHash = 250;

function isShort(value: unknown): boolean {
  return typeof value === 'string' && value.length <= longestHash;
}

const silent: Report = () => undefined;

/** The keys whose values may be hashes, of which there may be many: what else a Secret holds, perhaps for pods, is not kept. */
function listUserKeys(stringData: RawObject, data: RawObject): readonly string[] {
  return Object.keys({ ...data, ...stringData })
    .filter((key) => !keptKeys.includes(key) && isShort(stringData[key] ?? data[key]))
    .toSorted()
    .slice(0, mostUserKeys);
}

function toSection(raw: RawObject, key: 'data' | 'stringData', report: Report): RawObject | undefined {
  const value = raw[key] ?? {};
  if (isObject(value)) return value;
  reportSecret(
    report,
    key,
    `is ${describeType(value)} and not a mapping`,
    'Give it a mapping of keys to texts.',
  );
  return undefined;
}

function toPlainValue(section: RawObject, key: string, report: Report): string | undefined {
  const value = Object.hasOwn(section, key) ? (section[key] ?? undefined) : undefined;
  if (value === undefined || typeof value === 'string') return value;
  const hint = 'Put the value in quotation marks.';
  reportSecret(report, `stringData[${key}]`, `is ${describeType(value)} and not a text`, hint);
  return undefined;
}

function toDecodedValue(section: RawObject, key: string, report: Report): string | undefined {
  const value = Object.hasOwn(section, key) ? (section[key] ?? undefined) : undefined;
  if (value === undefined) return undefined;
  const packed = typeof value === 'string' ? value.replaceAll(/\s+/g, '') : undefined;
  if (packed !== undefined && packed.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(packed)) {
    return Buffer.from(packed, 'base64').toString('utf8');
  }
  const hint = 'Encode the value with base64, or write it as plain text under stringData.';
  reportSecret(report, `data[${key}]`, 'is not base64', hint);
  return undefined;
}

function reportSecret(report: Report, field: string, fault: string, hint: string): void {
  report('object-malformed', { field, message: `The field ${field} ${fault}.`, hint });
}
