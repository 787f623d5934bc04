import { matchesGlob } from '../../lib/glob.ts';
import type { ObjectRef } from '../../model/object-ref.ts';
import type { Service } from '../../model/objects.ts';
import type { BackendMode, BackendRule, Settings } from '../../settings/settings.ts';

/**
 * Where the traffic of a Service goes when no annotation says it: as the first rule says that fits, else its source, else all. One that
 * has no cluster IP goes by its endpoints: what the operators of the edge decide for all must not cut it off.
 * @param ingressClass That of the Ingress that leads to it; undefined when it is reached otherwise.
 */
export function toDefaultMode(
  { services, sources }: Pick<Settings, 'services' | 'sources'>,
  { meta: { ref }, clusterIP }: Service,
  ingressClass?: string,
): BackendMode {
  if (clusterIP === undefined) return 'endpoints';
  const rule = services.backendRules.find((each) => fits(each, ref, ingressClass));
  const source = sources.find(({ name }) => name === ref.source);
  return rule?.backends ?? source?.backends ?? services.backends;
}

function fits(
  { namespaces, ingressClasses }: BackendRule,
  { namespace }: ObjectRef,
  ingressClass: string | undefined,
): boolean {
  const ofClass =
    ingressClasses.length === 0 || (ingressClass !== undefined && ingressClasses.includes(ingressClass));
  return ofClass && (namespaces.length === 0 || namespaces.some((each) => matchesGlob(each, namespace)));
}
