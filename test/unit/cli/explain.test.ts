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
