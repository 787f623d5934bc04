import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Kind, ObjectRef } from '../../../../src/model/object-ref.ts';
import { readDirectoryOnce } from './read-directory-once.ts';
import { createFolder } from './support.ts';

const ref = (kind: Kind, name: string): ObjectRef => ({ source: 'test', kind, namespace: 'default', name });

const yaml = `# head
apiVersion: v1
kind: Service
metadata:
  name: db
  annotations:
    fairlead.dev/weights: "x"
---
apiVersion: v1
kind: List
items:
  - apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata: { name: web }
    spec:
      rules:
        - http:
            paths:
              - path: /a
                backend: { service: { name: a, port: { number: 80 } } }
              - path: /b
                backend: { service: { name: b, port: { number: 80 } } }
`;

it.each([
  ['Service', 'db', 'metadata.annotations[fairlead.dev/weights]', '7:5'],
  ['Service', 'db', 'metadata.annotations[fairlead.dev/expose]', '6:3'],
  ['Service', 'db', 'spec.ports[0].port', '2:1'],
  ['Service', 'db', '', '2:1'],
  ['Ingress', 'web', 'spec.rules[0].http.paths[1].backend', '22:17'],
  ['Ingress', 'web', 'spec.rules[0].http.paths[1]', '21:17'],
  ['Ingress', 'web', 'spec.rules[7].http', '16:7'],
  ['Ingress', 'web', '', '12:5'],
] as const)('finds %s %s %s in YAML at %s', async (kind, name, field, at) => {
  const folder = await createFolder();
  await writeFile(join(folder, 'a.yaml'), yaml);
  const contents = await readDirectoryOnce(folder, 'test');
  const location = await contents.locate(ref(kind, name), field);
  expect(location?.file).toBe(join(folder, 'a.yaml'));
  expect(`${location?.line}:${location?.column}`).toBe(at);
});

it.each([
  ['metadata.annotations[a]', '4:32'],
  ['metadata.annotations[b]', '4:14'],
  ['spec', '3:3'],
  ['', '3:3'],
])('finds the field %j in JSON at %s', async (field, at) => {
  const folder = await createFolder();
  const first = '{"apiVersion":"v1","kind":"Secret","metadata":{"name":"a"}}';
  const second =
    '{"apiVersion":"v1","kind":"Service",\n"metadata": {"annotations":   {"a": "x", "name": "y"}, "name": "db"}}';
  await writeFile(
    join(folder, 'a.json'),
    `{"apiVersion":"v1","kind":"List","items":[\n  ${first},\n  ${second}]}`,
  );
  const contents = await readDirectoryOnce(folder, 'test');
  const location = await contents.locate(ref('Service', 'db'), field);
  expect(`${location?.line}:${location?.column}`).toBe(at);
});

it('finds the subset of an Endpoints object, and nothing for an unknown object', async () => {
  const folder = await createFolder();
  const text = '---\napiVersion: v1\nkind: Endpoints\nmetadata: {name: db}\nsubsets: [{}, {}]\n';
  await writeFile(join(folder, 'a.yaml'), text);
  const contents = await readDirectoryOnce(folder, 'test');
  expect(await contents.locate(ref('Endpoints', 'db'), 'subsets[1]')).toMatchObject({
    line: 5,
    column: 15,
  });
  expect(await contents.locate(ref('Service', 'db'), '')).toBeUndefined();
});
