import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { runHere } from './run-here.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fairlead-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('of a route without servers, it tells what clients see', async () => {
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'all',
      namespace: 'shop',
      annotations: { 'fairlead.dev/expose': 'sql,dns', 'fairlead.dev/host': 'all.example.com' },
    },
    spec: {
      selector: { app: 'all' },
      ports: [
        { name: 'sql', port: 3306, protocol: 'TCP' },
        { name: 'dns', port: 53, protocol: 'UDP' },
      ],
    },
  };
  writeFileSync(join(folder, 'a.yaml'), JSON.stringify(service));
  const { out } = await runHere(folder, 'explain', 'Service/shop/all', '.');
  const servers = [...out.matchAll(/^ {2}(\w+) router [^]*?\n {4}servers: (.*)$/gm)].map(
    ([, protocol, text]) => `${protocol}: ${text}`,
  );
  expect(servers.toSorted()).toEqual([
    'http: none: answers 503',
    'tcp: none: closes each connection at once',
    'udp: none: drops each packet',
  ]);
});

const yaml = (...documents: readonly object[]): string =>
  documents.map((each) => JSON.stringify(each)).join('\n---\n');
const ingress = (name: string, annotations: object, spec: object): object => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name, namespace: 'shop', annotations },
  spec: { rules: [{ host: `${name}.example.com`, http: { paths: [] } }], ...spec },
});

test.each([
  [
    { 'kubernetes.io/ingress.class': 'nginx' },
    {},
    'its class nginx (annotation kubernetes.io/ingress.class) is none of fleets[].ingressClasses',
  ],
  [{}, { ingressClassName: 'other' }, 'its class other is of the controller example.com/other'],
  [{}, { ingressClassName: 'unknown' }, 'its class unknown is none of'],
  [{ 'kubernetes.io/ingress.class': '' }, { ingressClassName: '' }, 'it names no class'],
])('of an Ingress that is not ours, it tells by which class: %j %j', async (annotations, spec, why) => {
  const other = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: { name: 'other' },
    spec: { controller: 'example.com/other' },
  };
  writeFileSync(join(folder, 'a.yaml'), yaml(ingress('x', annotations, spec), other));
  const { out } = await runHere(folder, 'explain', 'Ingress/shop/x', '.');
  expect(out).toContain(`Not routed: ${why}`);
});

test('of the annotations below the prefix of allocated ports, only those of ports are written by Fairlead', async () => {
  writeFileSync(
    join(folder, 'fairlead.yaml'),
    'sources: [{name: s, directory: {path: ./m}}]\nledger: {file: ./l.json}\nservices: {annotations: {expose: ingress=haproxy-ingress, allocated: "haproxy-ingress/{port}"}}\n',
  );
  mkdirSync(join(folder, 'm'));
  const annotations = { 'haproxy-ingress/80': '20000', 'haproxy-ingress/balance-algorithm': 'roundrobin' };
  const metadata = { name: 'web', namespace: 'shop', annotations };
  writeFileSync(join(folder, 'm/a.yaml'), yaml({ apiVersion: 'v1', kind: 'Service', metadata, spec: {} }));
  const { out } = await runHere(folder, 'explain', 'svc/shop/web', '-c', 'fairlead.yaml', '--output', 'json');
  const [{ annotations: effects }] = z
    .tuple([z.object({ annotations: z.array(z.object({ key: z.string(), effect: z.string() })) })])
    .parse(JSON.parse(out));
  expect(effects).toEqual([{ key: 'haproxy-ingress/80', effect: 'written-back' }]);
});

test.each([
  ['IngressClass/x', '/api/explain/IngressClass/x'],
  ['svc/shop/web', '/api/explain/svc/shop/web'],
])('asks a server for %s by a path without gaps', async (object, path) => {
  const asked: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    asked.push(url);
    response.writeHead(404).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  try {
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await runHere(folder, 'explain', object, '--server', `http://127.0.0.1:${port}`);
  } finally {
    server.close();
  }
  expect(asked).toEqual(['/readyz', path]);
});

test('tells how a route is checked, and nothing of what Traefik sees without a server', async () => {
  const annotations = {
    'fairlead.dev/host': 'web.example.com',
    'fairlead.dev/health-path': '/healthz',
    'fairlead.dev/health-interval': '5s',
  };
  const metadata = { name: 'web', namespace: 'shop', annotations };
  const spec = { selector: { app: 'web' }, ports: [{ port: 80 }] };
  writeFileSync(join(folder, 'a.yaml'), yaml({ apiVersion: 'v1', kind: 'Service', metadata, spec }));
  const { out } = await runHere(folder, 'explain', 'Service/shop/web', '.');
  expect(out).toMatch(/^ {4}checks: GET \/healthz every 5s, time-out \S+$/m);
  expect(out).not.toContain('Health');
});

test('of an annotation of another controller that is carried over, tells what differs', async () => {
  const annotations = { 'nginx.ingress.kubernetes.io/force-ssl-redirect': 'true' };
  const port = { name: 'web', port: { number: 80 } };
  const paths = [{ path: '/', pathType: 'Prefix', backend: { service: port } }];
  const rules = [{ host: 'x.example.com', http: { paths } }];
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { ports: [{ port: 80 }] },
  };
  const own = ingress('x', annotations, { ingressClassName: 'fairlead', rules });
  writeFileSync(join(folder, 'a.yaml'), yaml(own, service));
  const { out } = await runHere(folder, 'explain', 'Ingress/shop/x', '.');
  expect(out).toMatch(/force-ssl-redirect +true +used +.*Differs: GET is answered with 301/);
});

test('of a canary, tells that another Ingress has it, or that none has', async () => {
  const port = { name: 'web', port: { number: 80 } };
  const paths = [{ path: '/', pathType: 'Prefix', backend: { service: port } }];
  const spec = { ingressClassName: 'fairlead', rules: [{ host: 'x.example.com', http: { paths } }] };
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { ports: [{ port: 80 }] },
  };
  const annotations = { 'nginx.ingress.kubernetes.io/canary': 'true' };
  const weighted = { ...annotations, 'nginx.ingress.kubernetes.io/canary-weight': '20' };
  const canary = ingress('canary', weighted, spec);
  writeFileSync(join(folder, 'a.yaml'), yaml(ingress('main', {}, spec), canary, service));
  const { out } = await runHere(folder, 'explain', 'Ingress/shop/canary', '.');
  expect(out).toContain('A canary: the Ingress with the same hosts and paths sends it some of the requests.');
  writeFileSync(join(folder, 'a.yaml'), yaml(canary, service));
  const { out: alone } = await runHere(folder, 'explain', 'Ingress/shop/canary', '.');
  expect(alone).toContain('Not routed: none of its rules can be used; see the problems.');
});
