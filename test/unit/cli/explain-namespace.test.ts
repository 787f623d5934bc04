import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { runHere } from './run-here.ts';

const config = {
  sources: [{ name: 'vms', directory: { path: './vms' } }],
  ledger: { file: './ports.json' },
  fleets: [
    {
      name: 'default',
      ports: { maxPerNamespace: 5 },
      pools: [
        { name: 'games', udp: { range: '30000-30009' }, namespaces: ['game-*'] },
        { name: 'vms', tcp: { range: '31000-31009' }, namespaces: ['vm-*'], labels: { tier: 'db' } },
      ],
    },
  ],
  ingress: {
    hostOwnership: 'namespace',
    owners: [
      { hosts: ['*.vm-shop.example.com'], namespaces: ['vm-shop'] },
      { hosts: ['admin.example.com'], namespaces: ['edge'] },
    ],
  },
  services: {
    externalEndpoints: {
      rules: [
        { namespaces: ['vm-*'], allowedCIDRs: ['192.168.7.0/24'], names: ['*.db.example.com'] },
        { namespaces: ['*'] },
      ],
    },
  },
};

function toService(namespace: string, name: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name,
      namespace,
      annotations: { 'fairlead.dev/host': `${name}.${namespace}.example.com,${name}.example.com` },
    },
    spec: { clusterIP: 'None', ports: [{ name: 'http', port: 80 }] },
  });
}

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fairlead-'));
  writeFileSync(join(folder, 'fairlead.yaml'), JSON.stringify(config));
  mkdirSync(join(folder, 'vms'));
  writeFileSync(
    join(folder, 'vms/a.yaml'),
    [toService('vm-shop', 'web'), toService('batch', 'job')].join('\n---\n'),
  );
});
afterEach(() => rmSync(folder, { recursive: true }));

test('of a namespace, it tells what it may do, and how much of it is used', async () => {
  const { out, status } = await runHere(folder, 'explain', 'Namespace/vm-shop', '-c', 'fairlead.yaml');
  expect(status).toBe(0);
  for (const line of [
    'Namespace/vm-shop (source vms)',
    '  fleet default: 2 of 5000',
    '  default of fleet default (tcp 20000-20099, udp 20000-20099): 0 held, 0 cooling down, 0 of 5',
    '  vms of fleet default (tcp 31000-31009): 0 held, 0 cooling down, no quota, for Services with tier=db',
    '  192.168.7.0/24 (services.externalEndpoints.rules[0].allowedCIDRs)',
    '  *.db.example.com (services.externalEndpoints.rules[0].names)',
    '  its own: *.vm-shop.example.com (ingress.owners)',
    '  of others: admin.example.com (ingress.owners)',
    '  any other: of the namespace that routes it first (ingress.hostOwnership)',
  ])
    expect(out.split('\n')).toContain(line);
  expect(out).not.toContain('games');
});

test('the same as data', async () => {
  const { out } = await runHere(folder, 'explain', 'ns/batch', '-c', 'fairlead.yaml', '--output', 'json');
  const [found] = z.tuple([z.looseObject({ rights: z.looseObject({}) })]).parse(JSON.parse(out));
  expect(found.rights).toMatchObject({
    pools: [{ fleet: 'default', pool: 'default', most: 5 }],
    externalEndpoints: { allowed: [], field: 'services.externalEndpoints.rules[1].allowedCIDRs' },
    externalNames: { allowed: [], field: 'services.allowExternalName' },
    routes: [{ fleet: 'default', used: 2, most: 5000 }],
  });
});

test('nothing, where no source has the namespace', async () => {
  const { err, status } = await runHere(folder, 'explain', 'Namespace/nope', '-c', 'fairlead.yaml');
  expect([status, err]).toEqual([
    1,
    'fairlead: no source has Namespace/nope; check kind, namespace and name\n',
  ]);
});
