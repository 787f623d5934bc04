import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../../src/settings/config-file.ts';
import { SettingsError } from '../../../src/settings/mistake.ts';
import { resolveSettings } from '../../../src/settings/resolve-settings.ts';

const source = 'sources: [{name: vms, directory: {path: ./vms}}]\n';

/** The lines that a file gets. */
function linesOf(text: string): readonly string[] {
  try {
    resolveSettings({ document: parseConfig(text, 'f.yaml'), env: {}, folder: '/nowhere' });
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.message.split('\n');
    throw error;
  }
}

const fleet = (fields: string) => `${source}fleets: [{${fields}}]`;
const ports = (fields: string) => fleet(`ports: {${fields}}`);

/** Each line of text has one mistake, and gets this one line. */
const cases: readonly (readonly [what: string, text: string, line: string])[] = [
  ['an unknown section', `${source}lisen: {}`, 'f.yaml:2:1: lisen: is not a field; did you mean listen?'],
  [
    'an API of Traefik with more than its URL',
    fleet('api: ["http://127.0.0.1:8080/?x"]'),
    'f.yaml:2:17: fleets[0].api[0]: is not the URL of an API of Traefik (got "http://127.0.0.1:8080/?x"); write it such as http://127.0.0.1:8080',
  ],
  [
    'too many APIs of Traefiks',
    fleet(`api: [${'"http://127.0.0.1:8080", '.repeat(21)}]`),
    'f.yaml:2:11: fleets[0].api: has more than 20 entries (got a list); write fewer',
  ],
  [
    'an unknown field far from any',
    `${source}provider: {x: 1}`,
    'f.yaml:2:12: provider.x: is not a field; the fields here are hold, debounce, maxWait, shards, tokens, tls, shrinkGuard, keysWithoutToken',
  ],
  [
    'a field of Object.prototype',
    `${source}provider: {constructor: 1}`,
    'f.yaml:2:12: provider.constructor: is not a field; the fields here are hold, debounce, maxWait, shards, tokens, tls, shrinkGuard, keysWithoutToken',
  ],
  [
    'a misspelt mandatory field',
    'sources: [{nmae: vms, directory: {path: x}}]',
    'f.yaml:1:12: sources[0].nmae: is not a field; did you mean name?',
  ],
  [
    'a misspelt field that a check needs',
    'sources: [{name: vms, dirctory: {path: x}}]',
    'f.yaml:1:23: sources[0].dirctory: is not a field; did you mean directory?',
  ],
  [
    'no sources',
    'provider: {}',
    'f.yaml:1:1: sources: is missing; add it, such as sources: [{name: vms, directory: {path: ./vms}}]',
  ],
  [
    'an empty list of sources',
    'sources: []',
    'f.yaml:1:1: sources: is empty (got an empty list); add one, such as sources: [{name: vms, directory: {path: ./vms}}]',
  ],
  [
    'sources that are no list',
    'sources: {name: a}',
    'f.yaml:1:1: sources: is not a list (got an object); write sources: [{name: vms, directory: {path: ./vms}}]',
  ],
  [
    'a source without anything',
    'sources: [{name: a}]',
    'f.yaml:1:11: sources[0]: is neither a directory nor a cluster (got an object); add one, such as directory: {path: ./vms}',
  ],
  [
    'a source without a path',
    'sources: [{name: a, directory: {}}]',
    'f.yaml:1:21: sources[0].directory.path: is missing; add it, such as path: ./vms',
  ],
  [
    'a source with an empty path',
    'sources: [{name: a, directory: {path: ""}}]',
    'f.yaml:1:33: sources[0].directory.path: is empty (got ""); write a path, such as ./vms',
  ],
  [
    'a context without a kubeconfig',
    'sources: [{name: a, kubernetes: {context: prod}}]',
    'f.yaml:1:34: sources[0].kubernetes.context: is of no use without a kubeconfig (got "prod"); add it, such as kubeconfig: ./kubeconfig',
  ],
  [
    'two sources of one name',
    'sources:\n- {name: a, directory: {path: x}}\n- {name: a, directory: {path: y}}',
    'f.yaml:3:4: sources[1].name: is the same as in item 0 (got "a"); give each its own',
  ],
  [
    'a source whose name is no label',
    'sources: [{name: A_b, directory: {path: x}}]',
    'f.yaml:1:12: sources[0].name: is not a DNS label (got "A_b"); use at most 63 of a-z, 0-9 and -, with a letter or digit at both ends',
  ],
  [
    'text for a boolean',
    'sources: [{name: a, required: yes, directory: {path: x}}]',
    'f.yaml:1:21: sources[0].required: is not true or false (got "yes"); write true or false, without quotes',
  ],
  [
    'an import for a fleet that there is not',
    `${source}imports: [{fleet: edge, protocol: tcp, configMap: a/b}]`,
    'f.yaml:2:12: imports[0].fleet: is not the name of a fleet (got "edge"); name one of default',
  ],
  [
    'an import from a source that there is not',
    `${source}imports: [{fleet: default, protocol: tcp, configMap: a/b, source: prod}]`,
    'f.yaml:2:59: imports[0].source: is not the name of a source (got "prod"); name one of vms',
  ],
  [
    'an import without a place',
    `${source}imports: [{fleet: default, protocol: tcp}]`,
    'f.yaml:2:11: imports[0]: is neither a ConfigMap nor a file, or both (got an object); give one of configMap and file',
  ],
  [
    'an import from a file that is not there',
    `${source}imports: [{fleet: default, protocol: tcp, file: nowhere.yaml}]`,
    'f.yaml:2:43: imports[0].file: names a file that cannot be read: ENOENT (got "nowhere.yaml"); give the path of values of the chart ingress-nginx, relative to the configuration file',
  ],
  [
    'a pool with the name of what imports give out',
    `${source}fleets: [{pools: [{name: imported, tcp: {range: 100-199}}]}]`,
    'f.yaml:2:20: fleets[0].pools[0].name: is the name of the pool in imports (got "imported"); use another name',
  ],
  [
    'a ledger in a cluster that none is',
    `${source}ledger: {configMap: a/b}`,
    'f.yaml:2:10: ledger.configMap: is in a cluster, and no source is one; use file: ./fairlead-ports.json',
  ],
  [
    'a ledger in a cluster of another name',
    'sources: [{name: prod, kubernetes: {}}]\nledger: {source: prd}',
    'f.yaml:2:10: ledger.source: is not the name of a cluster source (got "prd"); name a source that has kubernetes',
  ],
  [
    'a section with nothing in it',
    `${source}provider:`,
    'f.yaml:2:1: provider: has no value (got null); write provider: {}, or remove it',
  ],
  [
    'a null in a list',
    `${source}fleets: [null]`,
    'f.yaml:2:10: fleets[0]: has no value (got null); write fleets: [{name: default}], or remove it',
  ],
  [
    'a fleet whose name is no label',
    fleet('name: a/b'),
    'f.yaml:2:11: fleets[0].name: is not a DNS label (got "a/b"); use at most 63 of a-z, 0-9 and -, with a letter or digit at both ends',
  ],
  [
    'two fleets of one name',
    `${source}fleets: [{}, {}]`,
    'f.yaml:2:14: fleets[1].name: is the same as in item 0; give each its own',
  ],
  [
    'Traefik 2',
    fleet('traefik: 2.11'),
    'f.yaml:2:11: fleets[0].traefik: is too old (got "2.11"); Traefik 3.0 is the first version that can be served',
  ],
  [
    'a version that is none',
    fleet('traefik: latest'),
    'f.yaml:2:11: fleets[0].traefik: is not a version of Traefik (got "latest"); write major and minor, such as "3.7"',
  ],
  [
    'an address with a scheme',
    fleet('addresses: ["https://edge"]'),
    'f.yaml:2:23: fleets[0].addresses[0]: is not a host name or an IP address (got "https://edge"); write it without scheme and port, such as edge.example.com or 192.0.2.1',
  ],
  [
    'an address with a slip',
    fleet('addresses: [192.168.1.256]'),
    'f.yaml:2:23: fleets[0].addresses[0]: is not a host name or an IP address (got "192.168.1.256"); write it without scheme and port, such as edge.example.com or 192.0.2.1',
  ],
  [
    'an address of a Service without its namespace',
    fleet('addresses: [service:traefik]'),
    'f.yaml:2:23: fleets[0].addresses[0]: does not name a Service (got "service:traefik"); write service:namespace/name, such as service:traefik/traefik',
  ],
  [
    'an entryPoint with a dot',
    fleet('entryPoints: {http: a.b}'),
    'f.yaml:2:25: fleets[0].entryPoints.http: is not the name of an entryPoint (got "a.b"); use letters, digits, - and _, such as websecure',
  ],
  [
    'a range beyond 65535',
    ports('tcp: {range: 65000-65536}, requestable: null'),
    'f.yaml:2:25: fleets[0].ports.tcp.range: holds a number that is not a port (got "65000-65536"); use ports from 1 to 65535',
  ],
  [
    'a range from above',
    ports('tcp: {range: 20099-20000}'),
    'f.yaml:2:25: fleets[0].ports.tcp.range: ends before it begins (got "20099-20000"); write the lower port first: 20000-20099',
  ],
  [
    'a range that is none',
    ports('udp: {range: all}'),
    'f.yaml:2:25: fleets[0].ports.udp.range: is not a range of ports (got "all"); write it as first-last, such as 20000-20099',
  ],
  [
    'an entryPoint without {port}',
    ports('udp: {entryPoint: udp}'),
    'f.yaml:2:25: fleets[0].ports.udp.entryPoint: does not hold {port} (got "udp"); write it as udp-{port}',
  ],
  [
    'pools that share a name',
    ports('udp: {entryPoint: "tcp-{port}"}'),
    'f.yaml:2:25: fleets[0].ports.udp.entryPoint: makes tcp-20000, as ports.tcp.entryPoint does (got "tcp-{port}"); name the two pools differently: one entryPoint carries one port and protocol',
  ],
  [
    'a pool with the name of web',
    fleet('entryPoints: {http: tcp-20005}'),
    'f.yaml:2:10: fleets[0].ports.tcp.entryPoint: makes tcp-20005, which entryPoints has already; use another name',
  ],
  [
    'a band beside the pools',
    ports('requestable: 1-2'),
    'f.yaml:2:19: fleets[0].ports.requestable: does not lie within a pool (got "1-2"); choose a part of tcp.range or udp.range, or null',
  ],
  [
    'a pool of too many banks',
    ports('bank: 9, tcp: {range: 20000-29999}'),
    'f.yaml:2:19: fleets[0].ports.bank: makes 1112 banks of the pool (got 9); choose more ports for each: there are at most 1000 banks',
  ],
  [
    'a pool that has ports of another one',
    fleet('pools: [{name: a, tcp: {range: 20099-20199}}]'),
    'f.yaml:2:35: fleets[0].pools[0].tcp.range: has 20099, which is in ports.tcp.range too (got "20099-20199"); let each port be in one pool; a pool that is null has none',
  ],
  [
    'a pool that makes the name of another one',
    fleet('pools: [{name: a, tcp: {range: 1-2, entryPoint: "tcp-2000{port}"}}]'),
    'f.yaml:2:47: fleets[0].pools[0].tcp.entryPoint: makes tcp-20001, as ports.tcp.entryPoint does (got "tcp-2000{port}"); name the two pools differently: one entryPoint carries one port and protocol',
  ],
  [
    'a pool with the name of the first',
    fleet('pools: [{name: default, tcp: {range: 1-2}}]'),
    'f.yaml:2:20: fleets[0].pools[0].name: is the name of the pool in ports (got "default"); use another name',
  ],
  [
    'two pools of one name',
    fleet('pools: [{name: a, tcp: {range: 1-2}}, {name: a, udp: {range: 1-2}}]'),
    'f.yaml:2:50: fleets[0].pools[1].name: is the name of the pool in pools[0] (got "a"); use another name',
  ],
  [
    'a pool without a range',
    fleet('pools: [{name: a, udp: {}}]'),
    'f.yaml:2:29: fleets[0].pools[0].udp.range: is missing; add it, such as range: 20000-20099',
  ],
  [
    'a namespace that cannot be',
    fleet('pools: [{name: a, namespaces: ["Game*"], udp: {range: 1-2}}]'),
    'f.yaml:2:42: fleets[0].pools[0].namespaces[0]: is not the name of a namespace, nor a pattern (got "Game*"); use at most 63 of a-z, 0-9, - and *, such as game-*',
  ],
  [
    'a label that is no text',
    fleet('pools: [{name: a, labels: {tier: 1}, udp: {range: 1-2}}]'),
    'f.yaml:2:38: fleets[0].pools[0].labels.tier: is not text (got 1); write labels: {tier: game}',
  ],
  [
    'a spare of less than nothing',
    ports('spare: -1'),
    'f.yaml:2:19: fleets[0].ports.spare: is not a count (got -1); write a whole number from 0 on',
  ],
  [
    'a quota of half a port',
    ports('maxPerNamespace: 0.5'),
    'f.yaml:2:19: fleets[0].ports.maxPerNamespace: is not a count (got 0.5); write a whole number from 1 on, or null',
  ],
  [
    'a quota in words',
    ports('maxPerNamespace: ten'),
    'f.yaml:2:19: fleets[0].ports.maxPerNamespace: is not a number (got "ten"); write maxPerNamespace: 10',
  ],
  [
    'a duration without a unit',
    `${source}provider: {hold: 4}`,
    'f.yaml:2:12: provider.hold: is not text (got 4); write hold: 4s',
  ],
  [
    'a duration of another unit',
    `${source}provider: {hold: 4d}`,
    'f.yaml:2:12: provider.hold: is not a duration (got "4d"); write numbers with the units ms, s, m or h, such as 50ms, 4s or 1h30m',
  ],
  [
    'a quiet time beyond the longest',
    `${source}provider: {debounce: 2s}`,
    'f.yaml:2:12: provider.debounce: is longer than provider.maxWait (got "2s"); make debounce the shorter of the two',
  ],
  [
    'a short token, not shown',
    `${source}provider: {tokens: [hunter2]}`,
    'f.yaml:2:21: provider.tokens[0]: has 7 characters, too few; use 16 or more; make one with: openssl rand -hex 32',
  ],
  [
    'a token that is a number, not shown',
    `${source}provider: {tokens: [12345678901234567]}`,
    'f.yaml:2:21: provider.tokens[0]: is not text; put it in quotes',
  ],
  [
    'listeners on one port',
    `${source}listen: {admin: ":9080"}`,
    'f.yaml:2:10: listen.admin: takes the port of listen.provider (got ":9080"); give the two listeners different ports',
  ],
  [
    'a listener without a port',
    `${source}listen: {admin: localhost}`,
    'f.yaml:2:10: listen.admin: is not an address to listen on (got "localhost"); write host:port, such as 127.0.0.1:9080, [::1]:9080 or :9080',
  ],
  [
    'a choice with a slip',
    `${source}ingress: {unclassed: tkae}`,
    'f.yaml:2:11: ingress.unclassed: is not one of ignore, take (got "tkae"); did you mean take?',
  ],
  [
    'a choice far from any',
    `${source}ingress: {priorities: length}`,
    'f.yaml:2:11: ingress.priorities: is not one of spec, traefik (got "length"); write spec or traefik',
  ],
  [
    'adopting ourselves',
    `${source}ingress: {adopt: [{controller: fairlead.dev/ingress-controller, dialect: nginx}]}`,
    'f.yaml:2:20: ingress.adopt[0].controller: is ingress.controller itself (got "fairlead.dev/ingress-controller"); remove this item',
  ],
  [
    'adopting for entryPoints that no fleet has',
    `${source}fleets: [{name: a, entryPoints: {others: [internal]}}, {name: b, entryPoints: {http: plain}}]\ningress: {adopt: [{controller: traefik.io/ingress-controller, dialect: traefik, entryPoints: [plain, internal, wbe]}]}`,
    'f.yaml:3:112: ingress.adopt[0].entryPoints[2]: is no entryPoint for HTTP of any fleet (got "wbe"); name one of web, websecure, internal, plain, or add it to fleets[].entryPoints.others',
  ],
  [
    'an owner of what is no host',
    `${source}ingress: {owners: [{hosts: ["a.*.example.com"], namespaces: [a]}]}`,
    'f.yaml:2:29: ingress.owners[0].hosts[0]: is not a host name (got "a.*.example.com"); write it as db.example.com or *.example.com',
  ],
  [
    'two owners of one host',
    `${source}ingress: {owners: [{hosts: [a.test], namespaces: [a]}, {hosts: [A.test], namespaces: [b]}]}`,
    'f.yaml:2:65: ingress.owners[1].hosts[0]: is there twice (got "A.test"); list all its namespaces in one place',
  ],
  [
    'a pool without ports',
    `${source}fleets: [{pools: [{name: a}]}]`,
    'f.yaml:2:19: fleets[0].pools[0]: has no ports (got an object); add tcp or udp, such as tcp: {range: 27000-27099}; or remove the pool',
  ],
  [
    'a number that is too small',
    `${source}healthChecks: {workers: -1}`,
    'f.yaml:2:16: healthChecks.workers: is less than 0 (got -1); write a number from 0 on, such as workers: 16',
  ],
  [
    'a number that is too large',
    `${source}healthChecks: {total: 20000}`,
    'f.yaml:2:16: healthChecks.total: is more than 10000 (got 20000); write a number up to 10000, such as total: 1000',
  ],
  [
    'hosts of nobody',
    `${source}ingress: {owners: [{hosts: [a.test], namespaces: []}]}`,
    'f.yaml:2:38: ingress.owners[0].namespaces: is empty (got an empty list); add one, such as namespaces: [a]',
  ],
  [
    'a controller without a path',
    `${source}ingress: {controller: nginx}`,
    'f.yaml:2:11: ingress.controller: is not the name of a controller (got "nginx"); write domain/path, such as k8s.io/ingress-nginx',
  ],
  [
    'a controller of Gateways without a path',
    `${source}gateway: {controller: mine}`,
    'f.yaml:2:11: gateway.controller: is not the name of a controller (got "mine"); write domain/path, such as k8s.io/ingress-nginx',
  ],
  [
    'a listener on no port',
    `${source}fleets: [{listeners: {http: web}}]`,
    'f.yaml:2:23: fleets[0].listeners.http: is not under a port (got "web"); write a number from 1 to 65535 before the colon',
  ],
  [
    'a listener beyond all ports',
    `${source}fleets: [{listeners: {65536: web}}]`,
    'f.yaml:2:23: fleets[0].listeners.65536: is not under a port (got "web"); write a number from 1 to 65535 before the colon',
  ],
  [
    'a listener on a port of a pool',
    `${source}fleets: [{listeners: {27001: games}, pools: [{name: games, tcp: {range: 27000-27010}}]}]`,
    'f.yaml:2:23: fleets[0].listeners.27001: has the port 27001, which is in pools[0].tcp.range (got "games"); remove it here, or from the pool',
  ],
  [
    'a listener on an entryPoint of a pool',
    `${source}fleets: [{listeners: {8080: tcp-20000}}]`,
    'f.yaml:2:23: fleets[0].listeners.8080: is that of a port of a pool (got "tcp-20000"); name another one',
  ],
  [
    'a listener on the entryPoint of /ready',
    `${source}fleets: [{listeners: {8080: ready}}]`,
    'f.yaml:2:23: fleets[0].listeners.8080: is that of /ready (got "ready"); name another one',
  ],
  [
    'a listener on 443 that is not where HTTPS is',
    `${source}fleets: [{listeners: {443: other}}]`,
    'f.yaml:2:23: fleets[0].listeners.443: is not the entryPoint on 443 (got "other"); write websecure, as entryPoints has it',
  ],
  [
    'a listener on an entryPoint that cannot be',
    `${source}fleets: [{listeners: {8080: a.b}}]`,
    'f.yaml:2:23: fleets[0].listeners.8080: is not the name of an entryPoint (got "a.b"); use letters, digits, - and _, such as websecure',
  ],
  [
    'a plugin that is not known',
    `${source}fleets: [{plugins: [gatway]}]`,
    'f.yaml:2:21: fleets[0].plugins[0]: is not one of gateway (got "gatway"); did you mean gateway?',
  ],
  [
    'an address for a CIDR',
    `${source}services: {externalEndpoints: {allowedCIDRs: [10.0.0.1]}}`,
    'f.yaml:2:47: services.externalEndpoints.allowedCIDRs[0]: has no prefix length (got "10.0.0.1"); write 10.0.0.1/32 for this one address',
  ],
  [
    'a prefix too long',
    `${source}services: {externalEndpoints: {allowedCIDRs: ["::/129"]}}`,
    'f.yaml:2:47: services.externalEndpoints.allowedCIDRs[0]: has too long a prefix (got "::/129"); an IPv6 prefix has at most 128 bits',
  ],
  [
    'an answer without {port}',
    `${source}services: {annotations: {allocated: x}}`,
    'f.yaml:2:26: services.annotations.allocated: does not hold {port} (got "x"); write it as {protocol}.fairlead.dev/{port}',
  ],
  [
    'a key that is none',
    `${source}services: {annotations: {expose: "a b=c"}}`,
    'f.yaml:2:26: services.annotations.expose: does not begin with the key of an annotation (got "a b=c"); write key or key=value, such as fairlead.dev/expose',
  ],
  [
    'a value for our own key',
    `${source}services: {annotations: {expose: fairlead.dev/expose=yes}}`,
    'f.yaml:2:26: services.annotations.expose: gives fairlead.dev/expose a fixed value (got "fairlead.dev/expose=yes"); write fairlead.dev/expose alone, or use another key',
  ],
  [
    'a lease without a namespace',
    `${source}leaderElection: {lease: fairlead}`,
    'f.yaml:2:18: leaderElection.lease: does not name an object (got "fairlead"); write namespace/name, such as fairlead-system/fairlead-ports',
  ],
  [
    'a file that is a list',
    '- a',
    'f.yaml:1:1: is not an object (got a list); write fields, such as sources: [{name: vms, directory: {path: ./vms}}]',
  ],
  [
    'two documents',
    `${source}---\n${source}`,
    'f.yaml:2:1: begins a second document; keep one document, without --- in between',
  ],
];

describe('one mistake gives one line that says what is wrong and how to mend it', () => {
  test.each(cases)('%s', (_, text, line) => {
    expect(linesOf(text)).toEqual([line]);
  });
});

test('text that is no YAML is reported by its place', () => {
  expect(linesOf('sources: [a')[0]).toMatch(/^f\.yaml:1:\d+: is not valid YAML \(got .+\); mend the syntax/);
  expect(linesOf('a: 1\na: 2')[0]).toMatch(/^f\.yaml:2:1: is not valid YAML \(got Map keys must be unique\)/);
});

test.each([
  ['sources:\n  - name: a\n   required: false', '3:4: stands in a column in which nothing above it stands'],
  [
    'listen:\n  provider: ":9080"\n admin: ":9081"',
    '3:2: stands in a column in which nothing above it stands',
  ],
  ['listen:\n\tprovider: ":9080"', '2:1: is indented with a tab; indent with spaces'],
  ['listen:\n  provider: x\n   admin: y', '2:13: has a value, and then another field in it'],
])('bad indentation is reported as that: %j', (text, said) => {
  const lines = linesOf(text);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(`f.yaml:${said}`);
});

test('all mistakes are reported at once, in the order of the file', () => {
  const lines = linesOf(
    'listen: {admin: ":9080"}\nfleets: [{name: A}, {name: A}]\nprovider: {hold: 1, debounce: 2s}',
  );
  expect(lines.map((line) => line.split(': ').slice(0, 2).join(' '))).toEqual([
    'f.yaml:1:1 sources',
    'f.yaml:1:10 listen.admin',
    'f.yaml:2:11 fleets[0].name',
    'f.yaml:2:22 fleets[1].name',
    'f.yaml:3:12 provider.hold',
    'f.yaml:3:21 provider.debounce',
  ]);
});

test('a mistake behind an anchor is found where it stands', () => {
  const lines = linesOf(`x: &p {range: 5-1}\n${source}fleets: [{ports: {tcp: *p}}]`);
  expect(lines.map((line) => line.split(': ').slice(0, 2).join(' '))).toEqual([
    'f.yaml:1:1 x',
    'f.yaml:1:8 fleets[0].ports.tcp.range',
  ]);
});
