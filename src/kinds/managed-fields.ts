import { fieldManager } from '../model/field-manager.ts';
import { isObject, type RawObject } from '../lib/raw-object.ts';

const annotationPrefix = 'f:';

/**
 * The keys of the annotations that Fairlead itself has written, of those that are there; by `metadata.managedFields`, of which
 * nothing else is kept. https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
 */
export function listWrittenAnnotations(
  metadata: RawObject,
  annotations: Readonly<Record<string, string>>,
): readonly string[] {
  const { managedFields } = metadata;
  if (!Array.isArray(managedFields)) return [];
  const keys = managedFields.filter(isObject).flatMap((entry) => {
    if (entry['manager'] !== fieldManager) return [];
    const fields = toChild(toChild(toChild(entry, 'fieldsV1'), 'f:metadata'), 'f:annotations');
    return Object.keys(fields).flatMap((field) =>
      field.startsWith(annotationPrefix) ? field.slice(annotationPrefix.length) : [],
    );
  });
  return [...new Set(keys)].filter((key) => Object.hasOwn(annotations, key)).sort();
}

function toChild(parent: RawObject, key: string): RawObject {
  const child = parent[key];
  return isObject(child) ? child : {};
}
