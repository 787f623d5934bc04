import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bySeniority } from '../../../../src/model/object-ref.ts';
import { readDirectoryOnce } from './read-directory-once.ts';
import { createFolder } from './support.ts';

const slice = `apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: db-1
  labels: { kubernetes.io/service-name: db, endpointslice.kubernetes.io/managed-by: endpointslice-controller.k8s.io }
addressType: IPv4
endpoints: [{ addresses: [10.0.0.1] }]
---
apiVersion: v1
kind: Endpoints
metadata: { name: other, labels: { endpoints.kubernetes.io/managed-by: endpoint-controller } }
subsets: [{ addresses: [{ ip: 10.0.0.2 }] }]
`;

it('takes all endpoints of a folder as written by hand, whatever their labels say', async () => {
  const folder = await createFolder();
  await writeFile(join(folder, 'a.yaml'), slice);
  const { objects } = await readDirectoryOnce(folder, 'test');
  expect(objects).toMatchObject([{ byHand: true }, { groups: [{ byHand: true }] }]);
});

function toYaml(name: string, created = ''): string {
  const age = created === '' ? '' : `, creationTimestamp: "${created}"`;
  return `apiVersion: v1\nkind: Service\nmetadata: { name: ${name}${age} }\n`;
}

it('lets the age that a folder claims count among folders, and never against a cluster', async () => {
  const folder = await createFolder();
  const texts = [toYaml('a'), toYaml('b', '1990-01-01T00:00:00Z'), toYaml('c', '1980-01-01T00:00:00Z')];
  await writeFile(join(folder, 'a.yaml'), texts.join('---\n'));
  const { objects } = await readDirectoryOnce(folder, 'test');
  const young = {
    ref: { source: 'cluster', kind: 'Service', namespace: 'z', name: 'z' },
    created: '2026-01-01T00:00:00Z',
  } as const;
  const order = [...objects.map(({ meta }) => meta), young].sort(bySeniority);
  expect(order.map(({ ref }) => ref.name)).toEqual(['z', 'c', 'b', 'a']);
});
