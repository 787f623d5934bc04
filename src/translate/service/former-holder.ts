import { serviceName } from '../../annotations/own/pool-ports.ts';
import type { ServiceName } from '../../annotations/directives.ts';
import type { ObjectRef } from '../../model/object-ref.ts';
import type { Holder } from '../../model/ports.ts';
import { annotationField } from '../../model/problem.ts';
import type { Translating } from '../context.ts';
import type { AskingService } from './service-http.ts';

const consentKey = 'fairlead.dev/ports-to';

/**
 * The Service whose pool ports this one takes over, when both agree: the other one names it in turn. One of the same namespace
 * that is gone cannot, and need not: whoever writes to the namespace could have kept its ports by keeping its name.
 */
export function findFormerHolder(
  context: Translating,
  { service, reading: { directives }, report }: Pick<AskingService, 'reading' | 'report' | 'service'>,
): Holder | undefined {
  const { ref } = service.meta;
  if (directives.portsFrom === undefined) return undefined;
  const { name, namespace } = resolve(directives.portsFrom, ref);
  const former = { source: ref.source, kind: 'Service', namespace, name } as const;
  const other = context.view.service(ref.source, namespace, name);
  const consent = other?.meta.annotations[consentKey];
  if (other === undefined ? namespace === ref.namespace : names(consent, former, ref)) return former;
  report('port-transfer-refused', {
    field: annotationField('fairlead.dev/ports-from'),
    message: `The Service ${namespace}/${name} ${other === undefined ? 'does not exist, so it cannot agree to it' : 'does not agree to it'}: its pool ports are not taken over.`,
    hint: `Annotate that Service with ${consentKey}: "${ref.namespace}/${ref.name}"; or have an operator run fairlead ports transfer.`,
  });
  return undefined;
}

function names(consent: string | undefined, former: ObjectRef, ref: ObjectRef): boolean {
  const parsed = consent === undefined ? undefined : serviceName(consent);
  if (parsed?.ok !== true) return false;
  const { namespace, name } = resolve(parsed.value, former);
  return namespace === ref.namespace && name === ref.name;
}

function resolve({ namespace, name }: ServiceName, { namespace: own }: ObjectRef): Required<ServiceName> {
  return { namespace: namespace ?? own, name };
}
