import type { KubeConfig } from '@kubernetes/client-node';

interface Named {
  readonly name: string;
}

/**
 * Several kubeconfigs as one, as kubectl makes one of the files in `KUBECONFIG`: of two clusters, users or contexts of one name the first
 * counts, and so does the first current context. The first of them is changed.
 */
export function mergeKubeConfigs([first, ...others]: readonly KubeConfig[]): void {
  for (const other of others) {
    first?.loadFromOptions({
      clusters: firstOfEach([...first.clusters, ...other.clusters]),
      users: firstOfEach([...first.users, ...other.users]),
      contexts: firstOfEach([...first.contexts, ...other.contexts]),
      currentContext: first.getCurrentContext() || other.getCurrentContext(),
    });
  }
}

function firstOfEach<T extends Named>(items: readonly T[]): T[] {
  const found = new Map<string, T>();
  for (const item of items) if (!found.has(item.name)) found.set(item.name, item);
  return [...found.values()];
}
