import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { edgeAnswer } from '../../../src/edge/edge-answer.ts';
import { createEdgeDocuments } from '../../../src/edge/edge-documents.ts';
import { describeChange } from '../../../src/edge/describe-change.ts';
import {
  isShared,
  toEndMs,
  toFingerprint,
  toProcessConfig,
  type HostOptions,
} from '../../../src/edge/process-config.ts';
import { embeddedSettings } from '../../../src/settings/embedded.ts';
import { toYaml } from '../../../src/traefik/static/yaml.ts';

const settings = embeddedSettings({ env: {}, cwd: '/' });
const documents = createEdgeDocuments(() => settings, { banks: () => [{ bank: 0, state: 'open' }] });
const [bank] = edgeAnswer.parse(JSON.parse(documents('default')?.body ?? '')).banks;
if (bank === undefined) throw new Error('no bank');

const host: HostOptions = {
  server: 'https://fairlead.test.com:9080',
  fleet: 'default',
  holdMs: 4_000,
  host: 'host-a',
  token: 'a-token',
  tls: { ca: '/ca.pem' },
  shared: false,
};
const api = '127.0.0.1:40123';
const config = toProcessConfig(bank, host, api);

test('a Traefik polls the document of its bank, with the token and the name of its host', () => {
  expect(config.providers).toMatchObject({
    http: {
      endpoint: 'https://fairlead.test.com:9080/traefik/default',
      pollTimeout: '5s',
      headers: { Authorization: 'Bearer a-token', 'X-Fairlead-Host': 'host-a' },
      tls: { ca: '/ca.pem' },
    },
  });
  const second = toProcessConfig({ ...bank, bank: 7 }, { ...host, token: undefined, tls: undefined }, api);
  expect(second.providers['http']).toMatchObject({
    endpoint: 'https://fairlead.test.com:9080/traefik/default/7',
    headers: { 'X-Fairlead-Host': 'host-a' },
  });
  expect(JSON.stringify(second)).not.toMatch(/Bearer|ca\.pem/);
});

test('its API answers where nobody else of the host does', () => {
  expect(config.entryPoints['traefik']?.address).toBe(api);
});

test('connections may go on as long as --grace says, and those that were taken before as long as it accepts', () => {
  expect(toEndMs(config)).toBe(310_000);
  const brief = toProcessConfig(bank, { ...host, graceMs: 90_000 }, api);
  expect(brief.entryPoints['tcp-20000']?.transport?.lifeCycle?.graceTimeOut).toBe('90000ms');
  expect(brief.entryPoints['udp-20000']?.transport).toBeUndefined();
  expect(toEndMs(brief)).toBe(100_000);
});

test('--bind moves all but the API to one address, so that two fleets have room on a host', () => {
  const bound = toProcessConfig(bank, { ...host, bind: '192.0.2.7' }, api);
  expect(bound.entryPoints['web']?.address).toBe('192.0.2.7:80');
  expect(bound.entryPoints['udp-20099']?.address).toBe('192.0.2.7:20099/udp');
  expect(bound.entryPoints['ready']?.address).toBe('192.0.2.7:8082');
  expect(bound.entryPoints['traefik']?.address).toBe(api);
  const other = toProcessConfig(bank, { ...host, bind: '2001:db8::7' }, api);
  expect(other.entryPoints['web']?.address).toBe('[2001:db8::7]:80');
});

test('only with --replace can another Traefik listen beside it', () => {
  expect(isShared(config)).toBe(false);
  expect(isShared(toProcessConfig(bank, { ...host, shared: true }, api))).toBe(true);
});

test('the fingerprint is that of the file, wherever the API answers', () => {
  const fingerprint = toFingerprint(config);
  expect(toFingerprint(toProcessConfig(bank, host, '127.0.0.1:1'))).toBe(fingerprint);
  expect(toFingerprint(parse(toYaml(config)))).toBe(fingerprint);
  expect(toFingerprint(toProcessConfig(bank, { ...host, token: 'another' }, api))).not.toBe(fingerprint);
});

test('a change is described by names alone', () => {
  const { 'tcp-20000': _, ...entryPoints } = config.entryPoints;
  const changed = { ...config, entryPoints: { ...entryPoints, more: { address: ':1' } } };
  expect(describeChange(config, changed)).toBe('entryPoints more: more, gone: tcp-20000');
  const token = toProcessConfig(bank, { ...host, token: 'another' }, '');
  expect(describeChange(config, token)).toBe('providers');
  const graced = toProcessConfig(bank, { ...host, graceMs: 1 }, '');
  expect(describeChange(config, graced)).toBe(
    'entryPoints changed: web, websecure, tcp-20000, tcp-20001, tcp-20002 and 97 more',
  );
});
