import type { LackingRight } from '../facts.ts';
import type { Rule } from '../finding.ts';

export const rightMissing: Rule = {
  code: 'right-missing',
  finds: 'The role of Fairlead lacks a verb that the configuration needs.',
  mend: 'Apply `manifests/base/rbac` again; see [the table of rights](kubernetes.md#rights).',
  needs: 'clusters; run it as Fairlead runs (in its pod), or by a kubeconfig of its account',
  check: ({ clusters }) =>
    clusters.flatMap(({ source, lacking }) =>
      lacking.map((right) => ({
        where: `source ${source}`,
        message: `The role lacks ${right.verb} on ${toResource(right)}${right.namespace === null ? '' : ` in namespace ${right.namespace}`}: ${right.for}`,
        mend: `kubectl apply -k manifests, or add the verb to a role of the account (kubectl auth can-i ${right.verb} ${toResource(right)}${right.namespace === null ? ' --all-namespaces' : ` -n ${right.namespace}`} asks for it)`,
      })),
    ),
};

function toResource({ group, resource }: LackingRight): string {
  const [name = '', sub] = resource.split('/');
  const full = group === '' ? name : `${name}.${group}`;
  return sub === undefined ? full : `${full}/${sub}`;
}
