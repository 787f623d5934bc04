import { parse } from 'yaml';
import * as z from 'zod';
import type { AnyObject } from './built-manifests.ts';

const texts = z.record(z.string(), z.string());
const instance = 'app.kubernetes.io/instance';
const stamp = /^(app\.kubernetes\.io\/(instance|version|managed-by|name)|helm\.sh\/chart)$/;

/**
 * Objects of manifests/ or of the chart without what has to differ: labels of a release, its name in what is known to the whole
 * cluster, and the hash of the configuration, which is in a name or in an annotation. What Fairlead reads is there as data.
 */
export function comparable(objects: readonly AnyObject[]): AnyObject[] {
  return objects.map((object) => {
    const { metadata } = object;
    const labels = Object.entries(texts.parse(metadata['labels'] ?? {})).filter(([key]) => !stamp.test(key));
    const { annotations: _annotations, ...rest } = metadata;
    const plain = { ...object, metadata: { ...rest, labels: Object.fromEntries(labels) } };
    const text = JSON.stringify(plain, (key: string, value: unknown) => replace(key, value));
    return z.custom<AnyObject>().parse(JSON.parse(text));
  });
}

function replace(key: string, value: unknown): unknown {
  if (key === instance || key === 'checksum/config') return undefined;
  // A Service has this type unless it says otherwise.
  if (key === 'type' && value === 'ClusterIP') return undefined;
  if (key === 'fairlead.yaml') return parse(z.string().parse(value));
  if (key === 'annotations' && Object.keys(texts.parse(value)).join() === 'checksum/config') return undefined;
  if (key === 'name' && typeof value === 'string')
    return value.replace(/^fairlead-system:/, '').replace(/^(fairlead-config)-\w+$/, '$1');
  return value;
}
