import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readSettingsAloud, type SettingsOrigin } from '../../../src/app/read-settings.ts';
import { readKubeConfig } from '../../../src/kubernetes/kube-config.ts';
import type { Settings } from '../../../src/settings/settings.ts';

let folder = '';
/** The home folder. */
let home = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fairlead-'));
  home = join(folder, 'home');
  mkdirSync(join(home, '.kube'), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Writes a kubeconfig with contexts, each with a cluster and a user of its name. */
function writeKubeConfig(path: string, contexts: readonly string[], current = contexts[0]): string {
  const file = join(folder, path);
  writeFileSync(
    file,
    JSON.stringify({
      clusters: contexts.map((name) => {
        return { name, cluster: { server: `https://${name}.${path.replaceAll('/', '-')}.example.com:6443` } };
      }),
      users: contexts.map((name) => ({ name, user: { token: 'x' } })),
      contexts: contexts.map((name) => ({ name, context: { cluster: name, user: name } })),
      'current-context': current,
    }),
  );
  return file;
}

/** Writes a configuration with these cluster sources. */
function write(...kubernetes: readonly string[]): void {
  const sources = kubernetes.map((text, index) => `- { name: c${index}, kubernetes: ${text} }\n`);
  writeFileSync(join(folder, 'fairlead.yaml'), `sources:\n${sources.join('')}fleets: [{ name: own }]\n`);
}

interface Outside {
  readonly env?: Readonly<Record<string, string>>;
  readonly isPlugin?: boolean;
}

const said: string[] = [];

function read(origin: Partial<SettingsOrigin>, { env = {}, isPlugin = false }: Outside = {}): Settings {
  const io = {
    version: '0',
    isPlugin,
    env: { HOME: home, ...env },
    cwd: folder,
    out: () => undefined,
    err: (text: string) => void said.push(text.replaceAll(folder, 'DIR').trimEnd()),
    terminal: false,
    colours: false,
    stopped: new Promise<void>(() => undefined),
    onHangup: () => undefined,
  };
  said.length = 0;
  return readSettingsAloud({ directories: [], ...origin }, io, () => []);
}

/** The API server that the one cluster of these settings leads to; `examples` without a cluster. */
function serverOf({ sources }: Settings): string | undefined {
  const [place] = sources.flatMap((source) => ('kubernetes' in source ? [source.kubernetes] : []));
  if (place === undefined) return sources[0]?.name;
  return place.kubeconfig === null ? 'pod' : readKubeConfig(place).getCurrentCluster()?.server;
}

function refusal(origin: Partial<SettingsOrigin>, outside?: Outside): string {
  try {
    read(origin, outside);
    return '';
  } catch (error) {
    return String(error).replaceAll(folder, 'DIR');
  }
}

describe('without a configuration', () => {
  test('what is named is read, and that is said', () => {
    writeKubeConfig('k', ['prod', 'dev']);
    expect(serverOf(read({ cluster: { kubeconfig: './k' } }))).toBe('https://prod.k.example.com:6443');
    expect(said).toEqual([
      'fairlead: no configuration: reading the cluster of context prod of DIR/k with the defaults; name the configuration of your Fairlead by -c',
    ]);
    expect(serverOf(read({ cluster: { kubeconfig: join(folder, 'k'), context: 'dev' } }))).toBe(
      'https://dev.k.example.com:6443',
    );
  });

  test('a context is looked up as kubectl does it: in KUBECONFIG, else in the home folder', () => {
    writeKubeConfig('home/.kube/config', ['prod']);
    writeKubeConfig('k', ['prod']);
    const cluster = { context: 'prod' };
    expect(serverOf(read({ cluster }))).toBe('https://prod.home-.kube-config.example.com:6443');
    expect(serverOf(read({ cluster }, { env: { KUBECONFIG: 'k' } }))).toBe('https://prod.k.example.com:6443');
    writeKubeConfig('home/other', ['prod']);
    expect(serverOf(read({ cluster: { kubeconfig: '~/other' } }))).toBe(
      'https://prod.home-other.example.com:6443',
    );
  });

  test('of several files in KUBECONFIG the first that has something counts, and one may be missing', () => {
    writeKubeConfig('a', ['one', 'both'], '');
    writeKubeConfig('b', ['two', 'both'], 'two');
    const env = { KUBECONFIG: `none:${join(folder, 'a')}::b` };
    const serverIn = (context: string | undefined): string | undefined =>
      serverOf(read({ cluster: { context, current: true } }, { env }));
    expect(['one', 'two', 'both', undefined].map(serverIn)).toEqual([
      'https://one.a.example.com:6443',
      'https://two.b.example.com:6443',
      'https://both.a.example.com:6443',
      'https://two.b.example.com:6443',
    ]);
  });

  test('none is named: the examples, unless the command or kubectl wants the cluster', () => {
    const env = { KUBECONFIG: writeKubeConfig('k', ['prod']) };
    writeKubeConfig('home/.kube/config', ['home']);
    expect(serverOf(read({ cluster: {} }, { env }))).toBe('examples');
    expect(serverOf(read({ cluster: { current: true } }, { env }))).toBe('https://prod.k.example.com:6443');
    // It may just lie there.
    expect(serverOf(read({ cluster: { current: true } }))).toBe('examples');
    expect(serverOf(read({ cluster: {} }, { isPlugin: true }))).toBe(
      'https://home.home-.kube-config.example.com:6443',
    );
    // Such as `serve`.
    expect(serverOf(read({}, { env, isPlugin: true }))).toBe('examples');
  });
});

describe('with a configuration', () => {
  test('its one cluster is elsewhere, and all else stays', () => {
    write('{ kubeconfig: ./none, namespaces: [shop] }');
    writeKubeConfig('k', ['prod']);
    const settings = read({ cluster: { kubeconfig: 'k' } });
    expect(serverOf(settings)).toBe('https://prod.k.example.com:6443');
    expect([settings.fleets[0]?.name, settings.sources[0]]).toMatchObject([
      'own',
      { name: 'c0', kubernetes: { namespaces: ['shop'] } },
    ]);
    expect(said).toEqual([]);
  });

  test('what it leaves to the pod is what KUBECONFIG says, outside of a pod', () => {
    write('{}');
    const env = { KUBECONFIG: writeKubeConfig('k', ['prod']) };
    expect(serverOf(read({ cluster: {} }, { env }))).toBe('https://prod.k.example.com:6443');
    const inPod = { ...env, KUBERNETES_SERVICE_HOST: '10.0.0.1' };
    expect(serverOf(read({ cluster: {} }, { env: inPod }))).toBe('pod');
    expect(serverOf(read({}, { env }))).toBe('pod');
    write(`{ kubeconfig: ${writeKubeConfig('own', ['own'])} }`);
    expect(serverOf(read({ cluster: {} }, { env }))).toBe('https://own.own.example.com:6443');
  });

  test('with several clusters it is not clear which is meant', () => {
    write('{}', '{}');
    writeKubeConfig('k', ['prod']);
    expect(refusal({ cluster: { kubeconfig: 'k' } })).toBe(
      'UsageError: --kubeconfig and --context say where the one cluster of a configuration is, and this one has several clusters (c0, c1); mend it, or leave them out',
    );
  });

  test('~ in it is the home folder of who runs it', () => {
    write('{ kubeconfig: ~/k }');
    const [source] = read({}).sources;
    expect(source).toMatchObject({ kubernetes: { kubeconfig: expect.stringMatching(/^\/.*[^~]\/k$/) } });
  });
});

describe('what cannot work is one line', () => {
  test.each<[string, Partial<SettingsOrigin>, Outside, string]>([
    [
      'no kubeconfig at all',
      { cluster: { context: 'prod' } },
      {},
      '--context prod: there is no kubeconfig; name one by --kubeconfig or KUBECONFIG, or put it to ~/.kube/config',
    ],
    [
      'a plugin without one',
      { cluster: {} },
      { isPlugin: true },
      'there is no kubeconfig, and no folder or configuration is named; set KUBECONFIG, or name one of them',
    ],
    [
      'a file that is not there',
      { cluster: { kubeconfig: 'none' } },
      {},
      'the kubeconfig DIR/none cannot be read: there is no such file (ENOENT); put it there, or mend the path',
    ],
    [
      'none of several',
      { cluster: { current: true } },
      { env: { KUBECONFIG: 'none:other' } },
      'the kubeconfig DIR/none cannot be read: there is no such file (ENOENT); put it there, or mend the path',
    ],
    [
      'folders as well',
      { cluster: { context: 'x' }, directories: ['home'] },
      {},
      '--kubeconfig and --context are for clusters, and folders are named; leave out one of them',
    ],
  ])('%s', (_, origin, outside, line) => {
    expect(refusal(origin, outside)).toBe(`UsageError: ${line}`);
  });

  test('a context that is not in any of them', () => {
    writeKubeConfig('a', ['prod']);
    writeKubeConfig('b', ['dev']);
    expect(refusal({ cluster: { context: 'prd' } }, { env: { KUBECONFIG: 'a:b' } })).toBe(
      'UsageError: the kubeconfig DIR/a:DIR/b has no context prd; did you mean prod?',
    );
  });
});
