import { expect, test } from 'vitest';
import { Fragments } from '../../../src/render/fragments.ts';
import { toReadyFragments } from '../../../src/render/ready-router.ts';

function toDocument(entryPoints: { http: string; https: string; ready?: string }): unknown {
  const fragments = new Fragments();
  fragments.replace('', toReadyFragments({ entryPoints }));
  return JSON.parse(fragments.toBody().toString());
}

test('a document has one router for /ready, though nothing is routed', () => {
  const router = {
    entryPoints: ['up'],
    rule: 'Path("/ready")',
    ruleSyntax: 'default',
    service: 'ping@internal',
  };
  expect(toDocument({ http: 'web', https: 'websecure', ready: 'up' })).toEqual({
    http: { routers: { ready: router } },
  });
});

test('and none where the fleet has no entryPoint for it', () => {
  expect(toDocument({ http: 'web', https: 'websecure' })).toEqual({});
});
