import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { runHere, runWithInput } from './run-here.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function createFiles(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-test-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const service = `apiVersion: v1
kind: Service
metadata: { name: a, namespace: c07 }
spec: { ports: [{ name: http, port: 80 }] }
`;
/** Has an error: no Service of that name. */
const ingress = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: c07 }
spec:
  ingressClassName: fairlead
  tls: [{ hosts: [a.example.com], secretName: "a, b" }]
  rules: [{ host: a.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: "gone", port: { number: 80 } } } }] } }]
`;

describe('check of a real repository', () => {
  it('passes over what is not of Kubernetes in one line, and names templates in another', async () => {
    const cwd = createFiles({
      'svc.yaml': service,
      'kustomization.yaml': 'resources:\n- svc.yaml\n',
      'chart/Chart.yaml': 'apiVersion: v2\nname: x\nversion: 0.1.0\n',
      'chart/values.yaml': 'replicaCount: 1\n',
      'chart/templates/svc.yaml': 'apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}\n',
      'chart/templates/named.yaml': 'apiVersion: v1\nkind: Service\nmetadata: { name: "${NAME}" }\n',
      'dashboards/a.json': '{"panels": [], "title": "x"}',
      'broken-but-foreign.yml': 'a: [b\nc: !Ref d\n',
    });
    const { status, out, err } = await runHere(cwd, 'check', '.');
    expect([status, err]).toEqual([0, '1 object, 0 errors, 1 warning\n']);
    expect(out.split('\n')).toEqual([
      expect.stringMatching(
        /^broken-but-foreign\.yml:1:1: info file-skipped .*broken-but-foreign\.yml, chart\/Chart\.yaml, chart\/values\.yaml and 2 more files/,
      ),
      expect.stringMatching(
        /^chart\/templates\/named\.yaml:1:1: warning file-template .*named\.yaml, chart\/templates\/svc\.yaml \(Render them first/,
      ),
      '',
    ]);
    expect((await runHere(cwd, 'check', '.', '--strict')).status).toBe(1);
    writeFileSync(join(cwd, '.fairleadignore'), '# not ours\nchart/\n*.json\n!svc.yaml\nbroken*\n');
    expect((await runHere(cwd, 'check', '--strict', '.')).out).toMatch(
      /^kustomization.yaml:1:1: info file-skipped [^\n]*\n$/,
    );
  });

  it('says nothing of an object that stands twice where nothing depends on it', async () => {
    const other = service.replace('80', '81');
    const cwd = createFiles({ 'one/svc.yaml': service, 'two/svc.yaml': other });
    expect(await runHere(cwd, 'check', '.')).toMatchObject({ status: 0, out: '' });
    writeFileSync(join(cwd, 'web.yaml'), ingress.replace('gone', 'a'));
    expect((await runHere(cwd, 'check', '.')).out).toContain(
      'two/svc.yaml:1:1: error object-duplicate Service/c07/a',
    );
    writeFileSync(join(cwd, 'two/svc.yaml'), service);
    expect((await runHere(cwd, 'check', '.')).out).not.toContain('object-duplicate');
  });

  it('takes a Secret and pods that are not in the folder for something that is elsewhere', async () => {
    const selecting = service.replace('spec: {', 'spec: { selector: { app: a },');
    const cwd = createFiles({
      'a.yaml': `${selecting}---\n${ingress.replace('gone', 'a').replace('a, b', 'web-tls')}`,
    });
    const { status, out } = await runHere(cwd, 'check', '.');
    expect(status).toBe(0);
    expect(out).toContain('warning secret-missing Ingress/c07/web');
    expect(out).toContain('set fairlead.dev/backends to clusterip or dns');
  });
});

describe('check', () => {
  it.each(['-', '/dev/stdin'])('reads a stream from %s', async (name) => {
    const cwd = createFiles({});
    const { status, out } = await runWithInput(`${service}---\n${ingress}`, cwd, 'check', name);
    expect(status).toBe(1);
    expect(out).toMatch(/^-:\d+:\d+: error backend-missing Ingress\/c07\/web/m);
    expect(await runWithInput(' \n', cwd, 'check', name)).toMatchObject({ status: 2, out: '' });
  });

  it('fails where there is nothing to check', async () => {
    const cwd = createFiles({ 'README.md': '', 'values.yaml': 'a: b\n' });
    const { status, err } = await runHere(cwd, 'check', '.');
    expect(status).toBe(1);
    expect(err).toContain('there is nothing to check');
    const foreign = createFiles({
      'a.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a }\n',
    });
    expect(await runHere(foreign, 'check', '.')).toMatchObject({ status: 0, out: '' });
  });

  it.each(['check', 'render', 'ports'])('%s says that it uses the packaged examples', async (command) => {
    expect((await runHere(createFiles({}), command)).err).toContain(
      'no configuration: using the manifests in',
    );
  });
});

describe('the reports for a CI', () => {
  const name = 'a,b: c%.yaml';
  const report = async (format: string): Promise<string> =>
    (await runHere(createFiles({ [name]: ingress }), 'check', '.', '--output', format)).out;

  it('are workflow commands of GitHub', async () => {
    const lines = (await report('github')).trim().split('\n');
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) {
      expect(line).toMatch(
        /^::(?:error|warning|notice) file=a%2Cb%3A c%25\.yaml,line=\d+,col=\d+,title=[a-z-]+ Ingress\/c07\/web::./,
      );
    }
  });

  it('are JUnit', async () => {
    const xml = await report('junit');
    expect(xml).toMatch(/^<\?xml .*\n<testsuites tests="\d+" failures="1">/);
    expect(xml).toContain('<failure type="backend-missing" message="');
    expect(xml).not.toMatch(/="[^"]*[<&](?!amp;|lt;|gt;|quot;)/);
  });

  it('are SARIF', async () => {
    const { version, runs } = JSON.parse(await report('sarif'));
    expect(version).toBe('2.1.0');
    const [{ tool, results }] = runs;
    expect(tool.driver.rules.map(({ id }: { id: string }) => id)).toContain('backend-missing');
    const found = results.find(({ ruleId }: { ruleId: string }) => ruleId === 'backend-missing');
    expect(found).toMatchObject({
      level: 'error',
      locations: [{ physicalLocation: { artifactLocation: { uri: 'a%2Cb%3A%20c%25.yaml' } } }],
    });
  });
});
