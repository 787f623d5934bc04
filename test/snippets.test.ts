import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { isRecord } from '../src/lib/is-record.ts';
import { isShown, listYaml, pages, snippets, toCommands } from './support/snippets.ts';
import { runWithInput } from './unit/cli/run-here.ts';

/** What the blocks of shell commands may name as the place where they are run: see `test/e2e/docs-snippets.e2e.ts`. */
const worlds = new Set(['cluster', 'demo']);

/** The other blocks by their first lines, under the reason why they are not run there. */
const notRun: Readonly<Record<string, readonly string[]>> = {
  'it sets up the checkout that the tests run in, or serves from there: test/e2e/newcomer.e2e.ts has what it serves':
    ['npm ci'],
  'it installs a package for the whole machine: test/e2e/package.e2e.ts does it elsewhere': ['npm pack'],
  'there is no Docker in the tests: test/e2e/package.e2e.ts builds what the image copies': [
    'docker build --tag registry.example.com/edge/fairlead:0.1.0 fairlead',
    'docker build --target edge --tag fairlead-edge:0.1.0 .',
    'export FAIRLEAD_TOKEN=…',
  ],
  'it waits for pods or enters them, and the API server of the tests starts none': [
    'kubectl apply --server-side -k .',
    'kubectl apply --server-side -k . --selector app.kubernetes.io/name=traefik',
    'kubectl rollout restart deployment/fairlead --namespace fairlead-system',
    'kubectl rollout restart daemonset/traefik --namespace traefik',
    'set_token() { # NAMESPACE WORKLOAD TOKENS',
    'fairlead() { kubectl exec deployment/fairlead --namespace fairlead-system -- /nodejs/bin/node /app/fairlead.mjs "$@" --server http://127.0.0.1:9081; }',
    'kubectl exec -n fairlead-system deploy/fairlead -- fairlead confirm',
    'kubectl scale deployment/fairlead --namespace fairlead-system --replicas=0',
  ],
  'it wants objects, files or hosts of the reader': [
    'kubectl create secret tls wildcard --namespace fairlead-system --cert wildcard.crt --key wildcard.key',
    'kubectl fairlead explain Service/shop/db -c fairlead.yaml',
    'kubectl delete daemonset,deployment,service,horizontalpodautoscaler,poddisruptionbudget traefik --namespace traefik --ignore-not-found',
    'kubectl get configmap --selector fairlead.dev/ledger=fairlead-ports --namespace fairlead-system -o yaml > damaged.yaml',
    'kubectl --context cluster annotate service cache --namespace shop fairlead.dev/migrate-to=west/shop/cache fairlead.dev/migrate-weight=5',
    'cd fairlead/manifests/base',
    'fairlead edge --server http://127.0.0.1:9080',
    'fairlead edge --server https://fairlead.example.com:30980 --ca /etc/fairlead-edge/ca.pem --token-file /etc/fairlead-edge/token --dir /var/lib/fairlead-edge',
    'curl -s "$(sed -n \'/^  traefik:/{n;s/ *address: /http:\\/\\//p}\' /var/lib/fairlead-edge/bank-0.*.yml)/api/overview"',
    'fairlead diff -c new.yaml --server http://127.0.0.1:9081   # a new configuration, against what runs',
    'fairlead check ./manifests',
    'fairlead doctor -c fairlead.yaml',
    'fairlead migrate -c fairlead.yaml --from ingress-nginx',
    'fairlead migrate -c fairlead.yaml --from traefik',
    'kubectl get ingress,ingressclass,service,endpointslice,configmap,secret -A -o yaml | fairlead migrate - --from ingress-nginx',
    'fairlead diff -c adopt.yaml --before fairlead.yaml',
  ],
  'test/manifests-guide.test.ts runs it, or what it prints': [
    'kubectl create secret tls fairlead-provider-tls --namespace fairlead-system --cert=provider.crt --key=provider.key',
    'FAIRLEAD_PROVIDER_TOKENS=its-presence-counts node fairlead/dist/fairlead.js traefik -c fairlead.yaml --format manifest \\',
    'for namespace in shop rds; do',
  ],
  'it is for the shell of the reader: test/e2e/completion.e2e.ts': [
    'source <(fairlead completion bash)                                          # in ~/.bashrc',
  ],
};

/** Pages of which none is run: they are about Docker, Helm and hosts. What their files are is validated elsewhere. */
const otherPages = new Set(['docs/install.md']);
const judged = snippets.filter(({ page }) => !otherPages.has(page));

describe('the commands of the pages', () => {
  test('are run in a world that there is, or not run for a reason', () => {
    const excused = Object.values(notRun).flat();
    const others = judged.filter(({ world, first }) => world === undefined && !excused.includes(first));
    expect(others.map(({ page, first }) => `${page}: ${first}`)).toEqual([]);
    const unknown = snippets.filter(({ world }) => world !== undefined && !worlds.has(world));
    expect(unknown.map(({ page, first }) => `${page}: ${first}`)).toEqual([]);
    const left = new Set(judged.filter(({ world }) => world === undefined).map(({ first }) => first));
    expect(excused.filter((first) => !left.has(first))).toEqual([]);
  });

  test('of a console show what they print, and of README.md most are run', () => {
    const consoles = snippets.filter(({ language }) => language === 'console');
    expect(consoles.filter((each) => toCommands(each).length === 0)).toEqual([]);
    expect(snippets.filter(({ page, world }) => page === 'README.md' && world !== undefined)).toHaveLength(5);
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

const problemsSchema = z.array(z.object({ code: z.string(), message: z.string() }));

/** Kinds that are read, and no parts of objects or of other files. */
function isManifest(text: string): boolean {
  const documents = parseAllDocuments(text);
  return (
    documents.length > 0 &&
    documents.every((document) => {
      const value: unknown = document.errors.length > 0 ? undefined : document.toJS();
      return isRecord(value) && isRecord(value['metadata']) && typeof value['kind'] === 'string';
    })
  );
}

// Those of docs/tcp-ports.md need their configurations: test/tcp-ports.test.ts.
const manifests = pages
  .filter((page) => page !== 'docs/tcp-ports.md')
  .flatMap((page) =>
    listYaml(page)
      .filter(isManifest)
      .map((text, index) => ({ page, index, text })),
  );
/** What stands elsewhere, as a page shows one object of several, and what a stream has not: another source, and where a plan is written down. */
const isElsewhere = ({ code, message }: { readonly code: string; readonly message: string }): boolean =>
  ['no-endpoints', 'secret-missing', 'move-target-empty'].includes(code) ||
  /^(There is no (Service|ConfigMap|Secret) |Service second\/shop\/shop is not there|A plan cannot be carried out in a folder)/.test(
    message,
  );

describe('the manifests of the pages', () => {
  test('are many', () => expect(manifests.length).toBeGreaterThan(12));

  test.each(manifests)('$page, number $index', async ({ text }) => {
    const { out } = await runWithInput(text, '/', 'check', '-', '--output', 'json');
    const found = problemsSchema.parse(JSON.parse(out));
    expect(found.filter((problem) => !isElsewhere(problem))).toEqual([]);
  });
});
