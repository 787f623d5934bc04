import type { AllowedNamespaces, LabelSelector } from '../../model/gateway-specs.ts';
import type { ObjectRef } from '../../model/object-ref.ts';
import type { View } from '../../model/snapshot.ts';

/**
 * Whether objects of a namespace may attach themselves to `owner`, which has said of which namespaces they may be. A selector looks at
 * the labels of the Namespace object, and chooses none that is not there.
 */
export function admitsNamespace(
  { view }: { readonly view: Pick<View, 'namespace'> },
  allowed: AllowedNamespaces,
  owner: Pick<ObjectRef, 'namespace' | 'source'>,
  namespace: string,
): boolean {
  switch (allowed.from) {
    case 'All':
      return true;
    case 'None':
      return false;
    case 'Same':
      return namespace === owner.namespace;
    case 'Selector': {
      const labels = view.namespace(owner.source, namespace)?.labels;
      return labels !== undefined && selects(allowed.selector, labels);
    }
  }
}

/** Whether a selector chooses an object with these labels, as Kubernetes does; one that asks for nothing chooses all. */
export function selects(selector: LabelSelector, labels: Readonly<Record<string, string>>): boolean {
  const { matchLabels, matchExpressions } = selector;
  return (
    Object.entries(matchLabels).every(([key, value]) => toLabel(labels, key) === value) &&
    matchExpressions.every((expression) => holds(expression, toLabel(labels, expression.key)))
  );
}

function holds(
  { operator, values }: LabelSelector['matchExpressions'][number],
  label: string | undefined,
): boolean {
  switch (operator) {
    case 'Exists':
      return label !== undefined;
    case 'DoesNotExist':
      return label === undefined;
    case 'In':
      return label !== undefined && values.includes(label);
    case 'NotIn':
      return label === undefined || !values.includes(label);
  }
}

/** The keys are a tenant's: what every object inherits, such as `constructor`, is no label. */
function toLabel(labels: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}
