import type { FeatureContext } from './feature.ts';
import { accept, objectName, quote, refuse, toValue, type Parser } from './parsers.ts';

/** An object as annotations name it; without a namespace it is of that of the object. */
export interface NamedObject {
  readonly namespace?: string;
  readonly name: string;
}

/** Parses `name` or `namespace/name`. */
export const namedObject: Parser<NamedObject> = (text) => {
  const parts = toValue(text).split('/').map(objectName);
  const [first, second] = parts;
  if (first?.ok === true && second === undefined) return accept({ name: first.value });
  if (parts.length === 2 && first?.ok === true && second?.ok === true)
    return accept({ namespace: first.value, name: second.value });
  return refuse(`${quote(text)} does not name an object`, 'Write "name" or "namespace/name".');
};

/**
 * The name, where it is of the namespace of the object that names it. ingress-nginx can be told to take those of others
 * (`allow-cross-namespace-resources`), by which one tenant could use what another keeps secret: that is a fault here.
 * @param at The annotation, by its name within the feature.
 */
export function toOwnName(
  { namespace, name }: NamedObject,
  kind: 'ConfigMap' | 'Secret',
  at: string,
  context: FeatureContext,
): string | undefined {
  if (namespace === undefined || namespace === context.namespace) return name;
  context.fault(
    at,
    `${kind} ${namespace}/${name} is of another namespace`,
    `Name a ${kind} of namespace ${context.namespace}.`,
  );
  return undefined;
}
