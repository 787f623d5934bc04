import { expect, test } from 'vitest';
import { newestMinor } from '../../../src/traefik/versions.ts';
import { runHere } from './run-here.ts';

const traefik = { from: '3.0', to: `3.${newestMinor}` };

test('fairlead version', async () => {
  expect(await runHere('/', 'version')).toEqual({
    status: 0,
    out: `fairlead 0 (commit 0123456789ab)\nNode ${process.versions.node}\nTraefik ${traefik.from} to ${traefik.to}\n`,
    err: '',
  });
});

test('fairlead version --output json', async () => {
  const { status, out } = await runHere('/', 'version', '--output', 'json');
  expect([status, JSON.parse(out)]).toEqual([
    0,
    { version: '0', commit: '0123456789ab', node: process.versions.node, traefik },
  ]);
});
