import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { makeCertificate } from '../../support/certificates/make-certificate.ts';
import { runHere } from './run-here.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fairlead-diff-'));
  for (const name of ['old', 'new']) mkdirSync(join(folder, name));
});
afterEach(() => rmSync(folder, { recursive: true }));

function service(name: string, annotations: Readonly<Record<string, string>>): string {
  const metadata = { name, namespace: 'shop', annotations };
  return stringify({ apiVersion: 'v1', kind: 'Service', metadata, spec: { ports: [{ port: 80 }] } });
}

function config(classes: string): string {
  return `sources: [{name: s, directory: {path: ./old}}]\nledger: {file: ./ports.json}\nfleets: [{ingressClasses: [${classes}]}]\n`;
}

function write(path: string, text: string): void {
  writeFileSync(join(folder, path), text);
}

test('two folders with the same objects differ in nothing', async () => {
  for (const name of ['old', 'new'])
    write(`${name}/a.yaml`, service('web', { 'fairlead.dev/host': 'a.com', 'fairlead.dev/expose': 'true' }));
  const { status, out } = await runHere(folder, 'diff', 'new', '--before', 'old');
  expect(out).toBe('Nothing changes; problems: 0 new, 0 gone.\n');
  expect(status).toBe(0);
});

test('a pool port that others give back goes to nobody else, and each change is a line', async () => {
  write('old/a.yaml', service('a', { 'fairlead.dev/expose': 'true' }));
  write('old/b.yaml', service('b', { 'fairlead.dev/expose': 'true', 'fairlead.dev/host': 'b.com' }));
  write('new/b.yaml', service('b', { 'fairlead.dev/expose': 'true', 'fairlead.dev/host': 'c.com' }));
  const { status, out } = await runHere(folder, 'diff', 'new', '--before', 'old');
  expect(status).toBe(1);
  expect(out).toContain('- default tcp.routers shop_a_80 HostSNI("*") (Service/shop/a)\n');
  expect(out).toMatch(/^\+ default http\.routers .*Host\(.c\.com.\).*\(Service\/shop\/b\)$/m);
  expect(out).toContain('- default port 20000/tcp for Service/shop/a port 80\n');
  expect(out).not.toContain('port 20001/tcp');
  expect(out).toContain('ports: 0 given, 1 given back');
});

test('a configuration that takes the class away is seen before it does', async () => {
  const spec = {
    ingressClassName: 'fairlead',
    rules: [
      {
        host: 'a.com',
        http: {
          paths: [
            { path: '/', pathType: 'Prefix', backend: { service: { name: 'a', port: { number: 80 } } } },
          ],
        },
      },
    ],
  };
  const metadata = { name: 'web', namespace: 'shop' };
  write('old/i.yaml', stringify({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata, spec }));
  write('a.yaml', config('fairlead'));
  write('b.yaml', config('other'));
  const { status, out } = await runHere(
    folder,
    'diff',
    '-c',
    'b.yaml',
    '--before',
    'a.yaml',
    '--output',
    'json',
  );
  expect(status).toBe(1);
  const { removed, added } = JSON.parse(out) as { removed: { section: string }[]; added: unknown[] };
  expect(added).toEqual([]);
  expect(removed.map(({ section }) => section)).toContain('http.routers');
});

test('what a middleware does is compared, too', async () => {
  const host = { 'fairlead.dev/host': 'a.com' };
  write('old/a.yaml', service('a', { ...host, 'fairlead.dev/allow-cidrs': '10.0.0.0/8' }));
  write('new/a.yaml', service('a', { ...host, 'fairlead.dev/allow-cidrs': '10.0.0.0/9' }));
  const { status, out } = await runHere(folder, 'diff', 'new', '--before', 'old');
  expect(status).toBe(1);
  expect(out).toContain('ipAllowList.sourceRange: ["10.0.0.0/8"] -> ["10.0.0.0/9"]');
});

test('a key is never printed', async () => {
  const { cert, key } = makeCertificate({ dns: ['a.com'] });
  const data = { 'tls.crt': cert, 'tls.key': key };
  const metadata = { name: 't', namespace: 'shop' };
  const type = 'kubernetes.io/tls';
  write('new/s.yaml', stringify({ apiVersion: 'v1', kind: 'Secret', metadata, type, stringData: data }));
  write('new/a.yaml', service('a', { 'fairlead.dev/host': 'a.com', 'fairlead.dev/tls': 't' }));
  for (const output of ['text', 'json']) {
    const { out } = await runHere(folder, 'diff', 'new', '--before', 'old', '--output', output);
    expect(out).toContain('tls.certificates');
    expect(out).not.toContain('PRIVATE KEY');
  }
});

test.each([
  [['diff', 'new', '--before', 'gone'], 'there is no gone'],
  [['diff', 'new', '--before', 'old', '--server', 'http://x'], 'give one of them'],
  [['diff', 'new', '--server', 'http://127.0.0.1:1'], 'no Fairlead answers'],
])('%j is a mistake of the call', async (args, text) => {
  const { status, err } = await runHere(folder, ...args);
  expect(status).toBe(2);
  expect(err).toContain(text);
});
