import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { KubeConfigError } from '../../../src/kubernetes/access-error.ts';
import { readKubeConfig } from '../../../src/kubernetes/kube-config.ts';

let folder = '';
let kubeconfig = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fairlead-'));
  kubeconfig = join(folder, 'kubeconfig');
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

interface Parts {
  readonly server?: unknown;
  readonly cluster?: object;
  readonly user?: object;
  readonly context?: object;
  readonly current?: string;
}

/** A kubeconfig with the contexts `prod` and `dev`. */
function write({ server = 'https://10.0.0.1:6443', cluster, user, context, current = 'prod' }: Parts = {}) {
  const chosen = { cluster: 'c', user: 'u', ...context };
  const config = {
    clusters: [{ name: 'c', cluster: { server, ...cluster } }],
    users: [{ name: 'u', user: { token: 'abc', ...user } }],
    contexts: [
      { name: 'prod', context: chosen },
      { name: 'dev', context: chosen },
    ],
    'current-context': current,
  };
  writeFileSync(kubeconfig, JSON.stringify(config));
}

/** `field: message; hint` of what is refused, the folder shown as `DIR`. */
function refusal(context: string | null = null, path: string | null = kubeconfig): string {
  try {
    readKubeConfig({ kubeconfig: path, context });
    return '';
  } catch (error) {
    if (!(error instanceof KubeConfigError)) throw error;
    const { field, message, hint } = error;
    return `${field}: ${message}; ${hint}`.replaceAll(folder, 'DIR');
  }
}

describe('readKubeConfig', () => {
  it('takes the current context, or the one that is named', () => {
    write();
    expect(readKubeConfig({ kubeconfig, context: null }).getCurrentContext()).toBe('prod');
    expect(readKubeConfig({ kubeconfig, context: 'dev' }).getCurrentContext()).toBe('dev');
  });

  it('takes anchors and merge keys, and paths relative to the file', () => {
    const cluster = [
      'base: &base { certificate-authority: ca.crt }',
      'clusters: [{ name: c, cluster: { <<: *base, server: "https://c:6443" } }]',
      'contexts: [{ name: x, context: { cluster: c } }]',
      'current-context: x',
    ];
    writeFileSync(kubeconfig, cluster.join('\n'));
    expect(readKubeConfig({ kubeconfig, context: null }).getCurrentCluster()).toMatchObject({
      server: 'https://c:6443',
      caFile: join(folder, 'ca.crt'),
    });
  });

  it('says why a file cannot be read', () => {
    expect(refusal()).toBe(
      'kubeconfig: the kubeconfig DIR/kubeconfig cannot be read: there is no such file (ENOENT); put it there, or mend the path',
    );
    expect(refusal(null, folder)).toBe(
      'kubeconfig: the kubeconfig DIR cannot be read: it is a folder (EISDIR); name the file in it',
    );
    write();
    expect(refusal(null, join(kubeconfig, 'x'))).toContain('a part of the path is no folder (ENOTDIR)');
  });

  it.each([
    [
      'a:\n  b: 1\n c: topsecret\n',
      'the kubeconfig DIR/kubeconfig:3:1 is not valid YAML: bad indent; mend its syntax',
    ],
    [
      'users: [topsecret\n',
      'the kubeconfig DIR/kubeconfig:2:1 is not valid YAML: bad indent; mend its syntax',
    ],
    ['- *topsecret', 'the file DIR/kubeconfig is not a kubeconfig; name the file that kubectl works with'],
    ['topsecret', 'the file DIR/kubeconfig is not a kubeconfig; name the file that kubectl works with'],
    ['', 'the file DIR/kubeconfig is empty; name the file that kubectl works with'],
    [
      'clusters: []',
      'the kubeconfig DIR/kubeconfig has no current-context; set it, or name a context in the field context: it has none',
    ],
    [
      'clusters: [{ name: c, cluster: { topsecret: 1 } }]',
      'the kubeconfig DIR/kubeconfig is not whole: clusters[0].cluster.server is missing; mend the entry',
    ],
    [
      'clusters: [{ name: c, cluster: { server: [topsecret] } }]',
      'the kubeconfig DIR/kubeconfig is not whole: a field is of the wrong type; mend the entry',
    ],
  ])('refuses %j without repeating what is in it', (text, line) => {
    writeFileSync(kubeconfig, text);
    expect(refusal()).toBe(`kubeconfig: ${line}`);
  });

  it.each<readonly [string, Parts, string | null, string]>([
    [
      'no current context',
      { current: '' },
      null,
      'kubeconfig: the kubeconfig DIR/kubeconfig has no current-context; set it, or name a context in the field context: its contexts are prod, dev',
    ],
    [
      'a current context that is not there',
      { current: 'gone' },
      null,
      'kubeconfig: the kubeconfig DIR/kubeconfig has no context gone; its contexts are prod, dev',
    ],
    [
      'a misspelt context',
      {},
      'prdo',
      'context: the kubeconfig DIR/kubeconfig has no context prdo; did you mean prod?',
    ],
    [
      'a context of a cluster that is not there',
      { context: { cluster: 'gone' } },
      'dev',
      'kubeconfig: in the kubeconfig DIR/kubeconfig, the context dev names the cluster gone, which is not there; mend it, or add what it names',
    ],
    [
      'an auth-provider of which there is only the name',
      { user: { 'auth-provider': { name: 'gcp' } } },
      null,
      'kubeconfig: in the kubeconfig DIR/kubeconfig, the user u has an auth-provider without config; log in again, or use a credential plugin (exec)',
    ],
    [
      'a context of a user that is not there',
      { context: { user: 'gone' } },
      null,
      'kubeconfig: in the kubeconfig DIR/kubeconfig, the context prod names the user gone, which is not there; mend it, or add what it names',
    ],
    [
      'an address that is none',
      { server: 'host:6443' },
      null,
      'kubeconfig: in the kubeconfig DIR/kubeconfig, the cluster c has a server that is no URL; write for instance server: https://10.0.0.1:6443',
    ],
    [
      'credentials over plain http',
      { server: 'http://host:8080' },
      null,
      'kubeconfig: in the kubeconfig DIR/kubeconfig, the cluster c is asked over plain http; use https, or set insecure-skip-tls-verify: true',
    ],
    [
      'a SOCKS proxy',
      { cluster: { 'proxy-url': 'socks5://host:1080' } },
      null,
      'kubeconfig: in the kubeconfig DIR/kubeconfig, the cluster c has a proxy-url that is neither http nor https; use an HTTP proxy, or none',
    ],
  ])('refuses %s', (_, parts, context, line) => {
    write(parts);
    expect(refusal(context)).toBe(line);
  });

  it.each([
    ['a token', { tokenFile: './later' }],
    ['a certificate', { 'client-certificate': './later', 'client-key': './later' }],
    ['a credential plugin', { exec: { command: './later', apiVersion: 'client.authentication.k8s.io/v1' } }],
  ])('does not mind that the file of %s comes later', (_, user) => {
    write({ user });
    expect(refusal()).toBe('');
  });

  it('is not in a pod without the variables of one', () => {
    vi.stubEnv('KUBERNETES_SERVICE_HOST', '10.96.0.1');
    vi.stubEnv('KUBERNETES_SERVICE_PORT', '');
    const line =
      'kubeconfig: no kubeconfig is named, and this process does not run in a pod; name one, such as kubeconfig: ./kubeconfig';
    expect(refusal(null, null)).toBe(line);
    vi.stubEnv('KUBERNETES_SERVICE_PORT', '443');
    expect(refusal(null, null)).toBe('');
  });
});
