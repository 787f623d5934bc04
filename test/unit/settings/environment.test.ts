import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../../src/settings/config-file.ts';
import type { Environment } from '../../../src/settings/environment.ts';
import { eachField } from '../../../src/settings/fields.ts';
import { resolveSettings } from '../../../src/settings/resolve-settings.ts';
import type { Settings } from '../../../src/settings/settings.ts';
import { findTarget, toVariableName } from '../../../src/settings/variable-names.ts';

const file = `
sources: [{name: vms, directory: {path: ./vms}}]
fleets: [{name: default}, {name: edge}]
provider: {tokens: [0123456789abcdef], hold: 3s}
`;

const load = (env: Environment, text = file): Settings =>
  resolveSettings({ document: parseConfig(text, 'f.yaml'), env, folder: '/etc/fairlead' });

const messageOf = (env: Environment): string => {
  try {
    load(env);
    return 'accepted';
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
};

const overrides: readonly (readonly [string, string, (settings: Settings) => unknown, unknown])[] = [
  ['FAIRLEAD_PROVIDER_MAX_WAIT', '2s', ({ provider }) => provider.maxWaitMs, 2000],
  ['FAIRLEAD_PROVIDER_HOLD', '"1s"', ({ provider }) => provider.holdMs, 1000],
  ['FAIRLEAD_PROVIDER_HOLD', '', ({ provider }) => provider.holdMs, 3000],
  ['FAIRLEAD_PROVIDER_TOKENS', '', ({ provider }) => provider.tokens, ['0123456789abcdef']],
  ['FAIRLEAD_PROVIDER_TOKENS', '[]', ({ provider }) => provider.tokens, []],
  [
    'FAIRLEAD_PROVIDER_TOKENS',
    '1111111111111111, abcdefabcdefabcdef',
    ({ provider }) => provider.tokens,
    ['1111111111111111', 'abcdefabcdefabcdef'],
  ],
  [
    'FAIRLEAD_PROVIDER_TOKENS_1',
    'abcdefabcdefabcdef',
    ({ provider }) => provider.tokens,
    ['0123456789abcdef', 'abcdefabcdefabcdef'],
  ],
  ['FAIRLEAD_PROVIDER_TLS', 'null', ({ provider }) => provider.tls, null],
  ['FAIRLEAD_LISTEN_PROVIDER', '[::1]:80', ({ listen }) => listen.provider, { host: '::1', port: 80 }],
  ['FAIRLEAD_LISTEN', '{provider: ":0"}', ({ listen }) => listen.provider, { host: '', port: 0 }],
  ['FAIRLEAD_FLEETS_1_TRAEFIK', '3.10', ({ fleets }) => fleets[1]?.traefik, { major: 3, minor: 10 }],
  [
    'FAIRLEAD_FLEETS_0_PORTS_TCP_RANGE',
    '20000-20090',
    ({ fleets }) => fleets[0]?.pools[0]?.ranges.tcp?.range,
    { from: 20000, to: 20090 },
  ],
  [
    'FAIRLEAD_FLEETS_0_PORTS_UDP_RANGE',
    '20099',
    ({ fleets }) => fleets[0]?.pools[0]?.ranges.udp?.range,
    { from: 20099, to: 20099 },
  ],
  ['FAIRLEAD_FLEETS_0_PORTS_REQUESTABLE', 'null', ({ fleets }) => fleets[0]?.pools[0]?.requestable, null],
  ['FAIRLEAD_FLEETS_0_PORTS_MAX_PER_NAMESPACE', '7', ({ fleets }) => fleets[0]?.pools[0]?.maxPerNamespace, 7],
  [
    'FAIRLEAD_FLEETS_0_ADDRESSES',
    'a.example,192.0.2.1',
    ({ fleets }) => fleets[0]?.addresses,
    ['a.example', '192.0.2.1'],
  ],
  [
    'FAIRLEAD_FLEETS_0_ADDRESSES',
    '"a.example, 192.0.2.1"',
    ({ fleets }) => fleets[0]?.addresses,
    ['a.example', '192.0.2.1'],
  ],
  [
    'FAIRLEAD_FLEETS_0_ADDRESSES',
    `"a.example",'192.0.2.1'`,
    ({ fleets }) => fleets[0]?.addresses,
    ['a.example', '192.0.2.1'],
  ],
  [
    'FAIRLEAD_FLEETS_2_NAME',
    'third',
    ({ fleets }) => fleets.map(({ name }) => name),
    ['default', 'edge', 'third'],
  ],
  [
    'FAIRLEAD_SERVICES_EXTERNAL_ENDPOINTS_ALLOWED_CIDRS',
    '::/0,10.0.0.0/8',
    ({ services }) => services.externalEndpoints.allowedCIDRs,
    ['::/0', '10.0.0.0/8'],
  ],
  [
    'FAIRLEAD_SERVICES_EXTERNAL_ENDPOINTS_ALLOWED_CIDRS_0',
    '10.0.0.0/8',
    ({ services }) => services.externalEndpoints.allowedCIDRs,
    ['10.0.0.0/8', '::/0'],
  ],
  [
    'FAIRLEAD_SERVICES_ANNOTATIONS_ALLOCATED',
    '{protocol}.x.io/{port}',
    ({ services }) => services.expose[0]?.allocated,
    '{protocol}.x.io/{port}',
  ],
  ['FAIRLEAD_SERVICES_ALLOW_EXTERNAL_NAME', 'true', ({ services }) => services.allowExternalName, true],
  [
    'FAIRLEAD_INGRESS_ADOPT',
    '[{controller: k8s.io/ingress-nginx, dialect: nginx}]',
    ({ ingress }) => ingress.adopt.map(({ controller, dialect }) => ({ controller, dialect })),
    [{ controller: 'k8s.io/ingress-nginx', dialect: 'nginx' }],
  ],
  [
    'FAIRLEAD_SOURCES',
    '[{"name":"a","directory":{"path":"./x"}}]',
    ({ sources }) => sources,
    [{ name: 'a', required: true, directory: { path: '/etc/fairlead/x', watch: true } }],
  ],
  [
    'FAIRLEAD_SOURCES_0_DIRECTORY_WATCH',
    'false',
    ({ sources }) => sources.map((source) => 'directory' in source && source.directory.watch),
    [false],
  ],
  [
    'FAIRLEAD_LEDGER_FILE',
    '/var/lib/ports.json',
    ({ ledger }) => ledger,
    { file: '/var/lib/ports.json', retiredSources: [] },
  ],
  ['FAIRLEAD_LEDGER_RETIRED_SOURCES', 'west,east', ({ ledger }) => ledger.retiredSources, ['west', 'east']],
];

describe('a variable comes before the file', () => {
  test.each(overrides)('%s=%s', (name, value, pick, expected) => {
    expect(pick(load({ [name]: value }))).toEqual(expected);
  });

  test('and the one for a part before the one for the whole', () => {
    const env = { FAIRLEAD_FLEETS_1_NAME: 'b', FAIRLEAD_FLEETS: '[{name: a}, {name: x}]' };
    expect(load(env).fleets.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  test('also without a file', () => {
    const env = {
      FAIRLEAD_SOURCES_0_NAME: 'a',
      FAIRLEAD_SOURCES_0_DIRECTORY_PATH: 'x',
      FAIRLEAD_FLEETS_0_NAME: 'edge',
    };
    const { sources, fleets } = load(env, '');
    expect([sources[0]?.name, fleets[0]?.name]).toEqual(['a', 'edge']);
  });
});

test('every field has a variable of its own, that leads back to it', () => {
  const fields = [...eachField()];
  const names = fields.map(({ path }) => toVariableName(path));
  expect(new Set(names).size).toBe(fields.length);
  for (const [index, name] of names.entries()) {
    expect(findTarget(name.replaceAll('#', '3'))?.field).toBe(fields[index]);
  }
});

test('a whole configuration survives the way through the environment', () => {
  const env = {
    FAIRLEAD_SOURCES: '[{"name":"vms","directory":{"path":"./vms"}}]',
    FAIRLEAD_FLEETS: '[{"name":"default"},{"name":"edge"}]',
    FAIRLEAD_PROVIDER: '{"tokens":["0123456789abcdef"],"hold":"3s"}',
  };
  expect(load(env, '')).toEqual(load({}));
});

const mistakes: readonly (readonly [string, string, string])[] = [
  [
    'FAIRLEAD_PROVIDER_MAXWAIT',
    '1s',
    'FAIRLEAD_PROVIDER_MAXWAIT: is not a setting; did you mean FAIRLEAD_PROVIDER_MAX_WAIT?',
  ],
  [
    'FAIRLEAD_FLEETS_1_PORT_TCP_RANGE',
    '1',
    'FAIRLEAD_FLEETS_1_PORT_TCP_RANGE: is not a setting; did you mean FAIRLEAD_FLEETS_1_PORTS_TCP_RANGE?',
  ],
  [
    'FAIRLEAD_FLEETS_00_NAME',
    'x',
    'FAIRLEAD_FLEETS_00_NAME: is not a setting; did you mean FAIRLEAD_FLEETS_0_NAME?',
  ],
  [
    'FAIRLEAD_FLEETS_01_NAME',
    'x',
    'FAIRLEAD_FLEETS_01_NAME: is not a setting; did you mean FAIRLEAD_FLEETS_1_NAME?',
  ],
  [
    'FAIRLEAD_fleets_0_name',
    'x',
    'FAIRLEAD_fleets_0_name: is not a setting; did you mean FAIRLEAD_FLEETS_0_NAME?',
  ],
  ['FAIRLEAD_ZZZZZ', '1', 'FAIRLEAD_ZZZZZ: is not a setting; see docs/configuration.md for the variables'],
  [
    'FAIRLEAD_FLEETS_7_NAME',
    'x',
    'FAIRLEAD_FLEETS_7_NAME: fleets[7].name: leaves a gap in the list; the next free number is 2',
  ],
  [
    'FAIRLEAD_SOURCES',
    '[{',
    'FAIRLEAD_SOURCES: sources: is not valid YAML; write it as in the file, on one line: {a: 1}, [a, b]',
  ],
  [
    'FAIRLEAD_PROVIDER_HOLD',
    '4',
    'FAIRLEAD_PROVIDER_HOLD: provider.hold: is not a duration (got "4"); write numbers with the units ms, s, m or h, such as 50ms, 4s or 1h30m',
  ],
  [
    'FAIRLEAD_PROVIDER_TOKENS',
    'hunter2',
    'FAIRLEAD_PROVIDER_TOKENS: provider.tokens[0]: has 7 characters, too few; use 16 or more; make one with: openssl rand -hex 32',
  ],
];

test.each(mistakes)('%s=%s is reported in one line, by its name', (name, value, line) => {
  expect(messageOf({ [name]: value })).toBe(line);
});

test('what Kubernetes sets for a Service named fairlead is no mistake', () => {
  const env = {
    FAIRLEAD_SERVICE_HOST: '10.0.0.1',
    FAIRLEAD_SERVICE_PORT: '9080',
    FAIRLEAD_SERVICE_PORT_PROVIDER: '9080',
    FAIRLEAD_PORT: 'tcp://10.0.0.1:9080',
    FAIRLEAD_PORT_9080_TCP: 'tcp://10.0.0.1:9080',
    FAIRLEAD_PORT_9080_TCP_PROTO: 'tcp',
    FAIRLEAD_PORT_9080_TCP_PORT: '9080',
    FAIRLEAD_PORT_9080_TCP_ADDR: '10.0.0.1',
    FAIRLEAD_ADMIN_SERVICE_HOST: '10.0.0.2',
    FAIRLEAD_CONFIG: 'x',
    FAIRLEAD_TOKEN: 'of-the-edge-of-this-machine',
  };
  expect(load(env)).toEqual(load({}));
  expect(messageOf({ FAIRLEAD_PORT: '9080' })).toMatch(/^FAIRLEAD_PORT: is not a setting/);
});

test('the log level is checked, in any case', () => {
  expect(load({}).log).toEqual({ level: 'info', format: 'auto' });
  expect(load({ FAIRLEAD_LOG_LEVEL: 'DEBUG', FAIRLEAD_LOG_FORMAT: 'json' }).log).toEqual({
    level: 'debug',
    format: 'json',
  });
  expect(messageOf({ FAIRLEAD_LOG_LEVEL: 'debg' })).toBe(
    'FAIRLEAD_LOG_LEVEL: log.level: is not a log level (got "debg"); did you mean debug?',
  );
});
