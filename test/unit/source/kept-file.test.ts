import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Namespace, Service } from '../../../src/model/objects.ts';
import { readKept, toLines } from '../../../src/source/kept-file.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'fairlead-kept-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const ref = { source: 'prod', kind: 'Service', namespace: 'n', name: 'a' } as const;
const bare: Service = {
  kind: 'Service',
  meta: { ref, annotations: {} },
  type: 'ClusterIP',
  headless: false,
  hasSelector: true,
  ports: [],
};
const labelled: Service = {
  ...bare,
  meta: { ...bare.meta, ref: { ...ref, name: 'b' } },
  labelPairs: ['tier=game', 'empty='],
};
const namespace: Namespace = {
  kind: 'Namespace',
  meta: { ref: { source: 'prod', kind: 'Namespace', namespace: '', name: 'n' }, annotations: {} },
  labels: { tier: 'a' },
};

async function toText(): Promise<string> {
  let text = '';
  for await (const lines of toLines('prod', [bare, labelled, namespace], [])) text += lines;
  return text;
}

async function read(text: string) {
  const file = join(folder, 'prod.ndjson');
  writeFileSync(file, text);
  return (await readKept(file, 'prod')).objects;
}

it('gives back what was kept', async () => {
  expect(await read(await toText())).toEqual([bare, labelled, namespace]);
});

it('has the labels of Services as versions before read and wrote them', async () => {
  expect(await toText()).toContain('"labels":{"tier":"game","empty":""}');
  expect(await toText()).not.toContain('labelPairs');
});
