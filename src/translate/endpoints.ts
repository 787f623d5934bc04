import { toObjectKey } from '../model/object-ref.ts';
import type { EndpointSlice, Endpoints } from '../model/objects.ts';
import { toEmptyTranslation, type Translation } from '../routes/intent.ts';
import { readEndpointAnnotations, type Translating } from './context.ts';

/** Endpoints as what their own annotations ask for: no routes, but who leads traffic to them has to carry it. */
export function translateEndpoints(context: Translating, { meta }: EndpointSlice | Endpoints): Translation {
  const { asked, problems } = readEndpointAnnotations(context, meta);
  return { ...toEmptyTranslation(toObjectKey(meta.ref)), asked, problems };
}
