import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runHere } from './run-here.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fairlead-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const apiVersion = 'gateway.networking.k8s.io/v1';
const toObject = (kind: string, name: string, spec: object): object => ({
  apiVersion,
  kind,
  metadata: kind === 'GatewayClass' ? { name } : { name, namespace: 'shop' },
  spec,
});
const gatewayClass = toObject('GatewayClass', 'fairlead', {
  controllerName: 'fairlead.dev/gateway-controller',
});
const toRoute = (name: string, parent = 'edge'): object =>
  toObject('HTTPRoute', name, {
    parentRefs: [{ name: parent }],
    hostnames: [`${name}.example.com`],
    rules: [{ backendRefs: [{ name: 'web', port: 80 }] }],
  });

async function explain(target: string, ...objects: readonly object[]): Promise<string> {
  writeFileSync(join(folder, 'a.yaml'), objects.map((each) => JSON.stringify(each)).join('\n---\n'));
  return (await runHere(folder, 'explain', target, '.')).out;
}

const gateway = toObject('Gateway', 'edge', {
  gatewayClassName: 'fairlead',
  listeners: [
    { name: 'http', port: 80, protocol: 'HTTP', hostname: '*.example.com' },
    { name: 'odd', port: 4000, protocol: 'HTTP' },
  ],
});

test('of a Gateway it tells listeners, where they are, what is attached, and why one is not accepted', async () => {
  const out = await explain('Gateway/shop/edge', gatewayClass, gateway, toRoute('a'), toRoute('b'));
  expect(out).toContain('Served by default, with 2 listeners, 1 of them served, and 4 attached routes.');
  expect(out).toContain('http: HTTP on port 80 for **.example.com\n    at: entryPoint web of fleet default');
  expect(out).toContain('attached: 2 routes (HTTPRoute/shop/a, HTTPRoute/shop/b)');
  expect(out).toMatch(/odd: HTTP on port 4000 for any host\n {4}at: nowhere: it is not served/);
  expect(out).toMatch(/ {4}Accepted False \(PortUnavailable\): /);
});

test('of routes and classes it tells what became of them', async () => {
  const lost = toRoute('lost', 'missing');
  const objects = [gatewayClass, gateway, toRoute('a'), lost] as const;
  expect(await explain('HTTPRoute/shop/a', ...objects)).toMatch(
    /Parents\n {2}Gateway\/edge: attached to http, odd\n {4}Accepted True/,
  );
  expect(await explain('HTTPRoute/shop/lost', ...objects)).toContain(
    'none of its parentRefs names a Gateway',
  );
  expect(await explain('GatewayClass/fairlead', ...objects)).toContain('Its Gateways are served by default.');
  expect(await explain('Gateway/shop/edge', gateway)).toContain('Not served: its GatewayClass');
});

test('it is bounded, however much there is', async () => {
  const listeners = Array.from({ length: 200 }, (_each, index) => ({
    name: `l${index}`,
    port: 80,
    protocol: 'HTTP',
    hostname: `h${index}.example.com`,
  }));
  const many = toObject('Gateway', 'edge', { gatewayClassName: 'fairlead', listeners });
  const routes = Array.from({ length: 300 }, (_each, index) => ({
    ...toObject('HTTPRoute', `r${index}`, {
      parentRefs: [{ name: 'edge', sectionName: 'l0' }],
      rules: [{ matches: [{ path: { value: `/${index}` } }] }],
    }),
  }));
  const out = await explain('Gateway/shop/edge', gatewayClass, many, ...routes);
  expect(out).toContain('attached: 300 routes (');
  expect(out).toContain('and others)');
  expect(out.length).toBeLessThan(100_000);
});
