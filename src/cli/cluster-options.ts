import type { ClusterRequest } from '../app/choose-cluster.ts';
import type { OptionSpec, Options } from './command.ts';

/** `--kubeconfig FILE` and `--context NAME`, as in kubectl, of the commands that read clusters. */
export const clusterOptions = {
  kubeconfig: {
    value: 'FILE',
    help: 'where the cluster is, in place of what the configuration says (default with --context: $KUBECONFIG, else ~/.kube/config)',
  },
  context: { value: 'NAME', help: 'the context in it (default: the current one)' },
} as const satisfies Readonly<Record<string, OptionSpec>>;

/** What these options say. */
export function readCluster(options: Options): ClusterRequest {
  return { kubeconfig: options.text('kubeconfig'), context: options.text('context') };
}
