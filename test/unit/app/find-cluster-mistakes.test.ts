import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findClusterMistakes } from '../../../src/app/find-cluster-mistakes.ts';
import { loadSettings } from '../../../src/settings/load-settings.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fairlead-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** The lines that a configuration gets, the folder shown as `DIR`. */
function linesOf(...config: readonly string[]): readonly string[] {
  writeFileSync(join(folder, 'f.yaml'), config.join('\n'));
  const request = { configPath: 'f.yaml', env: {}, cwd: folder };
  try {
    loadSettings({ ...request, check: findClusterMistakes });
    return [];
  } catch (error) {
    // Without the check, nothing is wrong.
    loadSettings(request);
    return String(error).replace('SettingsError: ', '').replaceAll(folder, 'DIR').split('\n');
  }
}

const missing =
  'the kubeconfig DIR/none cannot be read: there is no such file (ENOENT); put it there, or mend the path';

test('a mistake has the place of the field, and all of them are reported', () => {
  vi.stubEnv('KUBERNETES_SERVICE_HOST', '');
  const sources = [
    'sources:',
    '- { name: a, kubernetes: {} }',
    '- { name: b, directory: { path: ./none } }',
    '- { name: c, kubernetes: { kubeconfig: ./none } }',
  ];
  expect(linesOf(...sources)).toEqual([
    'f.yaml:2:14: sources[0].kubernetes.kubeconfig: no kubeconfig is named, and this process does not run in a pod; name one, such as kubeconfig: ./kubeconfig',
    `f.yaml:4:28: sources[2].kubernetes.kubeconfig: ${missing}`,
  ]);
});

test('a context that is not there has its own field', () => {
  const cluster = { name: 'c', cluster: { server: 'https://c:6443' } };
  const contexts = [{ name: 'prod', context: { cluster: 'c' } }];
  writeFileSync(join(folder, 'k'), JSON.stringify({ clusters: [cluster], contexts }));
  expect(linesOf('sources: [{ name: a, kubernetes: { kubeconfig: ./k, context: prd } }]')).toEqual([
    'f.yaml:1:53: sources[0].kubernetes.context: the kubeconfig DIR/k has no context prd; did you mean prod?',
  ]);
  expect(linesOf('sources: [{ name: a, kubernetes: { kubeconfig: ./k, context: prod } }]')).toEqual([]);
});

test('a source that is not required may get its kubeconfig later', () => {
  const file = 'ledger: { file: ./ports.json }';
  expect(
    linesOf('sources: [{ name: a, kubernetes: { kubeconfig: ./none }, required: false }]', file),
  ).toEqual([]);
});

test('the cluster of the ledger has to be there in any case', () => {
  const needed =
    'the kubeconfig DIR/none cannot be read: there is no such file (ENOENT) (the port ledger is in this cluster, so it has to be there); put it there, or mend the path';
  const sources = [
    'sources:',
    '- { name: a, kubernetes: { kubeconfig: ./none }, required: false }',
    '- { name: b, kubernetes: { kubeconfig: ./none }, required: false }',
  ];
  expect(linesOf(...sources)).toEqual([`f.yaml:2:28: sources[0].kubernetes.kubeconfig: ${needed}`]);
  const ledger = 'ledger: { configMap: fairlead-system/ports, source: b }';
  expect(linesOf(...sources, ledger)).toEqual([`f.yaml:3:28: sources[1].kubernetes.kubeconfig: ${needed}`]);
});
