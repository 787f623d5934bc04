import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runHere } from './run-here.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fairlead-'));
  for (const source of ['east', 'west']) {
    mkdirSync(join(folder, source));
    writeFileSync(join(folder, source, 'a.yaml'), database);
  }
});
afterEach(() => rmSync(folder, { recursive: true }));

/** It asks for a port that two cannot have. */
const database = `
apiVersion: v1
kind: Service
metadata:
  name: orders-db
  namespace: rds
  annotations:
    fairlead.dev/expose: 'true'
    fairlead.dev/request-port.3306: '20085'
    fairlead.dev/backends: clusterip
spec:
  clusterIP: 10.96.0.9
  ports: [{ name: a, port: 3306 }, { name: b, port: 3307 }]
`;

/** The lines of the second table and of what is below, times left out. */
function linesOf(out: string): readonly string[] {
  const lines = out
    .replaceAll(/\d{4}-\d\d-\d\dT\S+/g, 'TIME')
    .trimEnd()
    .split('\n');
  return lines.slice(lines.indexOf('') + 1).map((line) => line.replaceAll(/ +/g, ' ').trimEnd());
}

test('with one source, its name is not in each row', async () => {
  const { out, status } = await runHere(folder, 'ports', 'east');
  expect(status).toBe(0);
  expect(linesOf(out)).toEqual([
    'FLEET PORT STATE HOLDER SERVICE PORT SINCE ADDRESSES',
    'default 20000/tcp held Service/rds/orders-db 3307 TIME',
    'default 20085/tcp held Service/rds/orders-db 3306 TIME',
    '',
    'FLEET NAMESPACE HELD COOLING MOST',
    'default rds 2 0 any',
  ]);
});

test('with several, each port and each request that could not be met names its own', async () => {
  const { out } = await runHere(folder, 'ports', 'east', 'west');
  expect(linesOf(out)).toEqual([
    'FLEET PORT STATE HOLDER SOURCE SERVICE PORT SINCE ADDRESSES',
    'default 20000/tcp held Service/rds/orders-db east 3307 TIME',
    'default 20001/tcp held Service/rds/orders-db west 3307 TIME',
    'default 20085/tcp held Service/rds/orders-db east 3306 TIME',
    '',
    'FLEET NAMESPACE SOURCE HELD COOLING MOST',
    'default rds east 2 0 any',
    'default rds west 1 0 any',
    '',
    expect.stringMatching(
      /^error port-\S+ Service\/rds\/orders-db \(source west\) metadata\.annotations\[.*20085/,
    ),
  ]);
  const { out: json } = await runHere(folder, 'ports', 'east', 'west', '--output', 'json');
  const { ports, refused } = JSON.parse(json);
  expect(ports.map(({ source }: { source: string }) => source)).toEqual(['east', 'west', 'east']);
  expect(refused).toEqual([expect.objectContaining({ source: 'west' })]);
});
