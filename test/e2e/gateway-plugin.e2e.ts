import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, it } from 'vitest';

import { Cleanup, makeTempFolder } from './support/cleanup.ts';
import { httpGet } from './support/client.ts';
import { startEdge } from './support/edge-host.ts';
import { eventually } from './support/eventually.ts';
import { runFairlead, startFairlead } from './support/fairlead.ts';
import { httpEcho, toEcho } from './support/http-echo.ts';
import { requirePrivateNetwork } from './support/local-address.ts';
import { toManifests } from './support/manifests.ts';

beforeAll(() => requirePrivateNetwork());
const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const ask = (path: string) =>
  httpGet({ ip: '127.0.0.1', port: 80, host: 'shop.example.com', path, headers: { 'X-Tag': 'one' } });

const gateway = `---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: { name: fairlead }
spec: { controllerName: fairlead.dev/gateway-controller }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: edge, namespace: shop }
spec: { gatewayClassName: fairlead, listeners: [{ name: http, port: 80, protocol: HTTP }] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: shop, namespace: shop }
spec:
  parentRefs: [{ name: edge }]
  hostnames: [shop.example.com]
  rules:
    - matches: [{ path: { type: PathPrefix, value: /add } }]
      filters:
        - type: RequestHeaderModifier
          requestHeaderModifier: { add: [{ name: X-Tag, value: two }] }
        - type: ResponseHeaderModifier
          responseHeaderModifier: { add: [{ name: X-Answer, value: added }] }
      backendRefs: [{ name: web, port: 8081 }]
    - matches: [{ path: { type: PathPrefix, value: /old } }]
      filters:
        - type: RequestRedirect
          requestRedirect: { statusCode: 308, hostname: new.example.com, path: { type: ReplacePrefixMatch, replacePrefixMatch: /new } }
`;

it('the plugin adds headers to those that are there and redirects with any status, on a host that runs fairlead edge', async () => {
  const folder = makeTempFolder();
  cleanup.add(() => folder.remove());
  const root = folder.path;
  mkdirSync(join(root, 'manifests'));
  const web = {
    namespace: 'shop',
    name: 'web',
    ports: [{ name: 'http', port: 8081 }],
    addresses: ['10.244.1.1'],
  };
  writeFileSync(join(root, 'manifests/shop.yaml'), `${toManifests(web)}\n${gateway}`);
  cleanup.keep(await httpEcho('10.244.1.1', 8081));
  const config = {
    sources: [{ name: 'manifests', directory: { path: join(root, 'manifests') } }],
    ledger: { file: join(root, 'ports.json') },
    fleets: [{ name: 'default', plugins: ['gateway'] }],
  };
  const fairlead = cleanup.keep(await startFairlead({ cwd: root, config }));
  const edge = await startEdge({ cwd: root, server: fairlead.providerUrl, args: ['--host', 'a'] });
  cleanup.add(() => edge.killLeft());
  cleanup.keep(edge);
  const added = await eventually('the route is served', 30_000, async () => {
    const answer = await ask('/add/a').catch(() => undefined);
    return answer?.status === 200 ? answer : undefined;
  });
  expect(toEcho(added.body).headers['x-tag']).toBe('one, two');
  expect(added.headers['x-answer']).toBe('added');
  const { status, headers } = await ask('/old/a?b=%2F');
  expect([status, headers['location']]).toEqual([308, 'http://new.example.com/new/a?b=%2F']);
});

it('fairlead traefik says where the files of the plugin have to be, and writes them there', async () => {
  const folder = makeTempFolder();
  cleanup.add(() => folder.remove());
  const root = folder.path;
  writeFileSync(
    join(root, 'fairlead.yaml'),
    JSON.stringify({
      sources: [{ name: 'm', directory: { path: root } }],
      fleets: [{ name: 'a', plugins: ['gateway'] }],
    }),
  );
  const bare = await runFairlead(['traefik', '-c', 'fairlead.yaml'], { cwd: root });
  expect(bare).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('moduleName: fairlead.dev/gateway'),
  });
  expect(bare.stderr).toContain('--plugin-dir');
  const written = await runFairlead(['traefik', '-c', 'fairlead.yaml', '--plugin-dir', '.'], { cwd: root });
  expect(written).toMatchObject({ status: 0, stderr: '', stdout: bare.stdout });
});
