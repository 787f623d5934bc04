import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { build, findKubectl, root } from './support/built-manifests.ts';
import { isShown, snippets, toCommands } from './support/snippets.ts';

/** What the blocks of shell commands may name as the place where they are run: see `test/e2e/docs-*.e2e.ts`. */
const worlds = new Set(['cluster', 'demo', 'guide', 'folder', 'checkout', 'host', 'edge']);

/** The other blocks by their first lines, under the reason why they are not run there. */
const notRun: Readonly<Record<string, readonly string[]>> = {
  'it downloads what the checkout of the tests has: test/e2e/newcomer.e2e.ts has what it serves': ['npm ci'],
  'there is no Docker in the tests: test/e2e/package.e2e.ts builds what the image copies, and test/deploy.test.ts judges arguments':
    [
      'docker build --tag registry.example.com/edge/fairlead:0.1.0 .',
      'docker build --tag registry.example.com/edge/fairlead:0.1.0 fairlead',
      'docker build --target edge --tag fairlead-edge:0.1.0 .',
      'docker run --detach --name fairlead --network host --read-only \\',
      'docker run --rm --volume ./fairlead.yaml:/etc/fairlead/fairlead.yaml:ro fairlead:0.1.0 traefik -c /etc/fairlead/fairlead.yaml > traefik.yml',
      'export FAIRLEAD_TOKEN=…',
    ],
  'there is no systemd in the tests: test/e2e/docs-hosts.e2e.ts starts what the units start, and test/deploy.test.ts judges the units':
    ['sudo systemctl daemon-reload'],
  'the API server of the tests has no Deployments: test/manifests-cluster.test.ts and test/chart-cluster.test.ts apply all else':
    [
      'token=$(openssl rand -hex 24); for namespace in fairlead-system traefik; do',
      'kubectl apply --server-side -k .',
      'kubectl apply --server-side -k . --selector app.kubernetes.io/name=traefik',
      'kubectl rollout restart deployment/fairlead --namespace fairlead-system',
      'kubectl rollout restart daemonset/traefik --namespace traefik',
      'set_token() { # NAMESPACE WORKLOAD TOKENS',
      'kubectl scale deployment/fairlead --namespace fairlead-system --replicas=0',
      'kubectl delete daemonset,deployment,service,horizontalpodautoscaler,poddisruptionbudget traefik --namespace traefik --ignore-not-found',
    ],
  'it enters a pod, and the API server of the tests has none': [
    'fairlead() { kubectl exec deployment/fairlead --namespace fairlead-system -- /nodejs/bin/node /app/fairlead.mjs "$@" --server http://127.0.0.1:9081; }',
    'kubectl exec deployment/fairlead --namespace fairlead-system -- /nodejs/bin/node /app/fairlead.mjs confirm',
  ],
  'it is for the shell of the reader: test/e2e/completion.e2e.ts': [
    'source <(fairlead completion bash)                                          # in ~/.bashrc',
  ],
};

const left = snippets.filter(({ world }) => world === undefined);
const excused = Object.values(notRun).flat();

describe('the commands of the pages', () => {
  test('are run in a world that there is, or not run for a reason', () => {
    const others = left.filter(({ first }) => !excused.includes(first));
    expect(others.map(({ page, first }) => `${page}: ${first}`)).toEqual([]);
    const unknown = snippets.filter(({ world }) => world !== undefined && !worlds.has(world));
    expect(unknown.map(({ page, first }) => `${page}: ${first}`)).toEqual([]);
    expect(excused.filter((first) => !left.some((each) => each.first === first))).toEqual([]);
  });

  test.each(left)('are shell, also where they are not run: $page: $first', ({ text }) => {
    const { status, stderr } = spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  });

  test.skipIf(!findKubectl('the workloads that pages name'))('name workloads that there are', () => {
    const built = new Set(
      build(join(root, 'manifests')).map(
        ({ kind, metadata: { name, namespace } }) => `${kind.toLowerCase()}/${name} --namespace ${namespace}`,
      ),
    );
    const named = left.flatMap(
      ({ text }) => text.match(/(deployment|daemonset)\/\w+ --namespace [\w-]+/g) ?? [],
    );
    expect(named.length).toBeGreaterThan(8);
    expect(named.filter((each) => !built.has(each))).toEqual([]);
  });

  test('of a console show what they print, and of README.md most are run', () => {
    const consoles = snippets.filter(({ language }) => language === 'console');
    expect(consoles.filter((each) => toCommands(each).length === 0)).toEqual([]);
    expect(snippets.filter(({ page, world }) => page === 'README.md' && world !== undefined)).toHaveLength(6);
  });
});

describe('what a page shows of an output', () => {
  test.each([
    ['the same', 'a\n', ['a'], true],
    ['other blanks, and another age', 'LAST  SEEN\n12m4s  b', ['LAST SEEN', '2s   b'], true],
    ['lines left out', '1\n2\nend\n', ['…', 'end'], true],
    ['a part left out', 'at 12:00 it is', ['at … it is'], true],
    ['another text', 'a.b', ['axb'], false],
    ['a line more', 'a\nb', ['a'], false],
    ['nothing', '', [], true],
  ])('%s', (_, text, prints, expected) => {
    expect(isShown(text, prints)).toBe(expected);
  });
});
