import { quote } from '../../annotations/parsers.ts';
import { toTargetText, type ServiceTarget } from '../../annotations/service-target.ts';
import type { Service } from '../../model/objects.ts';
import { annotationField } from '../../model/problem.ts';
import type { Finding } from '../backend/finding.ts';
import { readServiceAnnotations, type Translating } from '../context.ts';
import { isGranted } from './grants.ts';

/** What names another Service. */
export type MoveKey = 'failover-to' | 'migrate-to' | 'mirror-to';

/** The Service that is named; undefined when traffic may not go there. */
export interface FoundTarget {
  readonly service: Service | undefined;
  readonly findings: readonly Finding[];
}

/** Looks up the Service that an annotation names, within the same namespace or where that Service has agreed. */
export function findTarget(
  context: Translating,
  { meta: { ref } }: Service,
  to: ServiceTarget,
  key: MoveKey,
): FoundTarget {
  const { source = ref.source, namespace = ref.namespace, name } = to;
  const isOwn = source === ref.source && namespace === ref.namespace;
  const service = context.view.service(source, namespace, name);
  const field = annotationField(`fairlead.dev/${key}`);
  const stays = 'the traffic stays where it is';
  // The same words for what is not there: nobody learns what other namespaces have.
  if (!isOwn && (service === undefined || !isGranted(context, service, ref))) {
    const grantee = source === ref.source ? ref.namespace : `${ref.source}/${ref.namespace}`;
    const message = `Service ${toTargetText(to)} does not exist, or does not agree to traffic from namespace ${grantee}; ${stays}`;
    const hint = `Annotate that Service with fairlead.dev/grant-to: ${quote(grantee)}${source === ref.source ? ', or make a ReferenceGrant from Service to Service in its namespace' : ''}.`;
    return { service: undefined, findings: [{ code: 'move-refused', field, message, hint }] };
  }
  if (service === undefined || (isOwn && name === ref.name)) {
    const message =
      service === undefined
        ? `there is no Service ${name} in namespace ${namespace}; ${stays}`
        : `it names the Service itself; ${stays}`;
    const hint = service === undefined ? 'Create the Service, or correct the name.' : 'Name another Service.';
    return { service: undefined, findings: [{ code: 'move-target-missing', field, message, hint }] };
  }
  return { service, findings: isChained(context, service) ? [toChained(to, field)] : [] };
}

function isChained(context: Translating, { meta }: Service): boolean {
  const { migrate, failover, mirror } = readServiceAnnotations(context, meta).directives;
  return (migrate ?? failover ?? mirror) !== undefined;
}

function toChained(to: ServiceTarget, field: string): Finding {
  return {
    code: 'move-chained',
    field,
    message: `Service ${toTargetText(to)} sends its own traffic on to another one, which is not followed: what goes there goes to its own endpoints`,
    hint: 'Name the Service that the traffic is to reach in the end.',
  };
}
