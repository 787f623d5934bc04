import type { Ingress, IngressBackend } from '../../model/objects.ts';
import { variable, type locationVariables } from '../../annotations/nginx/upstream-host.ts';
import type { Reading } from '../../annotations/read.ts';
import type { Filter } from '../../routes/intent.ts';
import { toUses } from '../../routes/why.ts';
import type { HttpMiddleware } from '../../traefik/http-middleware.ts';
import { toElementName, type TranslateContext } from '../context.ts';

/** Tells backends another host than that of the request; undefined where the Ingress does not ask for it. */
export function toHostFilter(
  context: TranslateContext,
  { meta: { ref } }: Ingress,
  { directives: { upstreamHost } }: Reading,
  to: IngressBackend,
): Filter<HttpMiddleware> | undefined {
  const [use] = toUses(ref, ['upstreamHost']);
  if (upstreamHost === undefined || use === undefined) return undefined;
  const [service, port] = to.kind === 'service' ? [to.name, String(to.port)] : ['', ''];
  const values: Readonly<Record<(typeof locationVariables)[number], string>> = {
    namespace: ref.namespace,
    ingress_name: ref.name,
    service_name: service,
    service_port: port,
  };
  const known = new Map<string, string>(Object.entries(values));
  const host = upstreamHost.replaceAll(
    variable,
    (_, braced?: string, plain?: string) => known.get(braced ?? plain ?? '') ?? '',
  );
  const own = upstreamHost.includes('$') ? [service, port] : [];
  return {
    key: toElementName(context, ref, 'ingress', 'upstream-host', ...own),
    stage: 'headers',
    value: { headers: { customRequestHeaders: { Host: host } } },
    use,
  };
}
