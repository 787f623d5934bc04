import type { KindDefinition } from '../kinds/kind.ts';
import { isObject } from '../lib/raw-fields.ts';
import type { KubeClient, KubeRequest } from './kube-client.ts';
import { KubeError } from './kube-error.ts';

/**
 * Whether an API server has a kind: one request for the resources of its group and version, which every account may ask for. A list
 * of the objects would not tell: who lacks the right gets 403 for what is not installed, too. Rejects with a `KubeError`
 * when there is no answer. A server that starts answers 503, not 404, until it knows its custom resources (Kubernetes 1.23 and later).
 */
export async function isServed(
  client: KubeClient,
  { apiVersion, plural }: Pick<KindDefinition, 'apiVersion' | 'plural'>,
  options: Pick<KubeRequest, 'signal' | 'timeoutMs'>,
): Promise<boolean> {
  try {
    const { resources } = await client.getJson(`/apis/${apiVersion}`, options);
    return Array.isArray(resources) && resources.some((each) => isObject(each) && each['name'] === plural);
  } catch (error) {
    if (!(error instanceof KubeError)) throw error;
    if (error.status === 404) return false;
    // Who may not ask learns it from the list.
    if (error.status === 403) return true;
    throw error;
  }
}
