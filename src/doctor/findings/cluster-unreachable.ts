import type { Rule } from '../finding.ts';

export const clusterUnreachable: Rule = {
  code: 'cluster-unreachable',
  finds: 'The API server of a source gives no answer: nothing that changes there arrives.',
  mend: 'Check `sources[].kubernetes.kubeconfig`, its context and its credentials.',
  needs: 'clusters',
  check: ({ clusters }) =>
    clusters.flatMap(({ source, error }) =>
      error === null
        ? []
        : [
            {
              where: `source ${source}`,
              message: `Its API server cannot be asked: ${error}`,
              mend: 'check sources[].kubernetes (kubectl --kubeconfig FILE get namespaces tries the same)',
            },
          ],
    ),
};
