import type { Mistake } from '../settings/mistake.ts';
import type { KubernetesSettings, Settings } from '../settings/settings.ts';
import { KubeConfigError } from '../kubernetes/access-error.ts';
import { readKubeConfig } from '../kubernetes/kube-config.ts';

/**
 * Reads the kubeconfig of each cluster without which nothing can be served: those that are required, and that of the ledger. One of
 * another cluster is read when the cluster is, and again later: a mistake in it is a problem of that source.
 */
export function findClusterMistakes({ sources, ledger }: Settings): Mistake[] {
  return sources.flatMap((source, index): Mistake[] => {
    if (!('kubernetes' in source)) return [];
    const hasLedger = 'source' in ledger && ledger.source === source.name;
    if (!source.required && !hasLedger) return [];
    const error = readOnce(source.kubernetes);
    if (error === undefined) return [];
    const { field, message, hint } = error;
    const why = source.required ? '' : ' (the port ledger is in this cluster, so it has to be there)';
    return [{ path: ['sources', index, 'kubernetes', field], message: message + why, hint }];
  });
}

/** The mistake, if there is one. What may mend itself, such as a token file that is still missing, is none. */
function readOnce(place: KubernetesSettings): KubeConfigError | undefined {
  try {
    readKubeConfig(place);
    return undefined;
  } catch (error) {
    return error instanceof KubeConfigError ? error : undefined;
  }
}
