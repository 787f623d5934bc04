import { matchesGlob } from '../lib/glob.ts';
import type { ObjectRef } from '../model/object-ref.ts';
import type { View } from '../model/snapshot.ts';
import type { Refused } from '../annotations/feature.ts';
import { toReference } from '../annotations/traefik/values.ts';
import type { Settings } from '../settings/settings.ts';

const crd = 'kubernetescrd';
const providers: ReadonlySet<string> = new Set(['file', crd]);
const askOperators = 'Ask the operators of the edge to allow it by ingress.references.';
/** Names of namespaces are DNS labels. */
const longestNamespace = 63;

/**
 * Why an object may not name what another provider of Traefik has; undefined when it may. Without a rule a namespace has its own
 * resources: Traefik calls those `namespace-name`, so a name with more dashes is refused where it may be of a namespace that is there.
 */
export function refuseReference(
  { settings, view }: { readonly settings: Settings; readonly view: View },
  { source, namespace }: ObjectRef,
  text: string,
): Refused | undefined {
  const { name, provider } = toReference(text);
  if (!providers.has(provider))
    return {
      why: 'is of a provider that nobody may name',
      hint: 'Write "NAME@file" or "NAMESPACE-NAME@kubernetescrd".',
    };
  const { ownNamespace, rules } = settings.ingress.references;
  const isAllowed = rules.some(
    ({ namespaces, names }) =>
      namespaces.some((each) => matchesGlob(each, namespace)) &&
      names.some((each) => matchesGlob(each, text)),
  );
  if (isAllowed) return undefined;
  const isFirst = settings.sources[0]?.name === source;
  if (provider !== crd || !ownNamespace || !isFirst || !name.startsWith(`${namespace}-`))
    return {
      why: `is nothing that namespace ${namespace} may name (ingress.references)`,
      hint: askOperators,
    };
  const other = findOtherNamespace(view, source, namespace, name);
  return other === undefined
    ? undefined
    : {
        why: `could also mean one of namespace ${other}, since Traefik joins namespace and name with a hyphen`,
        hint: askOperators,
      };
}

/** A namespace whose name begins with that of another one, and whose resources may be called so. */
function findOtherNamespace(view: View, source: string, namespace: string, name: string): string | undefined {
  for (let dash = name.indexOf('-', namespace.length + 1); dash > 0; dash = name.indexOf('-', dash + 1)) {
    if (dash > longestNamespace) return undefined;
    const other = name.slice(0, dash);
    if (view.namespace(source, other) !== undefined) return other;
  }
  return undefined;
}
