import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runHere } from './cli/run-here.ts';

// Every file that docs/vm-backends.md shows is what it says: read by the commands, with no problem but those of what is left out there.

const page = readFileSync(new URL('../../docs/vm-backends.md', import.meta.url), 'utf8');
const files = [...page.matchAll(/^```yaml\n# ([\w-]+\.yaml)\n([^]*?)^```/gm)].map(
  ([, name = '', text = '']) => ({ name, text }),
);
/** The pods and the other cluster are not on the page, and plans go forward in a cluster only. */
const leftOut = new Set([
  'annotation-without-effect',
  'move-refused',
  'move-target-empty',
  'move-unsupported',
  'no-endpoints',
]);
const authority = readFileSync(new URL('../fixtures/tls/authority.crt', import.meta.url), 'utf8');
const others = [
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'machines-ca', namespace: 'shop' },
    data: { 'ca.crt': authority },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'shop-pods', namespace: 'shop' },
    spec: { clusterIP: '10.96.0.7', ports: [{ name: 'http', port: 80 }] },
  },
];

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fairlead-'));
  mkdirSync(join(folder, 'vms'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const config = files.find(({ name }) => name === 'fairlead.yaml')?.text ?? '';

test('the page shows files, and each block has the name of one', () => {
  expect(files.length).toBeGreaterThanOrEqual(6);
  expect(page.match(/^```yaml$/gm)).toHaveLength(files.length);
});

test.each(files.filter(({ name }) => name !== 'fairlead.yaml'))('$name', async ({ text }) => {
  writeFileSync(join(folder, 'vms/shown.yaml'), text);
  writeFileSync(join(folder, 'vms/others.yaml'), others.map((each) => JSON.stringify(each)).join('\n---\n'));
  const { out, err } = await runHere(folder, 'check', 'vms', '--output', 'json');
  expect(err).toBe('');
  const codes = [...out.matchAll(/"code": ?"([^"]+)"/g)].map(([, code = '']) => code);
  expect(codes.filter((code) => !leftOut.has(code))).toEqual([]);
});

test('fairlead.yaml lets the machines of the page be, and nothing else', async () => {
  writeFileSync(join(folder, 'fairlead.yaml'), config);
  const machines = files.find(({ name }) => name === 'machines.yaml')?.text ?? '';
  writeFileSync(join(folder, 'vms/machines.yaml'), machines);
  writeFileSync(join(folder, 'vms/others.yaml'), machines.replaceAll('namespace: shop', 'namespace: team-a'));
  const { out } = await runHere(folder, 'render', '-c', 'fairlead.yaml', '--format', 'json');
  expect(out).toContain('"url": "http://192.168.7.58:80",\n              "weight": 3');
  const { out: rights } = await runHere(folder, 'explain', 'Namespace/shop', '-c', 'fairlead.yaml');
  expect(rights).toContain('192.168.7.0/24 (services.externalEndpoints.rules[0].allowedCIDRs)');
  const { out: refused } = await runHere(folder, 'explain', 'Service/team-a/shop', '-c', 'fairlead.yaml');
  expect(refused).toContain('is outside services.externalEndpoints.rules[1].allowedCIDRs');
});
