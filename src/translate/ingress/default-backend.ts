import type { Ingress, IngressBackend } from '../../model/objects.ts';
import { annotationField, type Report } from '../../model/problem.ts';
import { isProtective } from '../../annotations/directives.ts';
import { defaultBackendKey } from '../../annotations/nginx/custom-errors.ts';
import type { Reading } from '../../annotations/read.ts';
import type { HttpBackend } from '../../routes/backend.ts';
import type { Filter } from '../../routes/intent.ts';
import { toUses, type AnnotationUse } from '../../routes/why.ts';
import type { HttpMiddleware } from '../../traefik/http-middleware.ts';
import { readServiceAnnotations, toElementName, type Translating } from '../context.ts';
import { toMovedBackend, type MovedBy } from '../moves/http-moves.ts';

/** What answers in place of the Services of an Ingress. */
export interface DefaultBackend {
  /** Absent: nothing can. */
  readonly backend?: HttpBackend;
  readonly uses: readonly AnnotationUse[];
}

/** The Service that `default-backend` of an Ingress names; undefined when it names none. */
export function findDefaultBackend(
  context: Translating,
  { meta: { ref } }: Ingress,
  reading: Reading,
  routedBy: Omit<MovedBy, 'reading' | 'ref'>,
  report: Report,
): DefaultBackend | undefined {
  const { defaultBackend: name, errorPages } = reading.directives;
  if (name === undefined) return undefined;
  const uses = toUses(ref, ['defaultBackend', ...(errorPages ? ['errorPages'] : [])]);
  const refuse = (why: string, hint: string): DefaultBackend => {
    const message = `${why}; nothing answers in place of others`;
    report('annotation-invalid', { field: annotationField(defaultBackendKey), message, hint });
    return { uses };
  };
  const service = context.view.service(ref.source, ref.namespace, name);
  const port = service?.ports.find(({ protocol }) => protocol === 'TCP');
  if (service === undefined)
    return refuse(
      `there is no Service ${name} in namespace ${ref.namespace}`,
      'Create it, or correct the name.',
    );
  if (port === undefined) return refuse(`Service ${name} has no TCP port`, 'Give it one.');
  const { withhold, middlewares = [] } = readServiceAnnotations(context, service.meta).directives;
  const moved = toMovedBackend(context, service, port, { ...routedBy, ref, reading });
  const isLimited = middlewares.some(isProtective) || moved.limits.length > 0;
  if (withhold === true || isLimited) {
    return refuse(
      `Service ${name} limits access, and the limit would not apply here`,
      'Name a Service without access limits.',
    );
  }
  return { backend: moved.backend, uses: [...uses, ...moved.uses] };
}

/** Has answers with some statuses replaced by a page of the default backend. */
export function toErrorFilter(
  context: Translating,
  { meta: { ref } }: Ingress,
  { directives: { errorPages } }: Reading,
  { backend }: DefaultBackend,
  to: IngressBackend,
): Filter<HttpMiddleware> | undefined {
  const [use] = toUses(ref, ['errorPages']);
  if (errorPages === undefined || use === undefined || backend === undefined || backend.kind === 'status')
    return undefined;
  const [service, port] = to.kind === 'service' ? [to.name, String(to.port)] : ['', ''];
  const where = new URLSearchParams({ namespace: ref.namespace, ingress: ref.name, service, port });
  return {
    key: toElementName(context, ref, 'ingress', 'error-pages', service, port),
    stage: 'errors',
    value: {
      errors: {
        status: errorPages,
        service: backend.key,
        query: `/?code={originalStatus}&uri={url}&${where.toString()}`,
      },
    },
    use,
    backend,
  };
}
