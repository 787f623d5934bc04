import { randomUUID } from 'node:crypto';
import { ApiError } from './api-error.ts';
import { toJson, type Json } from './json.ts';
import type { ResourceType } from './resource-types.ts';

let addresses = 0;

/** A new object, with what the server adds to it. */
export function toCreated(type: ResourceType, namespace: string, object: Json): Json {
  const metadata = toJson(object['metadata']);
  const created: Json = {
    ...object,
    apiVersion: type.apiVersion,
    kind: type.kind,
    metadata: {
      ...metadata,
      ...(type.namespaced && { namespace }),
      uid: randomUUID(),
      creationTimestamp: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    },
  };
  // A kubelet makes its node with the status.
  if (type.hasStatus && type.kind !== 'Node')
    created['status'] = type.kind === 'Namespace' ? { phase: 'Active' } : { loadBalancer: {} };
  return withDefaults(created);
}

/** What follows from the rest of an object. */
export function withDefaults(object: Json): Json {
  if (object['kind'] === 'Service') return { ...object, spec: toServiceSpec(toJson(object['spec'])) };
  if (object['kind'] !== 'Secret') return object;
  const { stringData, ...secret } = object;
  const encoded = Object.entries(toJson(stringData)).map(([key, value]) => [
    key,
    Buffer.from(String(value)).toString('base64'),
  ]);
  return { type: 'Opaque', ...secret, data: { ...toJson(secret['data']), ...Object.fromEntries(encoded) } };
}

function toServiceSpec(spec: Json): Json {
  const type = spec['type'] ?? 'ClusterIP';
  const ports = Array.isArray(spec['ports']) ? spec['ports'] : [];
  const defaulted: Json = {
    type,
    ...spec,
    ...(ports.length > 0 && {
      ports: ports.map((port) => ({ protocol: 'TCP', targetPort: toJson(port)['port'], ...toJson(port) })),
    }),
  };
  if (type !== 'ExternalName' && (spec['clusterIP'] ?? '') === '') {
    addresses += 1;
    defaulted['clusterIP'] = `10.96.${addresses >> 8}.${addresses & 255}`;
  }
  return defaulted;
}

/** What a write may not change stays, or is refused. The status is written at `/status` only, which writes nothing else. */
export function toWritten(type: ResourceType, before: Json, next: Json, subresource: string): Json {
  const [was, is] = [toJson(before['metadata']), toJson(next['metadata'])];
  if (is['uid'] !== undefined && is['uid'] !== was['uid']) {
    const about = `${type.kind} "${String(was['name'])}" is invalid`;
    const why = `metadata.uid: Invalid value: ${JSON.stringify(is['uid'])}: field is immutable`;
    throw new ApiError(422, 'Invalid', `${about}: ${why}`);
  }
  if (subresource === 'status') return { ...before, status: next['status'] };
  const { uid, creationTimestamp, name, namespace } = was;
  const metadata = { ...is, name, ...(type.namespaced && { namespace }), uid, creationTimestamp };
  const written = { ...next, apiVersion: type.apiVersion, kind: type.kind, metadata };
  return withDefaults(type.hasStatus ? { ...written, status: before['status'] } : written);
}

/** `metadata.managedFields`, as far as annotations are concerned: who wrote the value that each has now. */
export function toManagedFields(before: Json, next: Json, manager: string): readonly Json[] {
  const [was, is] = [before, next].map((each) => toJson(toJson(each['metadata'])['annotations']));
  const owners = new Map<string, string>();
  for (const { key, owner } of listOwners(before)) if (is !== undefined && key in is) owners.set(key, owner);
  for (const [key, value] of Object.entries(is ?? {})) if (was?.[key] !== value) owners.set(key, manager);
  return [...new Set(owners.values())].map((owner) => {
    const keys = [...owners].filter(([, each]) => each === owner).map(([key]) => [`f:${key}`, {}]);
    const fieldsV1 = { 'f:metadata': { 'f:annotations': Object.fromEntries(keys) } };
    return { manager: owner, operation: 'Update', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1 };
  });
}

function listOwners(object: Json): readonly { readonly key: string; readonly owner: string }[] {
  const entries: unknown = toJson(object['metadata'])['managedFields'];
  return (Array.isArray(entries) ? entries : []).flatMap((entry: unknown) => {
    const fields = toJson(toJson(toJson(entry)['fieldsV1'])['f:metadata'])['f:annotations'];
    const owner = String(toJson(entry)['manager']);
    return Object.keys(toJson(fields)).map((field) => ({ key: field.slice(2), owner }));
  });
}
