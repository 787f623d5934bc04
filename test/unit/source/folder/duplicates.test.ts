import { unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createFolder, portOf, serviceYaml, until, watchSynced } from './support.ts';

it('uses the first of two by path and line, names both places, and turns to the other when the first goes', async () => {
  const folder = await createFolder();
  await writeFile(join(folder, 'b.yaml'), `# comment\n${serviceYaml('x', 82)}---\n${serviceYaml('x', 83)}`);
  await writeFile(join(folder, 'a.yaml'), serviceYaml('x', 81));
  const watching = await watchSynced(folder);
  expect(portOf(watching, 'x')).toBe(81);
  expect(watching.problems).toMatchObject([
    { code: 'object-duplicate', location: { file: 'vms/b.yaml', line: 2, column: 1 } },
    { code: 'object-duplicate', location: { file: 'vms/b.yaml', line: 10, column: 1 } },
  ]);
  expect(watching.problems[1]?.message).toBe(
    'Service/default/x stands in vms/a.yaml:1 and in vms/b.yaml:10, and the first one is used',
  );
  await unlink(join(folder, 'a.yaml'));
  await until(() => portOf(watching, 'x') === 82);
  await until(() => watching.problems.length === 1);
  expect(watching.batches.flat().filter(({ kind }) => kind === 'delete')).toEqual([]);
  await writeFile(join(folder, 'a.yaml'), serviceYaml('x', 81));
  await until(() => portOf(watching, 'x') === 81);
});

it('says nothing of the very same object once more', async () => {
  const folder = await createFolder();
  for (const name of ['a.yaml', 'b.yaml']) await writeFile(join(folder, name), serviceYaml('x'));
  expect((await watchSynced(folder)).problems).toEqual([]);
});

it('finds the places of duplicates in JSON lists', async () => {
  const folder = await createFolder();
  const item = '{"apiVersion":"v1","kind":"Service","metadata":{"name":"x"}}';
  const other = '{"apiVersion":"v1","kind":"Service","metadata":{"name":"x"},"spec":{"ports":[{"port":1}]}}';
  await writeFile(
    join(folder, 'a.json'),
    `{"kind":"List","apiVersion":"v1","items":[\n${item},\n ${other}\n]}`,
  );
  const watching = await watchSynced(folder);
  expect(watching.problems).toMatchObject([{ location: { file: 'vms/a.json', line: 3, column: 2 } }]);
});

it('lets an Endpoints object and an EndpointSlice of one name live side by side', async () => {
  const folder = await createFolder();
  const endpoints =
    'apiVersion: v1\nkind: Endpoints\nmetadata: {name: db}\nsubsets: [{addresses: [{ip: 10.0.0.1}], ports: [{port: 1}]}]\n';
  const slice =
    'apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: db, labels: {kubernetes.io/service-name: other}}\naddressType: IPv4\nendpoints: [{addresses: [10.0.0.2]}]\n';
  await writeFile(join(folder, 'a.yaml'), endpoints);
  const watching = await watchSynced(folder);
  const addresses = (): string[] =>
    [...watching.objects.values()]
      .flatMap((object) => {
        if (object.kind === 'Endpoints') return object.groups.flatMap(({ endpoints: each }) => each);
        return object.kind === 'EndpointSlice' ? object.endpoints : [];
      })
      .flatMap((endpoint) => endpoint.addresses)
      .sort();
  expect([...watching.objects.keys()]).toEqual(['Endpoints/default/db']);
  await writeFile(join(folder, 'b.yaml'), slice);
  await until(() => watching.objects.size === 2);
  expect(addresses()).toEqual(['10.0.0.1', '10.0.0.2']);
  expect(watching.problems).toEqual([]);
  await unlink(join(folder, 'b.yaml'));
  await until(() => watching.objects.size === 1);
  expect(addresses()).toEqual(['10.0.0.1']);
});

it('takes a Namespace that stands beside each application as one, without a word', async () => {
  const folder = await createFolder();
  const text = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n';
  await writeFile(join(folder, 'a.yaml'), text);
  await writeFile(join(folder, 'b.yaml'), text);
  const watching = await watchSynced(folder);
  expect([...watching.objects.keys()]).toEqual(['Namespace/shop']);
  expect(watching.problems).toEqual([]);
});
