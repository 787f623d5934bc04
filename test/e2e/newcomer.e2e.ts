import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { certificates } from './support/certificates.ts';
import { startChild, type Child } from './support/child.ts';
import { Cleanup, makeTempFolder } from './support/cleanup.ts';
import { eventually } from './support/eventually.ts';
import {
  buildFairlead,
  hideOwnVariables,
  projectRoot,
  runFairlead,
  startFairlead,
} from './support/fairlead.ts';
import { findFreePort } from './support/local-address.ts';
import { startTraefik } from './support/traefik.ts';
import { slowness } from '../support/slowness.ts';

let cleanup = new Cleanup();
let root = '';

beforeEach(() => {
  cleanup = new Cleanup();
  const temp = makeTempFolder();
  cleanup.add(() => temp.remove());
  root = temp.path;
  mkdirSync(join(root, 'm'));
});
afterEach(() => cleanup.run());

/** Exit status and both outputs, the temporary folder shown as `ROOT`. */
async function run(...args: readonly string[]): Promise<readonly [number, string, string]> {
  const { status, stdout, stderr } = await runFairlead(args, { cwd: root });
  return [status, stdout.replaceAll(root, 'ROOT'), stderr.replaceAll(root, 'ROOT')];
}

function writeConfig(...lines: readonly string[]): void {
  const source = ['sources:', '  - name: vms', '    directory: { path: ./m }'];
  writeFileSync(join(root, 'fairlead.yaml'), `${[...source, ...lines].join('\n')}\n`);
}

describe('a mistake in the configuration', () => {
  it.each([
    [
      'a missing unit',
      ['provider:', '  hold: 4'],
      'fairlead.yaml:5:3: provider.hold: is not text (got 4); write hold: 4s',
    ],
    ['a field that is none', ['fleet: []'], 'fairlead.yaml:4:1: fleet: is not a field; did you mean fleets?'],
    [
      'a range over the last port',
      ['fleets:', '  - ports:', '      tcp: { range: 65000-70000 }'],
      'fairlead.yaml:6:14: fleets[0].ports.tcp.range: holds a number that is not a port (got "65000-70000"); use ports from 1 to 65535',
    ],
  ])('%s: file, line and how to mend it', async (_, lines, line) => {
    writeConfig(...lines);
    expect(await run('serve')).toEqual([2, '', `fairlead: ${line}\n`]);
  });

  it('comes with all others at once', async () => {
    writeConfig('provider: { hold: 4 }', 'fleet: []', 'listen: { admin: nowhere }');
    const [status, stdout, stderr] = await run('check');
    expect([status, stdout]).toEqual([2, '']);
    const lines = stderr.trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(line).toMatch(/^fairlead: fairlead\.yaml:\d+:\d+: [\w.]+: .+; .+$/);
  });

  it('in pools that overlap, and in a variable of the environment', async () => {
    writeConfig(
      'fleets:',
      '  - ports: { tcp: { range: 20000-20010 } }',
      '  - { name: two, ports: { requestable: 30000-30010 } }',
    );
    const [status, , stderr] = await run('serve');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^fairlead: fairlead\.yaml:\d+:\d+: fleets\[\d\]\..+; .+$/m);
    const env = { FAIRLEAD_PROVIDER_HOLD: 'soon' };
    const result = await runFairlead(['traefik'], { cwd: join(root, 'm'), env });
    expect(result).toEqual({
      status: 2,
      stdout: '',
      stderr:
        'fairlead: FAIRLEAD_PROVIDER_HOLD: provider.hold: is not a duration (got "soon"); write numbers with the units ms, s, m or h, such as 50ms, 4s or 1h30m\n',
    });
  });
});

function writeClusters(...sources: readonly string[]): void {
  const ledger = 'ledger: { file: ./ports.json }';
  writeFileSync(join(root, 'fairlead.yaml'), `${['sources:', ...sources, ledger].join('\n')}\n`);
}

const outOfPod = { KUBERNETES_SERVICE_HOST: '' };

describe('a mistake in the way to a cluster', () => {
  it.each([
    [
      'a kubeconfig that is not there',
      '- { name: prod, kubernetes: { kubeconfig: ./none } }',
      'fairlead.yaml:2:31: sources[0].kubernetes.kubeconfig: the kubeconfig ROOT/none cannot be read: there is no such file (ENOENT); put it there, or mend the path',
    ],
    [
      'a kubeconfig that is no YAML',
      '- { name: prod, kubernetes: { kubeconfig: ./broken } }',
      'fairlead.yaml:2:31: sources[0].kubernetes.kubeconfig: the kubeconfig ROOT/broken:3:1 is not valid YAML: bad indent; mend its syntax',
    ],
    [
      'a context that is not there',
      '- { name: prod, kubernetes: { kubeconfig: ./kubeconfig, context: pord } }',
      'fairlead.yaml:2:57: sources[0].kubernetes.context: the kubeconfig ROOT/kubeconfig has no context pord; did you mean prod?',
    ],
    [
      'no kubeconfig outside of a pod',
      '- { name: prod, kubernetes: {} }',
      'fairlead.yaml:2:17: sources[0].kubernetes.kubeconfig: no kubeconfig is named, and this process does not run in a pod; name one, such as kubeconfig: ./kubeconfig',
    ],
  ])('%s: refused at once by each command that reads it', async (_, source, line) => {
    writeFileSync(join(root, 'broken'), 'users:\n  - name: joe\n user: { token: topsecret }\n');
    writeKubeconfig();
    writeClusters(source);
    for (const command of ['serve', 'render', 'check', 'ports', 'explain Service/shop/web']) {
      const result = await runFairlead(command.split(' '), { cwd: root, env: outOfPod });
      expect({ ...result, stderr: result.stderr.replaceAll(root, 'ROOT') }).toEqual({
        status: 2,
        stdout: '',
        stderr: `fairlead: ${line}\n`,
      });
    }
  });

  it('is reported by a Fairlead that cannot start for want of its cluster', async () => {
    writeKubeconfig();
    const sources = [{ name: 'prod', kubernetes: { kubeconfig: './kubeconfig', context: 'prod' } }];
    const fairlead = cleanup.keep(await startFairlead({ cwd: root, config: { sources }, ready: false }));
    const readyz = (): Promise<Response> => fetch(`${fairlead.adminUrl}/readyz`);
    await eventually('it answers', 10_000, async () => (await readyz()).status === 503);
    const why =
      /^the ledger \(ConfigMap fairlead-system\/fairlead-ports: .* connect ECONNREFUSED 127\.0\.0\.1:1\.?\)$/;
    expect(await (await readyz()).json()).toEqual({
      status: 'starting',
      waitingFor: [expect.stringMatching(why)],
    });
    const ports = await run('ports', '--server', fairlead.adminUrl);
    const object = await run('explain', 'Service/shop/web', '--server', fairlead.adminUrl);
    for (const [, , stderr] of [ports, object]) {
      const [line = ''] = stderr.split('\n');
      const start = `fairlead: ${fairlead.adminUrl} is starting and does not know everything yet: it waits for `;
      expect([line.slice(0, start.length), line.slice(start.length)]).toEqual([
        start,
        expect.stringMatching(why),
      ]);
    }
    expect([ports[0], object[0]]).toEqual([0, 1]);
  });

  it('of a source that is not required is a problem of that source alone', async () => {
    writeFileSync(join(root, 'm/web.yaml'), service(['fairlead.dev/backends: clusterip']));
    // An empty one would be restored first, which waits for all sources.
    writeFileSync(join(root, 'ports.json'), ledgerOf(entry('b', 20_000)));
    const fairlead = cleanup.keep(
      await startFairlead({
        cwd: root,
        config: {
          sources: [
            { name: 'west', kubernetes: { kubeconfig: './none' }, required: false },
            { name: 'vms', directory: { path: './m' } },
          ],
          fleets: [{ addresses: ['edge.example.com'] }],
          ledger: { file: './ports.json' },
        },
      }),
    );
    expect(await (await fetch(`${fairlead.providerUrl}/traefik`)).text()).toContain('web.test.com');
    const problems = await (await fetch(`${fairlead.adminUrl}/api/problems`)).json();
    expect(problems).toEqual([
      expect.objectContaining({
        code: 'source-unreadable',
        object: 'Source/west',
        message: `The kubeconfig ${join(root, 'none')} cannot be read: there is no such file (ENOENT)`,
        hint: 'Put it there, or mend the path.',
      }),
    ]);
    const lines = fairlead.logs().match(/^.*"level":"(warn|error)".*"source":"west".*$/gm);
    expect(lines).toHaveLength(1);
  });
});

function writeKubeconfig(): void {
  const cluster = { name: 'c', cluster: { server: 'https://127.0.0.1:1' } };
  const contexts = [{ name: 'prod', context: { cluster: 'c' } }];
  writeFileSync(join(root, 'kubeconfig'), JSON.stringify({ clusters: [cluster], contexts }));
}

const service = (lines: readonly string[], ports = '[{ name: http, port: 80 }]'): string =>
  [
    'apiVersion: v1',
    'kind: Service',
    'metadata:',
    '  name: web',
    '  namespace: shop',
    '  annotations:',
    '    fairlead.dev/host: web.test.com',
    ...lines.map((line) => `    ${line}`),
    'spec:',
    `  clusterIP: 10.96.0.9`,
    `  ports: ${ports}`,
    '',
  ].join('\n');

describe('a mistake in a manifest', () => {
  it.each([
    [
      'a value that cannot be used',
      service(['fairlead.dev/backends: clusterip', 'fairlead.dev/max-fails: "two"']),
      /^m\/web\.yaml:9:5: error annotation-invalid Service\/shop\/web metadata\.annotations\[fairlead\.dev\/max-fails\]: "two" is not a whole number .*\(Write a number such as "1"\.\)$/,
      1,
    ],
    [
      'an annotation that is none',
      service(['fairlead.dev/backends: clusterip', 'fairlead.dev/pathes: /a']),
      /^m\/web\.yaml:9:5: warning annotation-unknown Service\/shop\/web .*\(Did you mean fairlead\.dev\/path\?\)$/,
      0,
    ],
    [
      'a field of the wrong type',
      service(['fairlead.dev/backends: clusterip'], '[{ name: http, port: eighty }]'),
      /^m\/web\.yaml:11:25: error object-malformed Service\/shop\/web spec\.ports\[0\]\.port: .*"eighty".*\(Give it a port number from 1 to 65535\.\)$/,
      1,
    ],
    [
      'text that is no YAML',
      service(['fairlead.dev/backends: "clusterip']),
      /^m\/web\.yaml:\d+:\d+: error syntax-error .*\(Mend the file; .*\)$/,
      1,
    ],
  ])('%s: file, line, column and how to mend it', async (_, text, line, status) => {
    writeFileSync(join(root, 'm/web.yaml'), text);
    const checked = await run('check', 'm');
    expect(checked[0]).toBe(status);
    expect(checked[1].trimEnd().split('\n')).toContainEqual(expect.stringMatching(line));
    expect(checked[2]).toMatch(/^\d objects?, \d errors?, \d warnings?\n$/);
    // The same line on standard error, and the exit status is that of `check` when it is strict only.
    const [plain, strict] = await Promise.all([run('render', 'm'), run('render', 'm', '--strict')]);
    expect([plain[0], strict[0]]).toEqual([0, status]);
    expect(plain[2].trimEnd().split('\n')).toContainEqual(expect.stringMatching(line));
  });

  it('is for programs as JSON', async () => {
    writeFileSync(
      join(root, 'm/web.yaml'),
      service(['fairlead.dev/max-fails: "two"', 'fairlead.dev/backends: dns']),
    );
    const [status, stdout] = await run('check', 'm', '--output', 'json');
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toEqual([
      expect.objectContaining({
        severity: 'error',
        code: 'annotation-invalid',
        object: 'Service/shop/web',
        location: { file: 'm/web.yaml', line: 8, column: 5 },
      }),
    ]);
  });
});

const entry = (name: string, port: number): object => ({
  fleet: 'default',
  port,
  protocols: ['tcp'],
  source: 'vms',
  namespace: 'a',
  name,
  servicePort: 1,
  state: 'held',
  since: '2026-01-01T00:00:00.000Z',
});

const ledgerOf = (...entries: readonly object[]): string =>
  `{"kind":"FairleadPorts","version":1,"entries":[\n${entries.map((each) => JSON.stringify(each)).join(',\n')}\n]}`;

describe('a mistake in the ledger', () => {
  it.each([
    ['a cut', ledgerOf(entry('b', 20_000)).slice(0, 90), /:\d+:\d+/, 'it is cut off'],
    [
      'two holders',
      ledgerOf(entry('b', 20_000), entry('c', 20_000)),
      /:3:\d+/,
      'TCP port 20000 of fleet default has two entries',
    ],
    ['no port', ledgerOf(entry('b', 99_999)), /:2:\d+/, 'entries[0].port: is not a port number'],
    ['another file', '{"name": "fairlead"}', /(:1:\d+)?/, 'it is not a port ledger'],
  ])('%s: file, line, and the way out', async (_, text, place, reason) => {
    writeConfig('ledger: { file: ./l.json }');
    writeFileSync(join(root, 'l.json'), text);
    for (const command of ['serve', 'ports']) {
      const [status, stdout, everything] = await run(command);
      // The log has said that it starts.
      const stderr = everything.replaceAll(/^\{.*\}\n/gm, '');
      expect([status, stdout]).toEqual([2, '']);
      const start = `^fairlead: ROOT/l\\.json${place.source}: the port ledger cannot be used: `;
      expect(stderr).toMatch(new RegExp(start));
      expect(stderr).toContain(reason);
      expect(stderr).toMatch(
        /Restore a backup of .* move the file away \(mv \S+ \S+\) and start Fairlead.*\n$/,
      );
      expect(stderr.trimEnd()).not.toContain('\n');
    }
  });
});

const commands = ['serve', 'render', 'check', 'explain', 'ports', 'traefik'] as const;

describe('the command line', () => {
  it.each(commands)('%s --help', async (name) => {
    const [status, stdout, stderr] = await run(name, '--help');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      new RegExp(
        `\\nUsage: fairlead ${name} .*\\n[^]* -c, --config FILE .*\\n[^]*Examples:\\n  fairlead ${name}`,
      ),
    );
  });

  it('lists its commands', async () => {
    const [status, stdout] = await run('--help');
    const names = stdout.split('\n').flatMap((line) => /^ {2}(\w+) +\w/.exec(line)?.[1] ?? []);
    expect([status, names]).toEqual([0, expect.arrayContaining([...commands])]);
  });

  it.each([
    [['chekc'], 'there is no command "chekc"; did you mean check?'],
    [['check', '--outptu', 'json'], "unknown option '--outptu'; did you mean --output?"],
    [['check', '--output', 'xml'], '--output cannot be "xml"; write one of text, json, github, junit, sarif'],
    [['check', 'nowhere'], 'there is no folder nowhere; name a folder of manifests'],
    [['explain', 'web'], '"web" is not KIND/NAMESPACE/NAME; write for instance Service/default/web'],
    [['traefik', '--fleet', 'two'], 'there is no fleet "two"; the fleets are default'],
    [['serve', '-c', 'none.yaml'], 'none.yaml: cannot be read (got ENOENT); check the path and its rights'],
    [
      ['ports', '--server', 'http://127.0.0.1:1'],
      /^no Fairlead answers at http:\/\/127\.0\.0\.1:1 \(.*\); give the URL of its admin listener$/,
    ],
  ] as const)('%s', async (args, line) => {
    const [status, stdout, stderr] = await run(...args);
    expect([status, stdout]).toEqual([2, '']);
    const text = stderr
      .replace(/^fairlead: no configuration: .*\n/, '')
      .replace(/^fairlead: /, '')
      .trimEnd();
    if (typeof line === 'string') expect(text).toBe(line);
    else expect(text).toMatch(line);
  });
});

describe('fairlead traefik', () => {
  it.each(['yaml', 'args'])(
    'makes Traefik poll over TLS, with a certificate of its own: %s',
    async (format) => {
      const { wildcardTestCom: own, edgeClient: client } = certificates;
      const files = {
        'own.crt': own.cert,
        'own.key': own.key,
        'client.crt': client.cert,
        'client.key': client.key,
      };
      for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
      writeFileSync(join(root, 'm/web.yaml'), service(['fairlead.dev/backends: clusterip']));
      const listen = {
        provider: `10.9.0.1:${await findFreePort()}`,
        admin: `127.0.0.1:${await findFreePort()}`,
      };
      const fairlead = cleanup.keep(
        await startFairlead({
          cwd: root,
          listen,
          config: {
            sources: [{ name: 'vms', directory: { path: './m' } }],
            provider: { tls: { cert: './own.crt', key: './own.key', clientCA: './client.crt' } },
          },
        }),
      );
      const url = `https://fairlead.test.com:${listen.provider.split(':')[1]}`;
      const paths = ['own.crt', 'client.crt', 'client.key'].map((name) => join(root, name));
      const given = ['ca', 'cert', 'key'].flatMap((name, index) => [
        `--provider-${name}`,
        paths[index] ?? '',
      ]);
      const { stdout, stderr } = await runFairlead(
        ['traefik', ...fairlead.configArgs, '--provider-url', url, ...given, '--format', format],
        { cwd: root },
      );
      expect(stderr).toBe('');
      const args = stdout
        .split('\n')
        .filter((line) => line !== '' && !/entryPoints\.traefik|api\.insecure/.test(line));
      const traefik = cleanup.keep(await startTraefik({ staticConfig: format === 'yaml' ? stdout : args }));
      await traefik.waitFor(({ routers }) =>
        Object.keys(routers).some((name) => name.startsWith('shop_web')),
      );
      expect(traefik.logs()).not.toMatch(/ ERR /);
    },
  );
});

async function serveExamples(): Promise<{ readonly child: Child; readonly provider: number }> {
  cpSync(join(projectRoot, 'examples'), join(root, 'examples'), { recursive: true });
  const provider = await findFreePort();
  const env = { FAIRLEAD_LISTEN_PROVIDER: `127.0.0.1:${provider}`, FAIRLEAD_LISTEN_ADMIN: '127.0.0.1:0' };
  const child = cleanup.keep(
    await startChild(process.execPath, [await buildFairlead(), 'serve'], {
      cwd: root,
      env: { ...hideOwnVariables(), ...env },
    }),
  );
  await eventually('the announcement', 10_000, () => child.logs().includes('To look inside'), child.ended);
  return { child, provider };
}

describe('serve', () => {
  it('shows a newcomer the URL, the command and the ports, and ends at once when interrupted', async () => {
    const { child, provider } = await serveExamples();
    const log = child.logs();
    expect(log).toContain(
      `no configuration: using the manifests in ${join(root, 'examples')}; write a fairlead.yaml`,
    );
    const url = /default: (http:\S+)/.exec(log)?.[1] ?? '';
    expect(url).toBe(`http://127.0.0.1:${provider}/traefik/default`);
    const answer = await fetch(url);
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('bbs.test.com')]);
    const command = /fairlead traefik > traefik\.yml/.exec(log)?.[0];
    expect(command).toBeDefined();
    expect(log).toContain('Pool ports held: 3\n');
    expect(log).toMatch(/^ {2}\d+\/tcp -> Service\/rds\/orders-db port 33062$/m);
    const admin = /To look inside: (http:\S+)/.exec(log)?.[1] ?? '';
    expect((await fetch(admin)).status).toBe(200);

    // A poll is held meanwhile.
    const held = fetch(url).then(({ status }) => status);
    const isHeld = async (): Promise<boolean> =>
      /^fairlead_held_polls 1$/m.test(await (await fetch(new URL('/metrics', admin))).text());
    await eventually('the poll is held', 5_000, isHeld);
    const before = performance.now();
    process.kill(child.pid, 'SIGINT');
    await eventually('the end', 5_000, () => child.ended() !== undefined);
    expect([child.ended(), await held]).toEqual(['exit status 0', 200]);
    expect(performance.now() - before).toBeLessThan(1_000 * slowness());
  });

  it('says who has its port, or its ledger', async () => {
    const { child, provider } = await serveExamples();
    const env = { FAIRLEAD_LISTEN_PROVIDER: `127.0.0.1:${provider}`, FAIRLEAD_LISTEN_ADMIN: '127.0.0.1:0' };
    const ledger = { ...env, FAIRLEAD_LEDGER_FILE: './other.json' };
    const port = await runFairlead(['serve'], { cwd: root, env: ledger });
    expect([port.status, port.stdout]).toEqual([2, '']);
    expect(port.stderr.trimEnd().split('\n').at(-1)).toBe(
      `fairlead: cannot listen on 127.0.0.1:${provider} (listen.provider): another process listens there already, perhaps another Fairlead ("ss -ltnp 'sport = :${provider}'" shows which); stop it or choose another address`,
    );
    const owned = await runFairlead(['serve'], { cwd: root, env });
    expect([owned.status, owned.stdout]).toEqual([2, '']);
    expect(owned.stderr.trimEnd().split('\n').at(-1)).toMatch(
      new RegExp(
        `^fairlead: \\S*fairlead-ports\\.json: another running Fairlead owns this port ledger \\(process ${child.pid}, since .*\\)\\. Stop that one, or give this one another file\\.$`,
      ),
    );
    await child.stop();
    expect(child.ended()).toBe('exit status 0');
    // What it held is free again.
    cleanup.keep(await startFairlead({ cwd: root }));
  });
});
